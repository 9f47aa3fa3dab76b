import {
  bigint, bigserial, boolean, decimal, doublePrecision, integer, numeric, pgTable, real, serial, smallint, smallserial,
} from 'drizzle-orm/pg-core';

export const measurements = pgTable('measurements', {
  id: serial('id').primaryKey(),
  small: smallint('small').notNull(),
  plain: integer('plain'),
  unnamed: integer(),
  big: bigint('big', { mode: 'number' }),
  bigger: bigint('bigger', { mode: 'bigint' }).notNull(),
  bigUnnamed: bigint({ mode: 'number' }),
  smallNumber: smallserial('small_number'),
  bigNumber: bigserial('big_number', { mode: 'number' }),
  isValid: boolean('is_valid').notNull().default(false),
  isChecked: boolean(),
  ratio: real('ratio'),
  exact: doublePrecision('exact'),
});

export const prices = pgTable('prices', {
  id: serial().primaryKey(),
  any: numeric('any'),
  bare: numeric(),
  byPrecision: numeric('by_precision', { precision: 10 }),
  byBoth: numeric('by_both', { precision: 10, scale: 2 }),
  scaleZero: numeric('scale_zero', { precision: 12, scale: 0 }),
  scaleOnly: numeric('scale_only', { scale: 2 }),
  unnamedBoth: numeric({ precision: 5, scale: 3 }),
  asNumber: numeric('as_number', { mode: 'number', precision: 8, scale: 4 }),
  asBigint: numeric('as_bigint', { mode: 'bigint', precision: 30 }),
  asString: numeric('as_string', { mode: 'string' }),
  alias: decimal('alias', { precision: 6, scale: 1 }),
  aliasBare: decimal(),
});
