import { pgTable, serial } from 'drizzle-orm/pg-core';

export const nine = pgTable('nine', { id: serial('id').primaryKey() });
