import { blob, customType, int, integer, numeric, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

const STATES = ['new', 'done'] as const;

export const items = sqliteTable('items', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  unnamed: integer(),
  alias: int('alias'),
  aliasUnnamed: int(),
  count: integer('count', { mode: 'number' }).notNull(),
  isDone: integer('is_done', { mode: 'boolean' }).notNull().default(false),
  createdAt: integer('created_at', { mode: 'timestamp' }).notNull(),
  updatedAt: integer('updated_at', { mode: 'timestamp_ms' }),
  unnamedFlag: integer({ mode: 'boolean' }),
  name: text('name').notNull(),
  nameUnnamed: text(),
  code: text('code', { length: 10 }),
  state: text('state', { enum: STATES }).default('new'),
  limited: text({ length: 20, enum: ['a', 'b'] }),
  data: text('data', { mode: 'json' }).$type<{ a: number }>(),
  plain: text('plain', { mode: 'text' }),
  ratio: real('ratio'),
  amount: numeric('amount'),
  amountNumber: numeric('amount_number', { mode: 'number' }),
  amountBig: numeric('amount_big', { mode: 'bigint' }),
  bytes: blob('bytes'),
  buffer: blob('buffer', { mode: 'buffer' }),
  big: blob('big', { mode: 'bigint' }),
  json: blob({ mode: 'json' }).$type<string[]>(),
});

const datetime = customType<{ data: Date; driverData: string }>({ dataType: () => 'datetime' });
const decimal = customType<{ data: number; config: { precision: number; scale?: number } }>({
  dataType(config) {
    if (config === undefined) return 'decimal';
    return `decimal(${config.precision}, ${config.scale ?? 0})`;
  },
});

export const customs = sqliteTable('customs', {
  id: int().primaryKey(),
  at: datetime('at').notNull(),
  atUnnamed: datetime(),
  price: decimal('price', { precision: 10, scale: 2 }),
  whole: decimal('whole', { precision: 5 }),
  any: decimal('any').default(1),
});
