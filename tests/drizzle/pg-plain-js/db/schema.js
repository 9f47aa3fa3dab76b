import { relations } from 'drizzle-orm';
import { index, integer, pgTable, serial, text, varchar } from 'drizzle-orm/pg-core';
import { LENGTH, timestamps } from './columns.js';

/** @type {readonly ['open', 'closed']} */
const states = ['open', 'closed'];

export const tickets = pgTable('tickets', {
  id: serial('id').primaryKey(),
  title: varchar('title', { length: LENGTH }).notNull(),
  state: text('state', { enum: states }).default(states[0]),
  parentId: integer('parent_id').references(() => tickets.id),
  ...timestamps,
}, (t) => [index('tickets_state').on(t.state)]);

export var oldStyle = pgTable('old_style', { id: serial('id').primaryKey() });
export const ticketRelations = relations(tickets, ({ one }) => ({ parent: one(tickets, { fields: [tickets.parentId], references: [tickets.id] }) }));
