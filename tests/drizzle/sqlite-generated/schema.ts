import { type SQL, sql } from 'drizzle-orm';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const people = sqliteTable('people', {
  id: integer('id').primaryKey(),
  firstName: text('first_name').notNull(),
  lastName: text('last_name').notNull(),
  data: text('data', { mode: 'json' }),
  fullName: text('full_name').generatedAlwaysAs(sql`first_name || ' ' || last_name`),
  initials: text('initials').generatedAlwaysAs((): SQL => sql`substr(${people.firstName}, 1, 1) || substr(${people.lastName}, 1, 1)`, { mode: 'stored' }),
  city: text('city').generatedAlwaysAs(() => sql`json_extract(${people.data}, '$.city')`, { mode: 'virtual' }),
  constant: text('constant').generatedAlwaysAs('fixed', { mode: 'stored' }).notNull(),
  length: integer('length').generatedAlwaysAs(sql`length("last_name")`).unique(),
});
