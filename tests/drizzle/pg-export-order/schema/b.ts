import { pgEnum, pgSchema, pgTable, serial } from 'drizzle-orm/pg-core';

export const zulu = pgTable('first_in_source', { id: serial('id').primaryKey() });
export const Upper = pgTable('upper', { id: serial('id').primaryKey() });
export const _under = pgTable('under', { id: serial('id').primaryKey() });
export const $dollar = pgTable('dollar', { id: serial('id').primaryKey() });
export const alpha2 = pgTable('alpha2', { id: serial('id').primaryKey() });
export const alpha10 = pgTable('alpha10', { id: serial('id').primaryKey() });
export const alphaB = pgTable('alpha_upper_b', { id: serial('id').primaryKey() });
export const alphab = pgTable('alpha_lower_b', { id: serial('id').primaryKey() });
export const änderung = pgTable('umlaut', { id: serial('id').primaryKey() });
export const zEnum = pgEnum('z_enum', ['z']);
export const aEnum = pgEnum('a_enum', ['a']);
export const zSchema = pgSchema('z_schema');
export const aSchema = pgSchema('a_schema');
