import { pgEnum, pgSchema, pgSequence, pgTable, serial } from 'drizzle-orm/pg-core';

export const mood = pgEnum('mood', ['good', 'bad']);
export const people = pgTable('people', { id: serial('id').primaryKey(), mood: mood('mood') });
export const humans = people;
export const animals = pgTable('animals', { id: serial('id').primaryKey() });
export { animals as beasts };
export const zoo = pgSchema('zoo');
export const tickets = pgSequence('tickets');
