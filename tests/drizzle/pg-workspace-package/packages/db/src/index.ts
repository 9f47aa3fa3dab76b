export * from './tables/users';
export { timestamps } from './columns';
