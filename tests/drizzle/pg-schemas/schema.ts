import { eq, sql } from 'drizzle-orm';
import { foreignKey, index, integer, pgSchema, pgTable, serial, text, uuid } from 'drizzle-orm/pg-core';

export const crm = pgSchema('crm');
export const billing = pgSchema('billing');
const hidden = pgSchema('hidden');
export const empty = pgSchema('empty space');

export const stage = crm.enum('stage', ['lead', 'won', 'lost']);
export const counter = crm.sequence('counter', { startWith: 100 });

export const contacts = crm.table('contacts', {
  id: uuid('id').primaryKey().default(sql`gen_random_uuid()`),
  stage: stage('stage').notNull().default('lead'),
  name: text('name').notNull(),
}, (t) => [index('contacts_name_idx').on(t.name)]);

export const invoices = billing.table('invoices', {
  id: serial('id').primaryKey(),
  contactId: uuid('contact_id').notNull().references(() => contacts.id, { onDelete: 'cascade' }),
  otherId: uuid('other_id'),
  stage: stage('stage'),
}, (t) => [foreignKey({ columns: [t.otherId], foreignColumns: [contacts.id] })]);

export const hiddenTable = hidden.table('hidden_table', (t) => ({ id: t.serial().primaryKey(), value: t.integer('value') }));
export const sameName = pgTable('contacts', { id: integer('id').references(() => invoices.id) });

export const wonContacts = crm.view('won_contacts').as((qb) => qb.select({ id: contacts.id }).from(contacts).where(eq(contacts.stage, 'won')));
export const contactCounts = crm.materializedView('contact_counts', { n: integer('n') }).as(sql`select count(*) as n from ${contacts}`);
