import { pgTable, serial, text } from 'drizzle-orm/pg-core';

// drizzle-kit escapes neither the quotes nor the backslash of an element.
export const lists = pgTable('lists', {
  id: serial('id').primaryKey(),
  apostrophe: text('apostrophe').array().default(["it's"]),
  quote: text('quote').array().default(['say "hi"', 'plain']),
  backslash: text('backslash').array().default(['C:\\temp']),
});
