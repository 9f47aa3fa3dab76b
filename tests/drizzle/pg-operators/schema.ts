import { boolean, integer, pgTable, serial, text, varchar } from 'drizzle-orm/pg-core';

interface Options {
  length?: number;
  label?: { text?: string | null; lines?: string[] };
  strict?: boolean;
  build?: (name: string) => string;
}
const empty: Options = {};
const full: Options = { length: 0, label: { text: 'hi', lines: ['one', 'two'] }, strict: false, build: (name) => `built_${name}` };
const prefix = '' || 'app';
const nothing: string | null = null;
const version = 3;

export const samples = pgTable(`${prefix}_samples`, {
  id: serial('id').primaryKey(),
  nullish: integer('nullish').default(empty.length ?? 5),
  nullishZero: integer('nullish_zero').default(full.length ?? 5),
  orZero: integer('or_zero').default(full.length || 5),
  and: text('and').default((full.label && full.label.text) as string),
  optional: text('optional').default(empty.label?.text ?? 'none'),
  optionalDeep: text('optional_deep').default(full.label?.lines?.[1] ?? 'none'),
  optionalCall: text(full.build?.('name') ?? 'name'),
  optionalCallMissing: text(empty.build?.('other') ?? 'other'),
  conditional: text('conditional').default(version > 2 ? 'new' : 'old'),
  chained: text('chained').default(version === 1 ? 'one' : version === 2 ? 'two' : 'many'),
  equal: boolean('equal').default(version === 3),
  notEqual: boolean('not_equal').default(version !== 3),
  loose: boolean('loose').default(nothing == null),
  not: boolean('not').default(!full.strict && !nothing),
  compared: boolean('compared').default(version >= 3 && version < 10),
  typed: text('typed').default(typeof version),
  inside: boolean('inside').default('length' in full),
  arithmetic: integer('arithmetic').default((version + 2) * 4 - 6 / 3),
  bits: integer('bits').default((1 << 4) | 3),
  text: varchar('text', { length: full.length || 40 }).default('v' + version + 0.5),
  comma: text('comma').default(`a${1 + 1}b${true}c${null}`),
  nested: text('nested').default(`outer ${`inner ${prefix}`}`),
});
