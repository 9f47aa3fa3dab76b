import { sql } from 'drizzle-orm';
import { bigint, integer, pgEnum, pgSchema, pgTable, pgView, serial, text, timestamp } from 'drizzle-orm/pg-core';

export const kind = pgEnum('kind', ['a', 'b']);
export const orders = pgTable('orders', {
  id: serial('id').primaryKey(),
  total: integer('total').notNull(),
  placedAt: timestamp('placed_at').notNull().defaultNow(),
});
const reporting = pgSchema('reporting');

export const dailyTotals = pgView('daily_totals', {
  day: timestamp('day').notNull(),
  total: bigint('total', { mode: 'number' }),
  kind: kind('kind').default('a'),
  label: text('label').unique().default('none'),
}).as(sql`select date_trunc('day', placed_at) as day, sum(total) as total from orders group by 1`);

export const bigOrders = pgView('big_orders', { id: integer('id').primaryKey(), total: integer() })
  .with({ checkOption: 'cascaded', securityBarrier: true, securityInvoker: false })
  .as(sql`select ${orders.id}, ${orders.total} from ${orders} where ${orders.total} > 100`);

export const local = pgView('local_orders', { id: integer('id') }).with({ checkOption: 'local' }).as(sql`select id from orders`);
export const invoker = pgView('invoker_orders', { id: integer('id') }).with({ securityInvoker: true }).as(sql`select id from orders`);
export const report = reporting.view('order_report', { id: integer('id'), callback: text('callback') }).as(sql`select id, 'x' as callback from orders`);
