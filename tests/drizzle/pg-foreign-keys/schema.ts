import { type AnyPgColumn, foreignKey, integer, pgSchema, pgTable, primaryKey, serial, text } from 'drizzle-orm/pg-core';

export const companies = pgTable('companies', {
  country: text('country').notNull(),
  number: text('number').notNull(),
}, (t) => [primaryKey({ columns: [t.country, t.number] })]);

export const employees = pgTable('employees', {
  id: serial('id').primaryKey(),
  companyCountry: text('company_country'),
  companyNumber: text('company_number'),
  managerId: integer('manager_id').references((): AnyPgColumn => employees.id, { onDelete: 'set null' }),
  mentorId: integer('mentor_id'),
  deputyId: integer('deputy_id'),
}, (t) => [
  foreignKey({ columns: [t.companyCountry, t.companyNumber], foreignColumns: [companies.country, companies.number] })
    .onDelete('cascade')
    .onUpdate('cascade'),
  foreignKey({ columns: [t.mentorId], foreignColumns: [t.id], name: 'employees_mentor' }).onDelete('restrict'),
  foreignKey({ columns: [t.deputyId], foreignColumns: [t.id] }).onUpdate('set default'),
]);

const archive = pgSchema('archive');
export const files = archive.table('files', {
  id: serial('id').primaryKey(),
  ownerId: integer('owner_id').notNull().references(() => employees.id, { onDelete: 'no action', onUpdate: 'no action' }),
  folderId: integer('folder_id').references(() => folders.id),
});
export const folders = archive.table('folders', {
  id: serial('id').primaryKey(),
  parentId: integer('parent_id').references((): AnyPgColumn => folders.id, { onUpdate: 'cascade' }),
});

export const links = pgTable('links', {
  fileId: integer('file_id').references(() => files.id, { onDelete: 'cascade' }),
  twice: integer('twice').references(() => employees.id).references(() => files.id),
});
