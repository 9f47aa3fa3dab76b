import { sql } from 'drizzle-orm';
import { pgPolicy, pgRole, pgSchema, pgTable, serial, text } from 'drizzle-orm/pg-core';

const reader = pgRole('reader').existing();

export const pages = pgTable('pages', {
  id: serial('id').primaryKey(),
  slug: text('slug'),
}, () => [pgPolicy('inside', { for: 'select' })]);

const storage = pgSchema('storage');
const objects = storage.table('objects', { id: serial('id').primaryKey(), bucket: text('bucket') });
const unlistedInPublic = pgTable('unlisted', { id: serial('id').primaryKey() });

export const pagesRead = pgPolicy('pages_read', { for: 'select', to: reader, using: sql`${pages.slug} is not null` }).link(pages);
export const pagesWrite = pgPolicy('pages_write', { for: 'insert', withCheck: sql`true` }).link(pages);
export const objectsRead = pgPolicy('objects_read', {
  as: 'restrictive',
  for: 'select',
  to: [reader, 'public'],
  using: sql`${objects.bucket} = 'avatars'`,
}).link(objects);
export const unlistedRead = pgPolicy('unlisted_read').link(unlistedInPublic);
export const notLinked = pgPolicy('not_linked', { for: 'delete' });
