export * from './teams';
export * from './players';
export { matches } from './matches';
