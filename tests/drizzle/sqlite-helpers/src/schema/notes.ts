import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { flag, id, timestamps } from './columns';

export const noteKinds = ['note', 'task'] as const;
export const notes = sqliteTable('notes', {
  id: id(),
  kind: text('kind', { enum: noteKinds }).notNull().default(noteKinds[0]),
  body: text('body').notNull(),
  isPinned: flag('is_pinned'),
  isPublic: flag('is_public', true),
  ...timestamps,
}, (t) => [index('notes_kind').on(t.kind, t.createdAt)]);
