import { pgTable, serial } from 'drizzle-orm/pg-core';

export const teams = pgTable('teams', { id: serial('id').primaryKey() });
