import { integer, pgEnum, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { Direction, Weight } from './enums';

export enum Status {
  Draft = 'draft',
  Live = 'live',
  Gone = `gone`,
}
enum Number {
  Zero,
  One,
  Ten = 10,
  Eleven,
  Negative = -3,
  MinusTwo,
}
enum Flags {
  None = 0,
  Read = 1 << 0,
  Write = 1 << 1,
  Both = Read | Write,
  Length = 'abc'.length,
}
const enum Unit {
  Metre = 'm',
  Foot = 'ft',
}
enum Mixed {
  A,
  B = 'b',
  'quoted key' = 'quoted value',
}

export const status = pgEnum('status', Object.values(Status) as [string, ...string[]]);
export const statusByList = pgEnum('status_by_list', [Status.Draft, Status['Live']]);
export const direction = pgEnum('direction', Object.values(Direction) as [string, ...string[]]);
export const mixed = pgEnum('mixed', Object.keys(Mixed) as [string, ...string[]]);
export const numberNames = pgEnum('number_names', Object.values(Number).filter((value) => typeof value === 'string') as [string, ...string[]]);

export const rows = pgTable('rows', {
  id: serial('id').primaryKey(),
  status: status('status').default(Status.Draft),
  direction: direction('direction').notNull().default(Direction.Up),
  one: integer('one').default(Number.One),
  eleven: integer('eleven').default(Number.Eleven),
  minusTwo: integer('minus_two').default(Number.MinusTwo),
  both: integer('both').default(Flags.Both),
  length: integer('length').default(Flags.Length),
  reverse: text('reverse').default(Number[10]),
  unit: text('unit').default(Unit.Metre),
  weight: integer('weight').default(Weight.Heavy),
  quoted: text('quoted').default(Mixed['quoted key']),
});
