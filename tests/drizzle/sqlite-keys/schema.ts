import { type AnySQLiteColumn, foreignKey, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';

export const authors = sqliteTable('authors', {
  country: text('country').notNull(),
  number: integer('number').notNull(),
  penName: text('pen_name'),
}, (t) => [primaryKey({ columns: [t.country, t.number] }), unique().on(t.country, t.penName), unique('authors_pen_name').on(t.penName)]);

export const books = sqliteTable('books', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  authorCountry: text('author_country'),
  authorNumber: integer('author_number'),
  sequelTo: integer('sequel_to').references((): AnySQLiteColumn => books.id, { onDelete: 'set null', onUpdate: 'no action' }),
  translationOf: integer('translation_of'),
}, (t) => [
  foreignKey({ columns: [t.authorCountry, t.authorNumber], foreignColumns: [authors.country, authors.number] }).onDelete('cascade').onUpdate('restrict'),
  foreignKey({ columns: [t.translationOf], foreignColumns: [t.id], name: 'books_translation' }),
]);

export const named = sqliteTable('named', { a: text('a'), b: text('b') }, (t) => ({ pk: primaryKey({ name: 'named_key', columns: [t.b, t.a] }) }));
export const single = sqliteTable('single', { code: text('code') }, (t) => [primaryKey({ columns: [t.code] })]);
export const legacy = sqliteTable('legacy', { x: integer('x'), y: integer('y') }, (t) => ({ pk: primaryKey(t.x, t.y) }));
export const bookTags = sqliteTable('book_tags', {
  bookId: integer('book_id').references(() => books.id, { onDelete: 'set default' }).references(() => single.code as any),
  tag: text('tag').references(() => single.code),
});
