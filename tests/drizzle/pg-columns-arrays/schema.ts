import { boolean, integer, jsonb, numeric, pgEnum, pgTable, serial, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

export const weekday = pgEnum('weekday', ['mon', 'tue', 'wed']);

export const boards = pgTable('boards', {
  id: serial('id').primaryKey(),
  tags: text('tags').array().notNull().default([]),
  labels: text().array(),
  scores: integer('scores').array().default([1, 2, -3]),
  matrix: integer('matrix').array(3).array(3),
  grid: integer('grid').array().array().default([[1, 2], [3, 4]]),
  fixed: varchar('fixed', { length: 20 }).array(5),
  amounts: numeric('amounts', { precision: 10, scale: 2 }).array().default(['1.50', '2.25']),
  flags: boolean('flags').array().default([true, false]),
  days: weekday('days').array().notNull().default(['mon', 'wed']),
  times: timestamp('times', { precision: 3, withTimezone: true }).array(),
  members: uuid('members').array().default([]),
  documents: jsonb('documents').array(),
  words: text('words').array().default(['a', 'b,c', 'd e']),
  nested: text('nested').array().array().default([['a'], ['b', 'c']]),
  afterNotNull: text('after_not_null').notNull().array(),
});
