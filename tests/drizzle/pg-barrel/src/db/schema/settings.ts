import { jsonb, pgTable, serial } from 'drizzle-orm/pg-core';

export default pgTable('settings', { id: serial('id').primaryKey(), value: jsonb('value') });
