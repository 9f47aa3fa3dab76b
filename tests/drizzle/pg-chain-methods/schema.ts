import { sql } from 'drizzle-orm';
import { type AnyPgColumn, boolean, integer, jsonb, pgTable, serial, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';
import { createId } from './ids';

type Preferences = { theme: 'light' | 'dark'; tags?: string[] };

export const accounts = pgTable('accounts', {
  id: text('id').primaryKey().$defaultFn(() => createId()),
  key: text('key').$default(() => 'k').notNull(),
  email: varchar('email', { length: 255 }).notNull().unique(),
  login: text('login').unique('accounts_login_key'),
  taxNumber: text('tax_number').unique('accounts_tax_key', { nulls: 'not distinct' }),
  badge: text('badge').unique(undefined, { nulls: 'distinct' }),
  preferences: jsonb('preferences').$type<Preferences>().default({ theme: 'light' }).notNull(),
  parentId: text('parent_id').references((): AnyPgColumn => accounts.id, { onDelete: 'set null' }),
  updatedAt: timestamp('updated_at').$onUpdate(() => new Date()),
  touchedAt: timestamp('touched_at').notNull().defaultNow().$onUpdateFn(() => new Date()),
  length: integer('length').generatedAlwaysAs(sql`length('x')`),
  number: integer('number').generatedByDefaultAsIdentity(),
  isActive: boolean('is_active').notNull().default(true),
});

export const sessions = pgTable('sessions', {
  id: uuid().defaultRandom().primaryKey(),
  accountId: text('account_id')
    .notNull()
    .references(() => accounts.id, { onDelete: 'cascade', onUpdate: 'restrict' }),
  actingId: text('acting_id').references(() => accounts.id, { onDelete: 'set default' }).references(() => accounts.key),
  serial: serial('serial').notNull(),
  data: text('data').array().$type<string[]>(),
});
