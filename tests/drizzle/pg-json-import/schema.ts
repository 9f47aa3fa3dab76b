import { integer, jsonb, pgEnum, pgTable, serial, text } from 'drizzle-orm/pg-core';
import countries from './countries.json';
import * as limits from './limits.json';
import { maxSeats } from './limits.json';

export const country = pgEnum('country', countries.map((entry) => entry.code) as [string, ...string[]]);

export const organisations = pgTable('organisations', {
  id: serial('id').primaryKey(),
  country: country('country').default(countries[0].code),
  seats: integer('seats').default(maxSeats),
  projects: integer('projects').default(limits.maxProjects),
  home: text('home').default(countries.find((entry) => entry.home)?.name ?? 'unknown'),
  features: jsonb('features').default(limits.features),
});
