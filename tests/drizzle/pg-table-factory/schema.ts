import { index, integer, jsonb, pgTable, serial, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';

function historyTable(name: string, options: { withActor?: boolean; suffix?: string } = {}) {
  const { withActor = false, suffix = 'history' } = options;
  return pgTable(`${name}_${suffix}`, {
    id: serial('id').primaryKey(),
    entityId: integer(`${name}_id`).notNull(),
    changes: jsonb('changes').notNull(),
    ...(withActor ? { actor: text('actor').notNull() } : {}),
    changedAt: timestamp('changed_at').notNull().defaultNow(),
  });
}

const byEntity = (t: any) => [index().on(t.entityId)];

const lookup = (name: string, extras = byEntity) =>
  pgTable(name, { id: serial('id').primaryKey(), entityId: integer('entity_id'), code: text('code').notNull() }, extras);

const uniqueCode = (t: any) => {
  return [uniqueIndex().on(t.code)];
};

export const ordersHistory = historyTable('orders');
export const usersHistory = historyTable('users', { withActor: true });
export const itemsLog = historyTable('items', { suffix: 'log' });
export const countries = lookup('countries');
export const currencies = lookup('currencies', uniqueCode);
