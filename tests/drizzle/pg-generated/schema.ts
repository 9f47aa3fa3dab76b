import { type SQL, sql } from 'drizzle-orm';
import { boolean, customType, index, integer, numeric, pgTable, serial, text } from 'drizzle-orm/pg-core';

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

export const products = pgTable('products', {
  id: serial('id').primaryKey(),
  title: text('title').notNull(),
  body: text('body'),
  net: numeric('net', { precision: 10, scale: 2 }).notNull(),
  quantity: integer('quantity').notNull().default(1),
  total: numeric('total').generatedAlwaysAs(sql`net * quantity`),
  titleLower: text('title_lower').generatedAlwaysAs((): SQL => sql`lower(${products.title})`).notNull(),
  isLarge: boolean('is_large').generatedAlwaysAs(() => sql`${products.quantity} > 100`),
  constant: text('constant').generatedAlwaysAs('fixed'),
  search: tsvector('search').generatedAlwaysAs((): SQL => {
    return sql`setweight(to_tsvector('english', ${products.title}), 'A') || setweight(to_tsvector('english', coalesce(${products.body}, '')), 'B')`;
  }),
}, (t) => [index('products_search').using('gin', t.search)]);
