import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

// drizzle-kit writes the string 'null'.
export const rows = sqliteTable('rows', {
  id: integer('id').primaryKey(),
  note: text('note').default(null as unknown as string),
  count: integer('count').default(null as any),
});
