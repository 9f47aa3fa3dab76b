import { relations } from 'drizzle-orm';
import { type AnyPgColumn, integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { comments } from './comments';
import { users } from './users';

export const posts = pgTable('posts', {
  id: serial('id').primaryKey(),
  authorId: integer('author_id').notNull().references((): AnyPgColumn => users.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
  title: text('title').notNull(),
  pinnedCommentId: integer('pinned_comment_id').references((): AnyPgColumn => comments.id, { onDelete: 'set null' }),
});

export const postsRelations = relations(posts, ({ one, many }) => ({
  author: one(users, { fields: [posts.authorId], references: [users.id] }),
  comments: many(comments),
}));
