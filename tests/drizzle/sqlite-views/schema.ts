import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { integer, sqliteTable, sqliteView, text } from 'drizzle-orm/sqlite-core';

export const users = sqliteTable('users', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull().default('x'),
  age: integer('age'),
  isActive: integer('is_active', { mode: 'boolean' }).default(true),
});

export const bySql = sqliteView('users_by_sql', { id: integer('id'), name: text('name').notNull() }).as(sql`select id, name from users`);
export const interpolated = sqliteView('users_interpolated', { id: integer('id') }).as(sql`select ${users.id} from ${users} where ${users.age} > 17`);
export const all = sqliteView('all_users').as((qb) => qb.select().from(users));
export const adults = sqliteView('adults').as((qb) => qb.select().from(users).where(gt(users.age, 17)));
export const active = sqliteView('active_users').as((qb) =>
  qb.select({ id: users.id, label: users.name }).from(users).where(and(eq(users.isActive, true), eq(users.name, "O'Neil"))).orderBy(desc(users.id)),
);
export const aliased = sqliteView('aliased').as((qb) => qb.select({ id: users.id, upper: sql<string>`upper(${users.name})`.as('upper') }).from(users));
export const existing = sqliteView('existing_view', { id: integer('id'), flag: integer('flag', { mode: 'boolean' }).default(false) }).existing();
