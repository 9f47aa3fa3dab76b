import { blob, integer, numeric, sqliteTable } from 'drizzle-orm/sqlite-core';

// drizzle-kit fails: it cannot write a bigint as JSON. The reader gives the digits as SQL text.
export const balances = sqliteTable('balances', {
  id: integer('id').primaryKey(),
  amount: numeric('amount', { mode: 'bigint' }).default(9007199254740993n),
});
