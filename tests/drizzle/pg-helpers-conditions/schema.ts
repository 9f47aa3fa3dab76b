import { bigint, integer, pgTable, serial, text, timestamp, varchar } from 'drizzle-orm/pg-core';

const useZones = true;
const instant = useZones ? (name: string) => timestamp(name, { withTimezone: true }) : (name: string) => timestamp(name);

function identifier(name: string, kind: 'small' | 'large' | 'text' = 'small') {
  if (kind === 'text') {
    return varchar(name, { length: 36 });
  } else if (kind === 'large') {
    return bigint(name, { mode: 'number' });
  }
  return integer(name);
}

function label(name: string, required = false) {
  const column = text(name);
  return required ? column.notNull() : column;
}

const sized = (name: string, length?: number) => (length !== undefined ? varchar(name, { length }) : text(name));

function reference(name: string, optional?: boolean) {
  let column: any = integer(name).references(() => owners.id);
  if (!optional) {
    column = column.notNull();
  }
  return column;
}

export const owners = pgTable('owners', { id: serial('id').primaryKey(), name: label('name', true) });

export const assets = pgTable('assets', {
  id: identifier('id', 'large').primaryKey(),
  externalId: identifier('external_id', 'text').notNull(),
  number: identifier('number'),
  title: label('title'),
  code: sized('code', 12),
  description: sized('description'),
  ownerId: reference('owner_id'),
  formerOwnerId: reference('former_owner_id', true),
  boughtAt: instant('bought_at').notNull(),
  ...(useZones && { zone: text('zone').default('UTC') }),
  ...(!useZones ? { offset: integer('offset') } : null),
});
