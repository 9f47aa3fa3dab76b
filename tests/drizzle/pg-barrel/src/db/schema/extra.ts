import { pgTable, serial } from 'drizzle-orm/pg-core';

export const extraTable = pgTable('inside_a_namespace', { id: serial('id').primaryKey() });
