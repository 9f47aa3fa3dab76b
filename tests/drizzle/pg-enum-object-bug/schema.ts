import { pgEnum, pgSchema, pgTable, serial } from 'drizzle-orm/pg-core';

enum Tone {
  Warm = 'warm',
  Cold = 'cold',
}

// drizzle-kit writes no typeSchema for a column of an enum that was declared by an object.
export const tone = pgEnum('tone', Tone);
export const mood = pgEnum('mood', { Sad: 'sad', Happy: 'happy' });
export const letters = pgSchema('letters');
export const kind = letters.enum('kind', { Short: 'short', Long: 'long' });

export const messages = pgTable('messages', {
  id: serial('id').primaryKey(),
  tone: tone('tone').notNull().default(Tone.Warm),
  mood: mood('mood'),
  moods: mood('moods').array(),
  kind: kind('kind'),
});
