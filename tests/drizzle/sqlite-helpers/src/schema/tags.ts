import { primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { timestamps } from './columns';
import { notes } from './notes';

export const tags = sqliteTable('tags', { name: text('name').primaryKey(), ...timestamps });
export const noteTags = sqliteTable('note_tags', {
  noteId: text('note_id').notNull().references(() => notes.id, { onDelete: 'cascade' }),
  tag: text('tag').notNull().references(() => tags.name),
}, (t) => ({ pk: primaryKey({ columns: [t.noteId, t.tag] }) }));
