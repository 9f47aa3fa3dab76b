import { relations, sql } from 'drizzle-orm';
import { index, primaryKey, sqliteTableCreator } from 'drizzle-orm/sqlite-core';

export const createTable = sqliteTableCreator((name) => `my-app_${name}`);

export const posts = createTable(
  'post',
  (d) => ({
    id: d.integer({ mode: 'number' }).primaryKey({ autoIncrement: true }),
    name: d.text({ length: 256 }),
    createdById: d.text({ length: 255 }).notNull().references(() => users.id),
    createdAt: d.integer({ mode: 'timestamp' }).default(sql`(unixepoch())`).notNull(),
    updatedAt: d.integer({ mode: 'timestamp' }).$onUpdate(() => new Date()),
  }),
  (t) => [index('created_by_idx').on(t.createdById), index('name_idx').on(t.name)],
);

export const users = createTable('user', ({ text, blob, real, numeric, integer }) => ({
  id: text({ length: 255 }).notNull().primaryKey().$defaultFn(() => crypto.randomUUID()),
  email: text({ length: 255 }).notNull(),
  avatar: blob(),
  score: real().default(0.5),
  balance: numeric(),
  age: integer(),
}));

export const accounts = createTable('account', (d) => ({ provider: d.text().notNull(), key: d.text().notNull() }), (t) => [
  primaryKey({ columns: [t.provider, t.key] }),
]);
export const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
