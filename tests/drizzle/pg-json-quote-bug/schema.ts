import { json, jsonb, pgTable, serial } from 'drizzle-orm/pg-core';

// drizzle-kit leaves the apostrophe as it is, which ends the SQL string early.
export const settings = pgTable('settings', {
  id: serial('id').primaryKey(),
  greeting: jsonb('greeting').default({ text: "it's" }),
  list: json('list').default(["a'b", "''"]),
});
