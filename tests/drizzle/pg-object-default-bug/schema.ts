import { line, pgTable, point, serial, vector } from 'drizzle-orm/pg-core';

// drizzle-kit puts the JavaScript value into the snapshot, and "[object Object]" or "1,2" into the SQL.
export const places = pgTable('places', {
  id: serial('id').primaryKey(),
  origin: point('origin', { mode: 'xy' }).default({ x: 0, y: 1.5 }),
  tuple: point('tuple').default([1, -2]),
  border: line('border', { mode: 'abc' }).default({ a: 1, b: 2, c: 3 }),
  embedding: vector('embedding', { dimensions: 3 }).default([0.5, 0, 1]),
});
