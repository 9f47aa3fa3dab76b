import { boolean, jsonb, pgEnum, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';

enum Color {
  Red = 'red',
  Green = 'green',
}
const Sizes = { small: 'S', large: 'L' } as const;
const flags = { isActive: true, isPublic: false } as const;
const frozen = Object.freeze({ currency: 'EUR', list: ['x', 'y'] as [string, ...string[]] });

export const color = pgEnum('color', Object.values(Color) as [string, ...string[]]);
export const size = pgEnum('size', Object.values(Sizes) as [string, ...string[]]);
export const sizeKey = pgEnum('size_key', Object.keys(Sizes) as [string, ...string[]]);
export const pairs = pgEnum('pairs', Object.entries(Sizes).map(([key, value]) => `${key}:${value}`) as [string, ...string[]]);
export const letters = pgEnum('letters', frozen.list);

const flagColumns = Object.fromEntries(Object.entries(flags).map(([key, value]) => [key, boolean(key).notNull().default(value)]));
const dates = Object.fromEntries(['created', 'updated'].map((word) => [`${word}At`, timestamp(`${word}_at`)]));
const merged = Object.assign({}, { a: 1, b: 2 }, { b: 3 });

export const shirts = pgTable('shirts', {
  id: serial('id').primaryKey(),
  color: color('color').default(Color.Red),
  size: size('size').default(Sizes['large']),
  key: sizeKey('key'),
  currency: text('currency').default(frozen.currency),
  merged: jsonb('merged').default(merged),
  keys: text('keys').array().default(Object.keys(flags)),
  numbered: jsonb('numbered').default(Object.entries({ 10: 'ten', 2: 'two', x: 'y' })),
  ...flagColumns,
  ...dates,
});
