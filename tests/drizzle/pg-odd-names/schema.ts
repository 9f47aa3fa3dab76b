import { sql } from 'drizzle-orm';
import { check, index, integer, pgEnum, pgPolicy, pgRole, pgSchema, pgTable, serial, text, unique } from 'drizzle-orm/pg-core';

export const orderItems = pgTable('Order Items', {
  id: serial('Id').primaryKey(),
  'quoted key': text(),
  unitPrice: integer('Unit Price').notNull(),
  größe: text('größe'),
  名前: text('名前').unique(),
  select: text('select'),
  dotted: text('a.b'),
  quoted: text('say "hi"'),
  apostrophe: text("it's"),
  '2fa': text('2fa'),
  7: text('seven'),
}, (t) => [
  index().on(t.unitPrice, t.größe),
  unique().on(t['quoted key']),
  check('Unit Price > 0', sql`${t.unitPrice} > 0 and ${t.quoted} <> ''`),
  pgPolicy("it's \"mine\"", { using: sql`${t.dotted} is null` }),
]);

export const select = pgTable('select', { from: integer('from').references(() => orderItems.id), where: text() });
export const camelTable = pgTable('camelTable', { camelColumn: text('camelColumn'), snake_column: text() }, (t) => [index().on(t.camelColumn)]);
export const oddEnum = pgEnum('Odd Enum', ['a b', 'c"d', "e'f", 'g,h', '']);
export const usesEnum = pgTable('uses_enum', { value: oddEnum('value').default("e'f") });
export const oddSchema = pgSchema('My Schema');
export const inOddSchema = oddSchema.table('My.Table', { id: serial('id').primaryKey(), value: oddEnum() });
export const oddRole = pgRole('Read Only');
export const emoji = pgTable('🚀', { '🔥': text('🔥') });
