import { sql } from 'drizzle-orm';
import { bigint, pgSchema, pgSequence, pgTable } from 'drizzle-orm/pg-core';

export const plain = pgSequence('plain_seq');
export const invoiceNumbers = pgSequence('invoice_numbers', {
  startWith: 1000,
  increment: 10,
  minValue: 1000,
  maxValue: 999_999,
  cache: 5,
  cycle: true,
});
export const descending = pgSequence('descending', { increment: -1 });
export const descendingFrom = pgSequence('descending_from', { increment: -5, startWith: -100, minValue: -10000, maxValue: -100 });
export const withTexts = pgSequence('with_texts', { maxValue: '9223372036854775806', minValue: '2' });
const unexported = pgSequence('unexported_seq');

export const audit = pgSchema('audit');
export const auditNumbers = audit.sequence('audit_numbers', { startWith: 5, cycle: false });
export const auditPlain = audit.sequence('audit_plain');

export const invoices = pgTable('invoices', {
  number: bigint('number', { mode: 'number' }).primaryKey().default(sql`nextval('invoice_numbers')`),
});
