import { sql } from 'drizzle-orm';
import { foreignKey, pgPolicy, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import {
  anonRole, authUid, authUsers, authenticatedRole, postgresRole, realtimeMessages, realtimeTopic, serviceRole, supabaseAuthAdminRole,
} from 'drizzle-orm/supabase';

export const profiles = pgTable('profiles', {
  id: uuid('id').primaryKey().notNull(),
  name: text('name'),
}, (t) => [
  foreignKey({ columns: [t.id], foreignColumns: [authUsers.id], name: 'profiles_id_fk' }).onDelete('cascade'),
  pgPolicy('authenticated can select', { for: 'select', to: authenticatedRole, using: sql`true` }),
  pgPolicy('anonymous cannot insert', { for: 'insert', to: anonRole, withCheck: sql`false` }),
  pgPolicy('own row', { for: 'update', to: [authenticatedRole, serviceRole], using: sql`${authUid} = ${t.id}` }),
  pgPolicy('administrators', { to: [supabaseAuthAdminRole, postgresRole], using: sql`true` }),
]);

export const avatars = pgTable('avatars', {
  id: uuid('id').primaryKey().defaultRandom(),
  userId: uuid('user_id').notNull().references(() => authUsers.id, { onDelete: 'cascade' }),
});

export const listen = pgPolicy('authenticated can listen', {
  for: 'select',
  to: authenticatedRole,
  using: sql`${realtimeTopic} = 'room'`,
}).link(realtimeMessages);
