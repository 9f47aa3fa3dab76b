import { gt, isNotNull, or, sql } from 'drizzle-orm';
import { check, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

const kinds = ['a', 'b'] as const;

export const rows = sqliteTable('rows', {
  id: integer('id').primaryKey(),
  kind: text('kind', { enum: kinds }).notNull(),
  low: integer('low'),
  high: integer('high'),
}, (t) => [
  check('kind_known', sql`${t.kind} in (${sql.join(kinds.map((kind) => sql.raw(`'${kind}'`)), sql.raw(', '))})`),
  check('ordered', gt(t.high, t.low)),
  check('one given', or(isNotNull(t.low), isNotNull(t.high))!),
  check('plain', sql`length(kind) < 10`),
]);
