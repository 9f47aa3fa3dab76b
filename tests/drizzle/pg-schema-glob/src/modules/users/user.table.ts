import { pgTable, serial } from 'drizzle-orm/pg-core';
import { role } from './role.enum';

export const users = pgTable('users', { id: serial('id').primaryKey(), role: role('role') });
