import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, pgTable, primaryKey, text, timestamp, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

const timestamps = { createdAt: timestamp().notNull().defaultNow(), updatedAt: timestamp({ withTimezone: true }) };

export const userProfiles = pgTable('userProfiles', {
  id: uuid().primaryKey().defaultRandom(),
  firstName: text().notNull(),
  lastName: text('lastName'),
  emailHTML: text().unique(),
  address2Line: text(),
  HTMLBody: text(),
  x1Y2: integer(),
  already_snake: text(),
  itsOK: integer().generatedAlwaysAsIdentity(),
  parentId: uuid().references((): any => userProfiles.id),
  ...timestamps,
}, (t) => [
  index().on(t.firstName, t.lastName),
  uniqueIndex('byEmail').on(t.emailHTML),
  index('lowered').on(sql`lower(${t.firstName})`).where(sql`${t.updatedAt} is null`),
  unique().on(t.firstName, t.address2Line),
  check('nameLength', sql`length(${t.firstName}) > 1 and ${t.lastName} <> ''`),
]);

export const userTags = pgTable('user_tags', {
  userId: uuid().notNull(),
  tagName: text().notNull(),
  ownerId: uuid(),
  fullText: text().generatedAlwaysAs(() => sql`${userTags.tagName} || 'x'`),
}, (t) => [
  primaryKey({ columns: [t.userId, t.tagName] }),
  foreignKey({ columns: [t.ownerId], foreignColumns: [userProfiles.parentId] }),
]);
