import { pgTable, serial } from 'drizzle-orm/pg-core';
import { zulu } from './b';

export const lastName = pgTable('last_name', { id: serial('id').primaryKey() });
export { zulu as again };
