import { bigint, pgTable, serial } from 'drizzle-orm/pg-core';

// drizzle-kit fails: it cannot write a bigint as JSON. The reader gives the digits as SQL text.
export const balances = pgTable('balances', {
  id: serial('id').primaryKey(),
  amount: bigint('amount', { mode: 'bigint' }).notNull().default(0n),
  limit: bigint('limit', { mode: 'bigint' }).default(BigInt('-9007199254740993')),
});
