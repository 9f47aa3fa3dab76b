import { relations, sql } from 'drizzle-orm';
import { index, pgTableCreator, primaryKey } from 'drizzle-orm/pg-core';
import { PROJECT } from '../env';

export const createTable = pgTableCreator((name) => `${PROJECT}_${name}`);

export const posts = createTable(
  'post',
  (d) => ({
    id: d.integer().primaryKey().generatedByDefaultAsIdentity(),
    name: d.varchar({ length: 256 }),
    createdById: d.varchar({ length: 255 }).notNull().references(() => users.id),
    createdAt: d.timestamp({ withTimezone: true }).default(sql`CURRENT_TIMESTAMP`).notNull(),
    updatedAt: d.timestamp({ withTimezone: true }).$onUpdate(() => new Date()),
  }),
  (t) => [index('created_by_idx').on(t.createdById), index('name_idx').on(t.name), index().on(t.createdAt)],
);

export const users = createTable('user', (d) => ({
  id: d.varchar({ length: 255 }).notNull().primaryKey().$defaultFn(() => crypto.randomUUID()),
  name: d.varchar({ length: 255 }),
  email: d.varchar({ length: 255 }).notNull().unique(),
}));

export const accounts = createTable(
  'account',
  (d) => ({
    userId: d.varchar({ length: 255 }).notNull().references(() => users.id),
    provider: d.varchar({ length: 255 }).notNull(),
    providerAccountId: d.varchar({ length: 255 }).notNull(),
    expires_at: d.integer(),
  }),
  (t) => [primaryKey({ columns: [t.provider, t.providerAccountId] }), index('account_user_id_idx').on(t.userId)],
);

export const usersRelations = relations(users, ({ many }) => ({ accounts: many(accounts) }));
