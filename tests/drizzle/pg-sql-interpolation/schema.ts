import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { check, index, integer, pgPolicy, pgSchema, pgTable, pgView, serial, text } from 'drizzle-orm/pg-core';

const kinds = { small: 'S', large: 'L' } as const;
const kindList = sql.join(Object.values(kinds).map((kind) => sql.raw(`'${kind}'`)), sql`, `);
const currentUser = sql`current_setting('app.user_id')::int`;
const isOwner = (column: SQLWrapper): SQL => sql`(${column} = ${currentUser})`;
const maximum = 10;

export const owners = pgTable('owners', { id: serial('id').primaryKey(), name: text('name') });
const app = pgSchema('app');

export const boxKind = app.enum('box_kind', ['S', 'L']);

export const boxes = app.table('boxes', {
  id: serial('id').primaryKey(),
  ownerId: integer('owner_id').references(() => owners.id),
  kind: text('kind').notNull(),
  size: integer('size').default(sql`${sql.raw(String(maximum))}`),
}, (t) => [
  check('kind_known', sql`${t.kind} in (${kindList})`),
  check('size_limited', sql`${t.size} <= ${sql.raw(`${maximum}`)}`),
  check('identifier', sql`${sql.identifier('size')} > 0`),
  check('joined_columns', sql`num_nonnulls(${sql.join([t.ownerId, t.kind, sql`size`], sql.raw(', '))}) > 1`),
  check('table_itself', sql`${boxesName()} is not null`),
  check('appended', sql`${t.size} > 0`.append(sql` or ${t.kind} = 'none'`)),
  check('inlined', sql`${t.size} > ${maximum}`.inlineParams()),
  check('enum_itself', sql`${t.kind}::${boxKind} is not null`),
  check('nothing', sql`${t.size} is ${sql.raw('not')} null${sql.empty()}`),
  check('conditional', sql`${t.size} > 1 ${maximum > 5 ? sql`and ${t.size} < 100` : sql``} and true ${undefined}`),
  index('boxes_owner').on(sql`(${t.ownerId} % 10)`, t.kind).where(sql`${t.kind} <> ${sql.raw("'void'")}`),
  index('boxes_kind_text').on(sql`lower(${sql.identifier('kind')})`),
  pgPolicy('own', { using: isOwner(t.ownerId), withCheck: sql`exists (select 1 from ${owners} where ${owners.id} = ${t.ownerId})` }),
]);

function boxesName() {
  return sql.identifier('boxes');
}

export const boxView = pgView('box_view', { id: integer('id') }).as(
  sql`select ${boxes.id} from ${boxes} join ${owners} on ${owners.id} = ${boxes.ownerId} where ${boxes.kind} = ${'S'} and ${boxes.size} > ${3}`,
);
