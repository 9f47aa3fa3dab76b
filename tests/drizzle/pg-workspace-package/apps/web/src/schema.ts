import { timestamps as stamps } from '@acme/db/columns';
import { users } from '@acme/db';
import { integer, pgTable, serial } from 'drizzle-orm/pg-core';

export * from '@acme/db';
export { teams } from '@acme/db/tables/teams';

export const visits = pgTable('visits', { id: serial('id').primaryKey(), userId: integer('user_id').references(() => users.id), ...stamps });
