import { numeric, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const timestamps = {
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow().$onUpdate(() => new Date()),
};

export const baseColumns = {
  id: uuid('id').primaryKey().defaultRandom(),
  tenantId: text('tenant_id').notNull(),
};

export const softDelete = () => ({ deletedAt: timestamp('deleted_at', { withTimezone: true }) });

export function auditColumns({ prefix = '' }: { prefix?: string } = {}) {
  return {
    createdBy: text(`${prefix}created_by`).notNull(),
    updatedBy: text(prefix + 'updated_by'),
  };
}

export const money = (name: string, scale = 2) => numeric(name, { precision: 12, scale });
