import { pgTable, serial } from 'drizzle-orm/pg-core';

export const ten = pgTable('ten', { id: serial('id').primaryKey() });
