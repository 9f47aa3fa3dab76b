import { pgTable, serial } from 'drizzle-orm/pg-core';

export const zebras = pgTable('zebras', { id: serial('id').primaryKey() });
