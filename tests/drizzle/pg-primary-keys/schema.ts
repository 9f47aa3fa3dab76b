import { integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const articles = pgTable('articles', { id: integer('id').primaryKey(), title: text('title') });
export const tags = pgTable('tags', { id: uuid().primaryKey().defaultRandom(), name: text().notNull() });

export const articleTags = pgTable('article_tags', {
  articleId: integer('article_id').notNull().references(() => articles.id),
  tagId: uuid('tag_id').references(() => tags.id),
}, (t) => [primaryKey({ columns: [t.articleId, t.tagId] })]);

export const named = pgTable('named', {
  left: text('left'),
  right: text('right'),
}, (t) => [primaryKey({ name: 'named_key', columns: [t.right, t.left] })]);

export const legacy = pgTable('legacy', {
  tenant: text('tenant').notNull(),
  key: text('key').notNull(),
  at: timestamp('at'),
}, (t) => ({ pk: primaryKey(t.tenant, t.key) }));

export const single = pgTable('single', { onlyColumn: text('only_column') }, (t) => [primaryKey({ columns: [t.onlyColumn] })]);

export const none = pgTable('none', { value: text('value') });
