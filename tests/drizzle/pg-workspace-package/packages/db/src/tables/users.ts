import { pgTable, serial, text } from 'drizzle-orm/pg-core';
import { ROLES } from '@acme/shared';

export const users = pgTable('users', { id: serial('id').primaryKey(), role: text('role', { enum: ROLES }).default(ROLES[0]) });
