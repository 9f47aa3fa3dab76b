import { pgTable, serial } from 'drizzle-orm/pg-core';

export const zulu = pgTable('zulu', { id: serial('id').primaryKey() });
export const deep = pgTable('deep', { id: serial('id').primaryKey() });
