import { bigint, integer, pgSchema, pgTable, smallint } from 'drizzle-orm/pg-core';

export const tickets = pgTable('tickets', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  number: bigint('number', { mode: 'number' }).generatedByDefaultAsIdentity({ startWith: 1000 }),
  huge: bigint('huge', { mode: 'bigint' }).generatedAlwaysAsIdentity({ increment: 10 }),
  small: smallint('small').generatedByDefaultAsIdentity(),
  countdown: integer('countdown').generatedAlwaysAsIdentity({ increment: -1 }),
  smallDown: smallint('small_down').generatedAlwaysAsIdentity({ increment: -2, startWith: -10 }),
  bigDown: bigint('big_down', { mode: 'number' }).generatedAlwaysAsIdentity({ increment: -1 }),
  named: integer('named').generatedByDefaultAsIdentity({ name: 'ticket_numbers' }),
  everything: integer('everything').generatedAlwaysAsIdentity({
    name: 'everything_seq',
    increment: 5,
    minValue: 10,
    maxValue: 10_000,
    startWith: 100,
    cache: 20,
    cycle: true,
  }),
  texts: bigint('texts', { mode: 'bigint' }).generatedAlwaysAsIdentity({ minValue: '5', maxValue: '9000000000000000000' }),
});

const support = pgSchema('support');
export const queues = support.table('queues', {
  queueId: integer().primaryKey().generatedByDefaultAsIdentity(),
});
