import { sql } from 'drizzle-orm';
import { type AnySQLiteColumn, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

const lower = (column: AnySQLiteColumn) => sql`lower(${column})`;

export const tracks = sqliteTable('tracks', {
  id: integer('id').primaryKey(),
  title: text('title').notNull(),
  albumId: integer('album_id'),
  rating: integer('rating'),
  deletedAt: integer('deleted_at', { mode: 'timestamp' }),
}, (t) => [
  index('tracks_title').on(t.title),
  index('tracks_album_rating').on(t.albumId, t.rating),
  uniqueIndex('tracks_unique').on(t.title, t.albumId),
  uniqueIndex('tracks_lower_title').on(lower(t.title)),
  index('tracks_rating_desc').on(sql`${t.rating} desc`),
  index('tracks_mixed').on(t.albumId, sql`coalesce(${t.rating}, 0)`, lower(t.title)),
  index('tracks_alive').on(t.title).where(sql`${t.deletedAt} is null`),
  uniqueIndex('tracks_alive_unique').on(t.title).where(sql`${t.deletedAt} is null and ${t.rating} > 3`),
]);

export const albums = sqliteTable('albums', { id: integer('id').primaryKey(), year: integer('year') }, (table) => ({
  yearIdx: index('albums_year').on(table.year),
}));
