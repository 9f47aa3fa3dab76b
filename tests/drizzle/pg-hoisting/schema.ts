import { index, integer, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';

export const shelves = pgTable(tableName('shelf'), {
  id: serial('id').primaryKey(),
  roomId: integer('room_id').references(() => rooms.id),
  ...stamps(),
}, extras);

export const rooms = pgTable(tableName('room'), {
  id: serial('id').primaryKey(),
  name: label('name'),
  bestShelfId: integer('best_shelf_id').references(() => shelves.id, { onDelete: 'set null' }),
});

function tableName(word: string) {
  return plural(word);
}

function plural(word: string): string {
  return word.endsWith('f') ? word.slice(0, -1) + 'ves' : `${word}s`;
}

function label(name: string) {
  return text(name).notNull().default('unnamed');
}

function stamps() {
  return { createdAt: timestamp('created_at').defaultNow() };
}

function extras(t: { roomId: any }) {
  return [index().on(t.roomId)];
}
