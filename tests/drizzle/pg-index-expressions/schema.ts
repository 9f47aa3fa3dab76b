import { type SQL, sql } from 'drizzle-orm';
import { type AnyPgColumn, customType, index, integer, pgSchema, pgTable, serial, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';

export function lower(column: AnyPgColumn): SQL {
  return sql`lower(${column})`;
}

const trigram = (column: AnyPgColumn) => sql`${column} gin_trgm_ops`;

export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  email: text('email').notNull(),
  firstName: text('first_name'),
  lastName: text('last_name'),
  deletedAt: timestamp('deleted_at'),
  age: integer('age'),
}, (table) => [
  uniqueIndex('users_email_lower').on(lower(table.email)),
  index('users_name_search').using('gin', sql`to_tsvector('english', ${table.firstName} || ' ' || ${table.lastName})`),
  index('users_trigram').using('gin', trigram(table.lastName)),
  index('users_mixed').on(table.age, sql`coalesce(${table.deletedAt}, 'infinity')`, table.email.desc()),
  index('users_alive').on(table.email).where(sql`${table.deletedAt} is null`),
  index('users_expr_desc').on(sql`${table.age} desc nulls last`),
  index('users_two_expressions').on(sql`lower(${table.firstName})`, lower(table.lastName)),
  index('users_age_doubled').on(sql`(${table.age} * 2)`).where(sql`${table.age} between 1 and 120`),
]);

const crm = pgSchema('crm');
export const contacts = crm.table('contacts', {
  id: serial('id').primaryKey(),
  email: text('email').notNull(),
  company: text('company'),
}, (table) => [
  uniqueIndex('contacts_email_lower').on(lower(table.email)),
  index('contacts_company').on(table.company).where(sql`${table.company} <> '' and ${table.email} like '%@%'`),
]);
