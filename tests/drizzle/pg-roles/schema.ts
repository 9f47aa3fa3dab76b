import { pgRole, pgTable, serial } from 'drizzle-orm/pg-core';

const base = { createDb: false, inherit: true };

export const plain = pgRole('plain');
export const owner = pgRole('owner', { createDb: true, createRole: true, inherit: false });
export const builder = pgRole('builder', { createDb: true });
export const manager = pgRole('manager', { createRole: true });
export const lonely = pgRole('lonely', { inherit: false });
export const spread = pgRole('spread', { ...base, createRole: true });
export const outside = pgRole('outside').existing();
export const outsideWithConfig = pgRole('outside_with_config', { createDb: true }).existing();
const unexported = pgRole('unexported');

export const things = pgTable('things', { id: serial('id').primaryKey() });
