export * from './columns';
export { MAX } from './constants';
