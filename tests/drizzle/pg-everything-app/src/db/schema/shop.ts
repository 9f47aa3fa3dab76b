import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, numeric, pgEnum, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth';
import { createdAt, id, timestamps } from './columns';

const orderStates = ['cart', 'paid', 'shipped'] as const;
export const orderState = pgEnum('order_state', orderStates);
export const products = pgTable('products', {
  id: id(),
  skuCode: text().notNull().unique(),
  unitPrice: numeric({ precision: 10, scale: 2 }).notNull(),
  attributes: jsonb().$type<Record<string, string>>().notNull().default({}),
  ...timestamps,
}, (t) => [check('unit_price_positive', sql`${t.unitPrice} > 0`), index('products_attributes').using('gin', t.attributes)]);

export const orders = pgTable('orders', {
  id: id(),
  customerId: uuid().references(() => users.id, { onDelete: 'set null' }),
  state: orderState().notNull().default(orderStates[0]),
  createdAt,
}, (t) => [index().on(t.customerId, t.state).where(sql`${t.state} <> 'cart'`)]);

export const orderLines = pgTable('order_lines', {
  orderId: uuid().notNull().references(() => orders.id, { onDelete: 'cascade' }),
  productId: uuid().notNull().references(() => products.id),
  lineNumber: integer().notNull(),
  quantity: integer().notNull().default(1),
}, (t) => [primaryKey({ columns: [t.orderId, t.productId] }), unique().on(t.orderId, t.lineNumber)]);
