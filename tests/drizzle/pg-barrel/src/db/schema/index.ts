export { zones as areas, type Zone } from './zones';
export * from './users';
export * from './posts';
export * as extra from './extra';
export { default as settings } from './settings';
export type { Post } from './posts';
export * from './nested';

import { pgTable, serial } from 'drizzle-orm/pg-core';

export const own = pgTable('own', { id: serial('id').primaryKey() });
export const alpha = pgTable('alpha', { id: serial('id').primaryKey() });
