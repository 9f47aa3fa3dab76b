import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, pgTable, primaryKey, serial, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';

export const arrayForm = pgTable('array_form', { id: serial('id').primaryKey(), a: text('a'), b: text('b') }, (t) => [
  index('array_form_a').on(t.a),
  unique('array_form_ab').on(t.a, t.b),
]);

export const objectForm = pgTable('object_form', { id: serial('id').primaryKey(), a: text('a'), b: integer('b') }, (table) => ({
  aIdx: index('object_form_a').on(table.a),
  bIdx: uniqueIndex('object_form_b').on(table.b),
  positive: check('object_form_positive', sql`${table.b} > 0`),
}));

export const blockForm = pgTable('block_form', { a: text('a'), b: integer('b'), c: integer('c') }, (table) => {
  return {
    pk: primaryKey({ columns: [table.a, table.b] }),
    cIdx: index('block_form_c').on(table.c),
    fk: foreignKey({ columns: [table.c], foreignColumns: [arrayForm.id] }),
  };
});

const indexed = ['a', 'b'] as const;
export const blockArray = pgTable('block_array', { id: serial('id').primaryKey(), a: text('a'), b: text('b') }, (t) => {
  const prefix = 'block_array';
  const single = indexed.map((name) => index(`${prefix}_${name}_idx`).on(t[name]));
  return [...single, unique(`${prefix}_unique`).on(...indexed.map((name) => t[name]))];
});

export const destructured = pgTable('destructured', { id: serial('id').primaryKey(), a: text('a'), b: text('b') }, ({ a, b: second }) => [
  index('destructured_a').on(a),
  index('destructured_b').on(second),
]);

const sharedExtras = (name: string) => (t: { a: any }) => ({ byA: index(`${name}_a`).on(t.a) });
export const passed = pgTable('passed', { id: serial('id').primaryKey(), a: text('a') }, sharedExtras('passed'));

export const noArgument = pgTable('no_argument', { id: serial('id').primaryKey() }, () => []);
export const functionForm = pgTable('function_form', { id: serial('id'), a: text('a') }, function (t) {
  return [primaryKey({ columns: [t.id], name: 'function_form_key' })];
});
