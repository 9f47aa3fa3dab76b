import { sql } from 'drizzle-orm';
import { integer, text } from 'drizzle-orm/sqlite-core';

export const id = (name = 'id') => text(name).primaryKey().$defaultFn(() => Math.random().toString(36));
export const timestamps = {
  createdAt: integer('created_at', { mode: 'timestamp' }).notNull().default(sql`(unixepoch())`),
  updatedAt: integer('updated_at', { mode: 'timestamp' }).notNull().default(sql`(unixepoch())`).$onUpdateFn(() => new Date()),
};
export const flag = (name: string, value = false) => integer(name, { mode: 'boolean' }).notNull().default(value);
