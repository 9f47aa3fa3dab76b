import { sql } from 'drizzle-orm';
import { integer, pgEnum, pgPolicy, pgRole, pgSchema, pgSequence, pgTable, pgView, serial, text } from 'drizzle-orm/pg-core';
import { imported } from './other';

const hiddenEnum = pgEnum('hidden_enum', ['a', 'b']);
const hiddenTable = pgTable('hidden_table', { id: serial('id').primaryKey(), text: text('text').unique() });
const hiddenSequence = pgSequence('hidden_sequence');
const hiddenRole = pgRole('hidden_role');
const hiddenSchema = pgSchema('hidden_schema');
const hiddenView = pgView('hidden_view', { id: integer('id') }).as(sql`select 1 as id`);
const hiddenPolicy = pgPolicy('hidden_policy', { to: hiddenRole }).link(hiddenTable);

export const visible = pgTable('visible', {
  id: serial('id').primaryKey(),
  kind: hiddenEnum('kind').default('a'),
  hiddenId: integer('hidden_id').references(() => hiddenTable.id),
  importedId: integer('imported_id').references(() => imported.id),
}, () => [pgPolicy('seen', { to: hiddenRole })]);

export const inHiddenSchema = hiddenSchema.table('visible_too', { id: serial('id').primaryKey() });
