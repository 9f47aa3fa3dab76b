import { sql } from 'drizzle-orm';
import { integer, pgPolicy, pgRole, pgSchema, pgTable, serial, text } from 'drizzle-orm/pg-core';

export const editor = pgRole('editor');
const existing = pgRole('reporting').existing();

export const notes = pgTable('notes', {
  id: serial('id').primaryKey(),
  ownerId: integer('owner_id').notNull(),
  body: text('body'),
}, (t) => [
  pgPolicy('everything'),
  pgPolicy('named only', {}),
  pgPolicy('read_own', { for: 'select', to: editor, using: sql`${t.ownerId} = current_setting('app.user')::int` }),
  pgPolicy('insert_own', { for: 'insert', to: 'public', withCheck: sql`${t.ownerId} > 0` }),
  pgPolicy('update_own', { as: 'restrictive', for: 'update', to: ['public', editor, existing], using: sql`true`, withCheck: sql`${t.body} <> ''` }),
  pgPolicy('delete_own', { as: 'permissive', for: 'delete', to: 'current_user', using: sql`false` }),
  pgPolicy('all_session', { for: 'all', to: ['session_user', 'current_role'] }),
]);

export const secrets = pgTable('secrets', { id: serial('id').primaryKey() }).enableRLS();

export const lockedNotes = pgTable('locked_notes', {
  id: serial('id').primaryKey(),
  ownerId: integer('owner_id'),
}, (t) => ({
  own: pgPolicy('own', { using: sql`${t.ownerId} = 1` }),
})).enableRLS();

const vault = pgSchema('vault');
export const keys = vault.table('keys', { id: serial('id').primaryKey() }, (t) => [
  pgPolicy('vault_read', { for: 'select', using: sql`${t.id} > 0` }),
]).enableRLS();
