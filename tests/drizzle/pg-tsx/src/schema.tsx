import { pgTable, serial, text } from 'drizzle-orm/pg-core';
import { statuses } from './badge';

export const badges = pgTable('badges', {
  id: serial('id').primaryKey(),
  status: text('status', { enum: statuses }).default(statuses[0]),
});
