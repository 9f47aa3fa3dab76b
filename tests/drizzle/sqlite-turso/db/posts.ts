import { index, int, sqliteTable as table, text } from 'drizzle-orm/sqlite-core';
import * as users from './users';

export const postsTable = table('posts', {
  id: int().primaryKey({ autoIncrement: true }),
  title: text().notNull(),
  userId: int().notNull().references(() => users.usersTable.id, { onDelete: 'cascade' }),
}, (t) => [index('posts_user').on(t.userId)]);
