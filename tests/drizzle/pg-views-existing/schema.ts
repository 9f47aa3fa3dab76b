import { integer, pgSchema, pgTable, pgView, serial, text, timestamp, varchar } from 'drizzle-orm/pg-core';

export const tables = pgTable('accounts', { id: serial('id').primaryKey() });

export const legacy = pgView('legacy_accounts', {
  id: integer('id').notNull(),
  name: varchar('name', { length: 50 }).default('x'),
  createdAt: timestamp('created_at', { withTimezone: true }).defaultNow(),
}).existing();

export const secured = pgView('secured', { id: integer('id') }).with({ securityBarrier: true }).existing();

const auth = pgSchema('auth');
export const identities = auth.view('identities', { id: text('id').primaryKey(), serial: serial('serial') }).existing();
