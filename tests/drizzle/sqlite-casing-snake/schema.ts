import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';

export const userAccounts = sqliteTable('userAccounts', {
  userId: integer().primaryKey(),
  firstName: text().notNull(),
  lastName: text('lastName'),
  apiKey: text().unique(),
  parentUserId: integer().references((): any => userAccounts.userId),
  fullName: text().generatedAlwaysAs(() => sql`${userAccounts.firstName} || 'x'`),
}, (t) => [
  index('byName').on(t.firstName, t.lastName),
  index('lowered').on(sql`lower(${t.firstName})`).where(sql`${t.apiKey} is not null`),
  unique().on(t.firstName, t.parentUserId),
  check('nameLength', sql`length(${t.firstName}) > 1`),
]);

export const accountTags = sqliteTable('accountTags', { accountId: integer(), tagName: text(), ownerId: integer() }, (t) => [
  primaryKey({ columns: [t.accountId, t.tagName] }),
  foreignKey({ columns: [t.ownerId], foreignColumns: [userAccounts.parentUserId] }),
]);
