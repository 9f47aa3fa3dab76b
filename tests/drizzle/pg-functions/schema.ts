import { bigint, integer, numeric, pgTable, serial, text, varchar, type AnyPgColumn } from 'drizzle-orm/pg-core';

const column = (name: string, length = 20, required = length > 10) => {
  const base = varchar(name, { length });
  if (required) return base.notNull();
  return base;
};

function typed(kind: 'id' | 'money' | 'note' | 'count', name: string) {
  switch (kind) {
    case 'id':
      return bigint(name, { mode: 'number' });
    case 'money': {
      const precision = 10;
      return numeric(name, { precision, scale: 2 });
    }
    case 'count':
    case 'note':
      if (kind === 'count') {
        return integer(name).default(0);
      }
      return text(name);
    default:
      throw new Error('unknown kind');
  }
}

const curried = (prefix: string) => (name: string) => text(`${prefix}_${name}`);
const billing = curried('billing');
const withDefaults = (name: string, { nullable = false, value = 'x' } = {}) => (nullable ? text(name).default(value) : text(name).notNull().default(value));
const reference = (target: () => AnyPgColumn) => integer('owner_id').references(target, { onDelete: 'cascade' });
const compose = (...steps: Array<(column: any) => any>) => (column: any) => steps.reduce((current, step) => step(current), column);
const required = (column: any) => column.notNull();
const unique = (column: any) => column.unique();

const helpers = {
  name: () => text('name').notNull(),
  code(length: number) {
    return varchar('code', { length });
  },
  size: function (this: unknown, fallback = 1) {
    return integer('size').default(fallback);
  },
  nested: { note: (name = 'note') => text(name) },
};

export const owners = pgTable('owners', { id: serial('id').primaryKey(), ...named('owner') });

export const items = pgTable('items', {
  id: serial('id').primaryKey(),
  short: column('short', 5),
  long: column('long', 50),
  plain: column('plain'),
  optional: column('optional', 50, false),
  number: typed('id', 'number').notNull(),
  price: typed('money', 'price'),
  count: typed('count', 'count'),
  note: typed('note', 'note'),
  street: billing('street'),
  valued: withDefaults('valued'),
  nullable: withDefaults('nullable', { nullable: true, value: 'y' }),
  ownerId: reference(() => owners.id),
  composed: compose(required, unique)(text('composed')),
  name: helpers.name(),
  code: helpers.code(4),
  size: helpers.size(),
  comment: helpers.nested.note('comment'),
  immediate: ((name: string) => text(name))('immediate'),
});

function named(prefix: string, suffixes: string[] = ['first', 'last']) {
  const columns: Record<string, any> = {};
  suffixes.forEach((suffix) => {
    columns[`${suffix}Name`] = text(`${prefix}_${suffix}`);
  });
  return columns;
}
