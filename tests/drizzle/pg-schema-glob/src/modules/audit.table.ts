import { pgTable, serial } from 'drizzle-orm/pg-core';

export const audit = pgTable('audit', { id: serial('id').primaryKey() });
