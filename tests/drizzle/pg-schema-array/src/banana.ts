import { pgTable, serial } from 'drizzle-orm/pg-core';

export const bananas = pgTable('bananas', { id: serial('id').primaryKey() });
