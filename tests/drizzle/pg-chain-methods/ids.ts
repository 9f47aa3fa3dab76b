let counter = 0;

export function createId(): string {
  counter += 1;
  return `${Date.now().toString(36)}${counter}`;
}
