import { between, eq, gt, inArray, sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgPolicy, pgTable, serial, text } from 'drizzle-orm/pg-core';

// drizzle-kit writes $1, $2 … for the values; the reader inlines them as literals.
export const jobs = pgTable('jobs', {
  id: serial('id').primaryKey(),
  priority: integer('priority').notNull(),
  state: text('state').notNull(),
  isDone: boolean('is_done'),
  doubled: integer('doubled').generatedAlwaysAs(() => sql`priority * ${2}`),
}, (t) => [
  check('priority_limited', sql`${t.priority} > ${0} and ${t.priority} < ${100}`),
  check('priority_operator', gt(t.priority, 7)),
  check('between', between(t.priority, 1, 9)),
  check('state_known', inArray(t.state, ['new', "it's done"])),
  index('jobs_open').on(t.priority).where(eq(t.state, 'open')),
  index('jobs_done').on(t.priority).where(eq(t.isDone, true)),
  index('jobs_scaled').on(sql`(${t.priority} * ${10})`),
  pgPolicy('visible', { for: 'select', using: eq(t.state, 'public') }),
]);
