import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { timestamps } from '@/db/columns';
import { users } from '@/db/users.js';
import { roles } from '~shared';
import { limit } from '#lib/limit';

export { users };
export const posts = pgTable('posts', {
  id: serial('id').primaryKey(),
  userId: integer('user_id').references(() => users.id),
  role: text('role', { enum: roles }).default(roles[1]),
  limit: integer('limit').default(limit),
  ...timestamps,
});
