import { pgEnum, pgTable, serial } from 'drizzle-orm/pg-core';

export const userRole = pgEnum('user_role', ['admin', 'member']);
export const users = pgTable('users', { id: serial('id').primaryKey(), role: userRole('role').notNull().default('member') });
export const accounts = pgTable('accounts', { id: serial('id').primaryKey() });
