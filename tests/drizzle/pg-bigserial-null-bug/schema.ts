import { bigserial, pgTable, text } from 'drizzle-orm/pg-core';

// A bigserial column is not null in the database; drizzle-kit says so for the mode 'number' only.
export const events = pgTable('events', {
  number: bigserial('number', { mode: 'bigint' }),
  other: bigserial('other', { mode: 'number' }),
  name: text('name'),
});
