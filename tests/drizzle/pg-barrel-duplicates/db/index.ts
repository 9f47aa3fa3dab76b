export * from './tables';
export { people as persons } from './tables';
export { mood as feeling } from './tables';
