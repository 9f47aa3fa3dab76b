import type { InferInsertModel, InferSelectModel } from 'drizzle-orm';
import { type AnyPgColumn, type PgColumn, integer, jsonb, pgTable, serial, text } from 'drizzle-orm/pg-core';
import type { Address, Missing } from './types';
import { type Kind, kinds } from './types';
import type * as everything from './types';
import { tiers } from './index';

export type { Address } from './types';
export type * from './types';
export type   * as shapes from './types';

interface Settings extends Record<string, unknown> {
  kind: Kind;
}

declare const injected: string;

export const customers = pgTable('customers', {
  id: serial('id').primaryKey(),
  address: jsonb('address').$type<Address>().notNull(),
  missing: jsonb('missing').$type<Missing[]>(),
  settings: jsonb('settings').$type<Settings & { injected?: typeof injected }>(),
  kind: text('kind', { enum: kinds }).notNull().default('private'),
  parentId: integer('parent_id').references((): AnyPgColumn => customers.id),
  tier: text('tier', { enum: tiers }).notNull().default(tiers[0]),
  extra: jsonb('extra').$type<everything.Address | null>(),
});

export type Customer = InferSelectModel<typeof customers>;
export type NewCustomer = InferInsertModel<typeof customers>;
export type CustomerColumn = PgColumn<any>;
export type Update = Partial<typeof customers.$inferInsert>;
export namespace Shapes {
  export type Id = Customer['id'];
}
