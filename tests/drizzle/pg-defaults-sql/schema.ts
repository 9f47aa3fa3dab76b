import { sql } from 'drizzle-orm';
import { bigint, integer, jsonb, pgEnum, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const prefix = 'inv';
const NOW = sql`now()`;
export const level = pgEnum('level', ['low', 'high']);

export const invoices = pgTable('invoices', {
  id: uuid('id').primaryKey().default(sql`gen_random_uuid()`),
  number: bigint('number', { mode: 'number' }).notNull().default(sql`nextval('invoice_number')`),
  createdAt: timestamp('created_at').notNull().default(NOW),
  current: timestamp('current').default(sql`CURRENT_TIMESTAMP`),
  cast: text('cast').default(sql`'x'::text`),
  level: level('level').default(sql`'low'::level`),
  tags: text('tags').array().default(sql`'{}'::text[]`),
  array: text('array').array().default(sql`ARRAY[]::text[]`),
  data: jsonb('data').default(sql`'{}'::jsonb`),
  computed: integer('computed').default(sql`1 + 1`),
  multiLine: text('multi_line').default(sql`
    concat(
      'a',
      'b'
    )
  `),
  raw: text('raw').default(sql.raw(`'${prefix}-' || now()::text`)),
  interpolated: text('interpolated').default(sql`${sql.raw(`'${prefix}'`)}`),
  nested: timestamp('nested').default(sql`${NOW} + interval '1 day'`),
  generic: text('generic').default(sql<string>`'typed'`),
  nullable: text('nullable').default(sql`NULL`),
  fromFunction: timestamp('from_function').default(inDays(30)),
  backslash: text('backslash').default(sql`E'a\\nb'`),
});

function inDays(days: number) {
  return sql.raw(`now() + interval '${days} days'`);
}
