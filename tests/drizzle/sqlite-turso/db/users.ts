import { sql } from 'drizzle-orm';
import { int, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const usersTable = sqliteTable('users', {
  id: int().primaryKey({ autoIncrement: true }),
  fullName: text().notNull(),
  age: int().notNull(),
  email: text().notNull().unique(),
  createdAt: text().default(sql`(CURRENT_TIMESTAMP)`),
});
