import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';

export const orderItems = sqliteTable('Order Items', {
  id: integer('Id').primaryKey(),
  'quoted key': text(),
  größe: text('größe').unique(),
  dotted: text('a.b'),
  quoted: text('say "hi"'),
  backtick: text('tick`ed'),
  select: text('select'),
}, (t) => [
  index('an index').on(t.dotted, t.select),
  unique().on(t['quoted key'], t.backtick),
  check('a check', sql`${t.quoted} <> ${t.backtick}`),
]);
export const emoji = sqliteTable('🚀', { '🔥': text('🔥'), orderId: integer('orderId').references(() => orderItems.id) });
