import { date, pgTable, serial, time, timestamp } from 'drizzle-orm/pg-core';

const EPOCH = new Date(0);
const LAUNCH = new Date('2024-01-02T03:04:05.678Z');

export const events = pgTable('events', {
  id: serial('id').primaryKey(),
  at: timestamp('at').default(LAUNCH),
  atZoned: timestamp('at_zoned', { withTimezone: true }).default(LAUNCH),
  atPrecise: timestamp('at_precise', { precision: 3 }).default(LAUNCH),
  atEpoch: timestamp('at_epoch').default(EPOCH),
  atText: timestamp('at_text', { mode: 'string' }).default('2024-01-02 03:04:05'),
  atUtc: timestamp('at_utc').default(new Date(Date.UTC(2023, 11, 31, 23, 59))),
  atMillis: timestamp('at_millis').default(new Date(1700000000000)),
  atOffset: timestamp('at_offset').default(new Date('2024-06-01T12:00:00+02:00')),
  day: date('day', { mode: 'date' }).default(LAUNCH),
  dayText: date('day_text').default('2024-01-02'),
  dayOnly: date('day_only', { mode: 'date' }).default(new Date('2024-02-29')),
  clock: time('clock').default('12:00:00'),
  atNow: timestamp('at_now').defaultNow(),
  dayNow: date('day_now').defaultNow(),
  isoText: timestamp('iso_text', { mode: 'string' }).default(LAUNCH.toISOString()),
  millis: timestamp('millis').default(new Date(LAUNCH.getTime() + 24 * 60 * 60 * 1000)),
});
