import { eq, gt, inArray, sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

// drizzle-kit writes ? for the values; the reader inlines them as literals.
export const jobs = sqliteTable('jobs', {
  id: integer('id').primaryKey(),
  priority: integer('priority').notNull(),
  state: text('state').notNull(),
  isDone: integer('is_done', { mode: 'boolean' }),
  doubled: integer('doubled').generatedAlwaysAs(() => sql`priority * ${2}`),
}, (t) => [
  check('priority_limited', sql`${t.priority} > ${0}`),
  check('priority_operator', gt(t.priority, 7)),
  check('state_known', inArray(t.state, ['new', "it's done"])),
  index('jobs_open').on(t.priority).where(eq(t.state, 'open')),
  index('jobs_done').on(t.priority).where(eq(t.isDone, true)),
]);
