import { pgTable, serial } from 'drizzle-orm/pg-core';

export const capitalFile = pgTable('capital_file', { id: serial('id').primaryKey() });
