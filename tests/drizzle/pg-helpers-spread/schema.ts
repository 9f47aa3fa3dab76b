import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { auditColumns, baseColumns, money, softDelete, timestamps } from './columns';

export const orders = pgTable('orders', {
  ...baseColumns,
  total: money('total').notNull(),
  shipping: money('shipping', 4),
  ...timestamps,
  ...softDelete(),
});

export const invoices = pgTable('invoices', {
  ...baseColumns,
  id: integer('invoice_id').primaryKey(),
  ...auditColumns({ prefix: 'inv_' }),
  ...Object.assign({}, timestamps, { note: text('note') }),
});

const { updatedAt, ...onlyCreated } = timestamps;

export const logs = pgTable('logs', {
  id: serial('id').primaryKey(),
  message: text('message'),
  changedAt: updatedAt,
  ...onlyCreated,
});

export const plain = pgTable('plain', timestamps);
