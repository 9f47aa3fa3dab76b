import { integer, pgTable, serial } from 'drizzle-orm/pg-core';
import { users } from '../../users/user.table';

export const invoices = pgTable('invoices', { id: serial('id').primaryKey(), userId: integer('user_id').references(() => users.id) });
