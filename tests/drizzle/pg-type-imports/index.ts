// A folder's index that also passes types on.
export type * from './types';
export type * as types from './types';
export * from './tiers';
