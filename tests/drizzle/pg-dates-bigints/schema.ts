import { sql } from 'drizzle-orm';
import { bigint, integer, pgSequence, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';

const DAY = 24 * 60 * 60 * 1000;
const START = Date.UTC(2020, 1, 29);
const big = BigInt('9007199254740993');

export const numbers = pgSequence('numbers', { startWith: 5, maxValue: 9007199254740993n.toString(), minValue: String(big - 9007199254740990n) });

export const rows = pgTable('rows', {
  id: serial('id').primaryKey(),
  identity: bigint('identity', { mode: 'bigint' }).generatedAlwaysAsIdentity({ maxValue: `${BigInt(10) ** 3n}` }),
  asText: text('as_text').default(big.toString()),
  asSql: bigint('as_sql', { mode: 'bigint' }).default(sql.raw(`${big}`)),
  asNumber: bigint('as_number', { mode: 'number' }).default(Number(12n)),
  start: timestamp('start').default(new Date(START)),
  next: timestamp('next').default(new Date(START + DAY)),
  leap: timestamp('leap').default(new Date('2020-02-29')),
  noZone: timestamp('no_zone').default(new Date(Date.UTC(2020, 0))),
  rolled: timestamp('rolled').default(new Date(Date.UTC(2021, 12, 32, 25))),
  negative: timestamp('negative').default(new Date(-1)),
  early: timestamp('early', { withTimezone: true }).default(new Date('0099-01-01T00:00:00Z')),
  copied: timestamp('copied').default(new Date(new Date(START))),
  parsed: timestamp('parsed').default(new Date(Date.parse('2022-03-04T05:06:07.089Z'))),
  millis: bigint('millis', { mode: 'number' }).default(START),
  year: integer('year').default(new Date(START).getUTCFullYear()),
  json: text('json').default(JSON.stringify({ at: new Date(START) })),
});
