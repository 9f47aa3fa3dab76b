import { sql, eq, gt } from 'drizzle-orm';
import { sqliteTable, sqliteView, integer, text, real, blob, numeric, index, uniqueIndex, unique, primaryKey, foreignKey, check } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', {
  id: integer().primaryKey({ autoIncrement: true }),
  email: text().notNull().unique(),
  name: text('full_name').default("it's"),
  age: integer().default(5),
  ok: integer({ mode: 'boolean' }).default(true),
  at: integer({ mode: 'timestamp' }).default(sql`(unixepoch())`),
  r: real().default(1.5),
  b: blob(),
  n: numeric(),
  meta: text({ mode: 'json' }).default({ a: 1, b: "o'c" }),
  up: text().generatedAlwaysAs(sql`upper(full_name)`),
  st: text().generatedAlwaysAs(sql`lower(full_name)`, { mode: 'stored' }),
}, (t) => [
  index('users_name').on(t.name, sql`${t.age} desc`),
  uniqueIndex('users_lower_email').on(sql`lower(${t.email})`).where(gt(t.age, 3)),
  unique().on(t.name, t.age),
  unique('two').on(t.age, t.ok),
  check('age_positive', sql`${t.age} > 0`),
]);
export const members = sqliteTable('members', {
  a: integer().notNull().references(() => users.id, { onDelete: 'cascade' }),
  b: integer().notNull(),
  parent: integer(),
}, (t) => [
  primaryKey({ columns: [t.a, t.b] }),
  foreignKey({ columns: [t.parent, t.b], foreignColumns: [t.a, t.b], name: 'parent_fk' }).onUpdate('set null'),
]);
export const one = sqliteTable('one', { a: integer().notNull(), b: text() }, (t) => [primaryKey({ columns: [t.a], name: 'one_key' }), index('one_b').on(t.b)]);
export const slug = sqliteTable('slug', { k: text().primaryKey() });
export const adults = sqliteView('adults').as((qb) => qb.select().from(users).where(gt(users.age, 18)));
export const raw = sqliteView('raw', { x: integer('x') }).as(sql`select 1 as x`);
export const theirs = sqliteView('theirs', { x: integer('x') }).existing();
