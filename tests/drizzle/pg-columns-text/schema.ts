import { char, json, jsonb, pgTable, text, uuid, varchar } from 'drizzle-orm/pg-core';

const STATUS = ['draft', 'published', 'archived'] as const;
const MAX_TITLE = 160;

export const articles = pgTable('articles', {
  id: uuid('id').primaryKey().defaultRandom(),
  publicId: uuid().notNull().defaultRandom().unique(),
  title: varchar('title', { length: MAX_TITLE }).notNull(),
  subtitle: varchar('subtitle'),
  slug: varchar({ length: 80 }),
  visibility: varchar('visibility', { length: 20, enum: ['public', 'members'] }).notNull().default('public'),
  country: char('country', { length: 2 }),
  flag: char('flag'),
  currency: char({ length: 3, enum: ['EUR', 'USD'] }).default('EUR'),
  body: text('body').notNull(),
  summary: text(),
  status: text('status', { enum: STATUS }).notNull().default('draft'),
  unnamedStatus: text({ enum: ['a', 'b'] }),
  settings: json('settings').$type<{ theme: string }>(),
  metadata: jsonb('metadata').$type<Record<string, unknown>>().notNull(),
  extra: jsonb(),
  raw: json(),
});
