import { relations, sql } from 'drizzle-orm';
import { boolean, index, pgEnum, pgTable, text, timestamp, uniqueIndex, uuid, varchar } from 'drizzle-orm/pg-core';
import { id, timestamps } from './columns';

export const userRole = pgEnum('user_role', ['admin', 'customer']);
export const users = pgTable('users', {
  id: id(),
  email: varchar({ length: 320 }).notNull(),
  emailVerified: boolean().notNull().default(false),
  role: userRole().notNull().default('customer'),
  displayName: text(),
  ...timestamps,
}, (t) => [uniqueIndex('users_email_unique').on(sql`lower(${t.email})`)]);

export const sessions = pgTable('sessions', {
  id: id(),
  userId: uuid().notNull().references(() => users.id, { onDelete: 'cascade' }),
  expiresAt: timestamp({ withTimezone: true }).notNull(),
  ipAddress: text(),
  ...timestamps,
}, (t) => [index().on(t.userId), index('sessions_expires').on(t.expiresAt.desc())]);
export const usersRelations = relations(users, ({ many }) => ({ sessions: many(sessions) }));
