import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const line_items = sqliteTable('line_items', {
  line_id: integer().primaryKey({ autoIncrement: true }),
  product_name: text().notNull().unique(),
  given_name: text('given_name'),
  UPPER_CASE: text(),
  parent_line_id: integer().references((): any => line_items.line_id, { onDelete: 'cascade' }),
}, (t) => [index('line_items_names').on(t.product_name, t.given_name)]);
