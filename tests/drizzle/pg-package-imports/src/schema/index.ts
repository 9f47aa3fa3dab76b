import { pgTable, serial, varchar } from 'drizzle-orm/pg-core';
import { NAME_LENGTH } from '#constants';
import { timestamps } from '#db/columns';

export * from '#db/users';
export const groups = pgTable('groups', { id: serial('id').primaryKey(), name: varchar('name', { length: NAME_LENGTH }), ...timestamps });
