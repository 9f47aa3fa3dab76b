import { pgTable, serial } from 'drizzle-orm/pg-core';

export const zones = pgTable('zones', { id: serial('id').primaryKey() });
export const notExported = pgTable('not_reexported', { id: serial('id').primaryKey() });
export type Zone = typeof zones.$inferSelect;
