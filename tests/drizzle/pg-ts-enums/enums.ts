export enum Direction {
  Up = 'UP',
  Down = 'DOWN',
}

const base = 100;

export enum Weight {
  Light = base,
  Heavy = Light * 2,
}
