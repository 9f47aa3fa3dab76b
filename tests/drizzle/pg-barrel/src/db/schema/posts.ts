import { integer, pgTable, serial } from 'drizzle-orm/pg-core';
import { users } from './users';

export const posts = pgTable('posts', { id: serial('id').primaryKey(), authorId: integer('author_id').references(() => users.id) });
export const own = pgTable('hidden_by_the_barrel', { id: serial('id').primaryKey() });
export type Post = typeof posts.$inferSelect;
