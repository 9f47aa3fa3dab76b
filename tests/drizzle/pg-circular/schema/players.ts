import { integer, pgTable, serial, text, unique } from 'drizzle-orm/pg-core';
import { matches } from './matches';
import { teams } from './teams';

export const players = pgTable('players', {
  id: serial('id').primaryKey(),
  teamId: integer('team_id').notNull().references(() => teams.id, { onDelete: 'cascade' }),
  lastMatchId: integer('last_match_id').references(() => matches.id),
  name: text('name'),
}, (t) => [unique().on(t.teamId, t.name)]);
