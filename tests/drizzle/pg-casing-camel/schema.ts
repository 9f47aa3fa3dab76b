import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, primaryKey, serial, text, timestamp, unique } from 'drizzle-orm/pg-core';

export const line_items = pgTable('line_items', {
  id: serial().primaryKey(),
  order_id: integer().notNull().references(() => orders.order_id),
  product_name: text().unique(),
  given_name: text('given_name'),
  ITEM_CODE: text(),
  item2_code: text(),
  created_at: timestamp().defaultNow(),
}, (t) => [
  index().on(t.order_id, t.product_name),
  unique().on(t.product_name, t.given_name),
  check('named', sql`${t.product_name} <> ${t.given_name}`),
]);

export const orders = pgTable('orders', { order_id: integer().primaryKey(), row_number: integer().generatedByDefaultAsIdentity() });
export const order_tags = pgTable('order_tags', { order_id: integer(), tag_name: text() }, (t) => [primaryKey({ columns: [t.order_id, t.tag_name] })]);
// The cased name replaces the first occurrence in a generated name, here the one in the table's name.
export const order_id_map = pgTable('order_id_map', { order_id: integer(), legacy_key: text() }, (t) => [primaryKey({ columns: [t.order_id, t.legacy_key] })]);
