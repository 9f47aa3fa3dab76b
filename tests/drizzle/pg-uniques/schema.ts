import { integer, pgSchema, pgTable, serial, text, unique } from 'drizzle-orm/pg-core';

export const memberships = pgTable('memberships', {
  id: serial('id').primaryKey(),
  teamId: integer('team_id').notNull(),
  userId: integer('user_id').notNull(),
  email: text('email').unique(),
  code: text('code').unique('membership_code'),
  reference: text('reference').unique('membership_reference', { nulls: 'not distinct' }),
  alias: text().unique(),
}, (t) => [
  unique().on(t.teamId, t.userId),
  unique('memberships_team_code').on(t.teamId, t.code),
  unique('memberships_nulls').on(t.userId, t.reference).nullsNotDistinct(),
  unique().on(t.userId, t.alias).nullsNotDistinct(),
]);

const hr = pgSchema('hr');
export const employees = hr.table('employees', {
  id: serial('id').primaryKey(),
  badge: text('badge').unique(),
  department: text('department'),
}, (t) => [unique().on(t.department, t.badge)]);
