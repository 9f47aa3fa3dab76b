import 'drizzle-orm';
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { users } from './users.js';
import { columns } from './shared';
import { MAX, TABLES } from './shared/constants.ts';
import { environment } from '../environment';
import { plans } from './plans.mjs';

export { users };
export { teams } from './teams/index.js';

export const projects = pgTable(TABLES.projects, {
  id: serial('id').primaryKey(),
  ownerId: integer('owner_id').references(() => users.id),
  seats: integer('seats').default(MAX),
  stage: text('stage').default(environment.stage),
  plan: text('plan', { enum: plans }).default(plans[0]),
  ...columns,
});
