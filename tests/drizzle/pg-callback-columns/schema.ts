import { sql } from 'drizzle-orm';
import { index, pgEnum, pgSchema, pgTable, uniqueIndex } from 'drizzle-orm/pg-core';

export const level = pgEnum('level', ['info', 'error']);

export const logs = pgTable('logs', (t) => ({
  id: t.uuid().primaryKey().defaultRandom(),
  level: level().notNull(),
  message: t.text('message').notNull(),
  size: t.numeric({ precision: 6, scale: 2 }).default('0'),
  ratio: t.doublePrecision(),
  tags: t.text().array(),
  at: t.timestamp('at', { withTimezone: true }).defaultNow(),
}), (t) => [index('logs_level_idx').on(t.level)]);

export const counters = pgTable('counters', ({ integer, varchar, bigserial }) => ({
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  name: varchar('name', { length: 20 }).notNull(),
  value: integer().default(0),
}), ({ name, value }) => [uniqueIndex('counters_name').on(name).where(sql`${value} > 0`)]);

export const blocks = pgTable('blocks', (t) => {
  const shared = { createdAt: t.timestamp('created_at').defaultNow(), createdBy: t.text('created_by') };
  const amount = (name: string) => t.integer(name).notNull().default(0);

  return {
    id: t.serial('id').primaryKey(),
    debit: amount('debit'),
    credit: amount('credit'),
    ...shared,
  };
});

const archive = pgSchema('archive');
export const archivedLogs = archive.table('logs', function (t) {
  return { id: t.uuid().primaryKey(), level: level('level') };
});
