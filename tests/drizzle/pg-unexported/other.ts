import { pgTable, serial } from 'drizzle-orm/pg-core';

export const imported = pgTable('imported', { id: serial('id').primaryKey() });
