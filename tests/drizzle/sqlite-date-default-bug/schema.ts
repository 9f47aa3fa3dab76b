import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

// drizzle-kit writes the date as quoted JSON; a column of this mode holds seconds or milliseconds.
export const events = sqliteTable('events', {
  id: integer('id').primaryKey(),
  seconds: integer('seconds', { mode: 'timestamp' }).default(new Date('2024-01-02T03:04:05.678Z')),
  millis: integer('millis', { mode: 'timestamp_ms' }).default(new Date('2024-01-02T03:04:05.678Z')),
  epoch: integer('epoch', { mode: 'timestamp' }).default(new Date(0)),
  name: text('name').default('x'),
});
