import { integer, pgTable, serial } from 'drizzle-orm/pg-core';
import users from './users';

export default pgTable('posts', { id: serial('id').primaryKey(), userId: integer('user_id').references(() => users.id) });

export const drafts = pgTable('drafts', { id: serial('id').primaryKey() });
export const archivedPosts = pgTable('archived_posts', { id: serial('id').primaryKey() });
