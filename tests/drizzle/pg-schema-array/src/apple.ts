import { pgTable, serial } from 'drizzle-orm/pg-core';

export const apples = pgTable('apples', { id: serial('id').primaryKey() });
