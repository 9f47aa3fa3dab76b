import { relations } from 'drizzle-orm';
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { posts } from './posts';

export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  name: text('name').notNull(),
  favouritePostId: integer('favourite_post_id').references(() => posts.id, { onDelete: 'set null' }),
});

export const usersRelations = relations(users, ({ many, one }) => ({
  posts: many(posts),
  favourite: one(posts, { fields: [users.favouritePostId], references: [posts.id] }),
}));
