import { blob, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

// drizzle-kit leaves the apostrophe as it is, which ends the SQL string early.
export const settings = sqliteTable('settings', {
  id: integer('id').primaryKey(),
  greeting: text('greeting', { mode: 'json' }).default({ text: "it's" }),
  list: blob('list', { mode: 'json' }).default(["a'b"]),
});
