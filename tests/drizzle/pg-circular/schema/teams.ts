import { relations } from 'drizzle-orm';
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { matches } from './matches';
import { players } from './players';

export const teams = pgTable('teams', {
  id: serial('id').primaryKey(),
  name: text('name').notNull(),
  captainId: integer('captain_id').references(() => players.id),
});

export const LEAGUE = 'first';
export const teamsRelations = relations(teams, ({ many }) => ({ players: many(players), matches: many(matches) }));
