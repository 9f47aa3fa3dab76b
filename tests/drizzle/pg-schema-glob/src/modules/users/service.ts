import { pgTable, serial } from 'drizzle-orm/pg-core';

export const outsideOfTheGlob = pgTable('outside_of_the_glob', { id: serial('id').primaryKey() });
