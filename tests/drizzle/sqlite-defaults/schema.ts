import { sql } from 'drizzle-orm';
import { blob, integer, numeric, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

enum Plan {
  Free = 'free',
  Pro = 'pro',
}
const NOW = sql`CURRENT_TIMESTAMP`;

export const samples = sqliteTable('samples', {
  id: integer('id').primaryKey(),
  empty: text('empty').default(''),
  quoted: text('quoted').default("O'Neil"),
  doubleQuoted: text('double_quoted').default('say "hi"'),
  newline: text('newline').default('a\nb'),
  plan: text('plan').default(Plan.Free),
  zero: integer('zero').default(0),
  negative: integer('negative').default(-5),
  float: real('float').default(1.25),
  tiny: real('tiny').default(1e-9),
  yes: integer('yes', { mode: 'boolean' }).default(true),
  no: integer('no', { mode: 'boolean' }).notNull().default(false),
  absent: text('absent').default(undefined as any),
  numeric: numeric('numeric').default('1.50'),
  numericNumber: numeric('numeric_number', { mode: 'number' }).default(2.5),
  object: text('object', { mode: 'json' }).default({ a: 1, b: [true, null], c: 'text' }),
  array: text('array', { mode: 'json' }).default([]),
  strings: text('strings', { mode: 'json' }).$type<string[]>().default(['x', 'y']),
  blobJson: blob('blob_json', { mode: 'json' }).default({ a: 'b' }),
  now: text('now').default(NOW),
  unix: integer('unix').notNull().default(sql`(strftime('%s', 'now'))`),
  random: text('random').default(sql`(lower(hex(randomblob(16))))`),
  expression: integer('expression').default(sql`(1 + 1)`),
  raw: text('raw').default(sql.raw(`'${Plan.Pro}'`)),
  computed: text('computed').default(['a', 'b'].join('-')),
});
