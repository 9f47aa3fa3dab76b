import { foreignKey, integer, pgTable, serial } from 'drizzle-orm/pg-core';
import { players } from './players';
import * as teamFile from './teams';

export const matches = pgTable('matches', {
  id: serial('id').primaryKey(),
  homeId: integer('home_id').notNull().references(() => teamFile.teams.id),
  awayId: integer('away_id').notNull(),
  bestPlayerId: integer('best_player_id').references(() => players.id, { onDelete: 'set null' }),
}, (t) => [foreignKey({ columns: [t.awayId], foreignColumns: [teamFile.teams.id], name: 'matches_away' })]);
