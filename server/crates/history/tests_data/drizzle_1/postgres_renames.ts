import { sql, eq, gt } from 'drizzle-orm';
import { pgTable, pgEnum, pgSchema, pgView, pgMaterializedView, pgPolicy, pgRole, pgSequence, integer, serial, bigserial, bigint, text, varchar, char, numeric, timestamp, date, time, interval, boolean, uuid, json, jsonb, smallint, real, doublePrecision, index, uniqueIndex, unique, primaryKey, foreignKey, check, vector, inet, bit, point, geometry } from 'drizzle-orm/pg-core';
export const mood = pgEnum('mood', ['sad', 'meh', 'ok', 'happy']);
export const app = pgSchema('app');
export const level = app.enum('rank', ['low', 'top']);
export const seq = app.sequence('counter', { startWith: 10, increment: 3 });
export const admin = pgRole('admin', { createDb: true });
export const users = pgTable('people', {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  email: varchar({ length: 255 }).notNull().unique(),
  name: text('label').default("it's"),
  mood: mood().default('ok').notNull(),
  moods: mood().array().default(['sad']),
  grid: integer().array('[][]'),
  tags: text().array().default(['a', 'b"c', "d'e"]).notNull(),
  meta: jsonb().default({ a: 1, b: "o'c" }),
  at: timestamp({ precision: 3, withTimezone: true }).defaultNow().notNull(),
  day: date().default('2020-01-01'),
  n: numeric({ precision: 10, scale: 2 }).default('1.50'),
  age: bigint({mode:'number'}).default(7).notNull(),
  added: text().unique().references(() => named.b),
  ok: boolean().default(true),
  up: text().generatedAlwaysAs(sql`upper(label)`),
  v: vector({ dimensions: 3 }),
  token: uuid().defaultRandom(),
  iv: interval({ fields: 'day to hour' }),
}, (t) => [
  index().on(t.name, t.age.desc()),
  uniqueIndex('users_lower_email').on(sql`lower(${t.email})`).where(gt(t.age, 3)),
  index('users_v').using('hnsw', t.v.op('vector_cosine_ops')).with({ m: 16, ef_construction: 64 }),
  index('users_nulls').on(t.age.asc().nullsFirst(), t.ok.desc().nullsLast()).concurrently(),
  index('users_op').on(t.name.op('text_pattern_ops')),
  unique().on(t.name, t.age).nullsNotDistinct(),
  check('age_positive', sql`${t.age} >= 0`),
  pgPolicy('own', { as: 'permissive', for: 'update', to: [admin, 'public'], using: sql`true` }),
]);
export const members = app.table('members', {
  a: integer().notNull().references(() => users.id, { onDelete: 'cascade' }),
  b: integer().notNull(),
  level: level().default('low'),
  parent: integer(),
}, (t) => [
  primaryKey({ columns: [t.a, t.b] }),
  foreignKey({ columns: [t.parent, t.b], foreignColumns: [t.a, t.b], name: 'parent_fk' }).onUpdate('set null'),
]);
export const named = pgTable('named', {
  a: integer().notNull(), b: text().unique('b_unique'), c: serial(), d: bigserial({ mode: 'bigint' }),
}, (t) => [primaryKey({ columns: [t.a], name: 'named_key' })]).enableRLS();
export const adults = pgView('adults').with({ securityInvoker: true }).as((qb) => qb.select().from(users).where(gt(users.age, 18)));
export const stats = pgMaterializedView('stats').with({ fillfactor: 80 }).withNoData().as((qb) => qb.select({ id: users.id, email: users.email }).from(users));
export const raw2 = pgView('raw2', { x: integer('x') }).as(sql`select 1 as x`);
export const theirs = pgView('theirs', { x: integer('x') }).existing();
