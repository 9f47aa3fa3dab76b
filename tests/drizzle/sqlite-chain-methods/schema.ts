import { sql } from 'drizzle-orm';
import { type AnySQLiteColumn, int, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const users = sqliteTable('users', {
  id: text('id').primaryKey().$defaultFn(() => crypto.randomUUID()),
  email: text('email').notNull().unique(),
  login: text('login').unique('users_login_key'),
  unnamedUnique: text().unique(),
  managerId: text('manager_id').references((): AnySQLiteColumn => users.id, { onDelete: 'set null' }),
  createdAt: integer('created_at', { mode: 'timestamp' }).notNull().default(sql`(unixepoch())`),
  createdMs: integer('created_ms', { mode: 'timestamp_ms' }).defaultNow(),
  updatedAt: integer('updated_at', { mode: 'timestamp' }).$onUpdate(() => new Date()),
  touchedAt: integer('touched_at').$onUpdateFn(() => 1).$default(() => 2),
});

export const counters = sqliteTable('counters', {
  id: integer('id').primaryKey(),
  userId: text('user_id').notNull().references(() => users.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
});
export const autos = sqliteTable('autos', { id: int('id').primaryKey({ autoIncrement: true, onConflict: 'replace' }) });
export const plainText = sqliteTable('plain_text', { key: text('key').primaryKey(), value: text('value').notNull() });
