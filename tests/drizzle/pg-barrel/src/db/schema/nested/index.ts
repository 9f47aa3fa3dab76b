export * from './deep';
export * from '../users';
