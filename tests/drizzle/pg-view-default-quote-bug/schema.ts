import { pgTable, pgView, serial, text } from 'drizzle-orm/pg-core';

// drizzle-kit doubles the apostrophe of a default in a table, but not in a view over it.
export const people = pgTable('people', { id: serial('id').primaryKey(), name: text('name').default("O'Neil") });
export const peopleView = pgView('people_view').as((qb) => qb.select().from(people));
