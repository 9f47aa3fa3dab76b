import { sql } from 'drizzle-orm';
import { anonymousRole, authUid, authenticatedRole, crudPolicy, usersSync } from 'drizzle-orm/neon';
import { pgPolicy, pgTable, serial, text } from 'drizzle-orm/pg-core';

export const todos = pgTable('todos', {
  id: serial('id').primaryKey(),
  userId: text('user_id').notNull().references(() => usersSync.id),
  task: text('task').notNull(),
}, (t) => [
  crudPolicy({ role: authenticatedRole, read: authUid(t.userId), modify: authUid(t.userId) }),
  crudPolicy({ role: anonymousRole, read: true, modify: false }),
]);

export const announcements = pgTable('announcements', {
  id: serial('id').primaryKey(),
  text: text('text'),
}, (t) => [
  crudPolicy({ role: [authenticatedRole, 'public'], read: sql`${t.text} <> ''`, modify: null }),
  pgPolicy('by hand', { for: 'select', to: anonymousRole, using: sql`true` }),
]);
