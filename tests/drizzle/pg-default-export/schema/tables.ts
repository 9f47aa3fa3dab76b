import { pgTable, serial } from 'drizzle-orm/pg-core';

const zebras = pgTable('zebras', { id: serial('id').primaryKey() });
const apes = pgTable('apes', { id: serial('id').primaryKey() });

export { zebras as default, apes };
