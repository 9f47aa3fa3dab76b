import { integer, jsonb, pgEnum, pgTable, serial, text, type PgTableExtraConfigValue } from 'drizzle-orm/pg-core';

type Level = 'low' | 'high';
type Values<T extends Record<string, string>> = [T[keyof T], ...T[keyof T][]];

const levels = { Low: 'low', High: 'high' } as const satisfies Record<string, Level>;
const values = <T extends Record<string, string>>(object: T) => Object.values(object) as unknown as Values<T>;
function identity<T,>(value: T): T;
function identity(value: unknown) {
  return value;
}

abstract class Unused<T> {
  protected abstract value: T;
}

export const level = pgEnum('level', values<typeof levels>(levels));
const column = (<any>text)('asserted');
let mutable!: string;
mutable = 'assigned';

export const items = pgTable('items', {
  id: serial('id').primaryKey(),
  level: level('level').notNull().default(levels.High as Level),
  asserted: column,
  nonNull: text('non_null')!.default((undefined ?? 'x')!),
  satisfied: jsonb('satisfied').default({ a: 1 } satisfies { a: number }),
  twice: text('twice').default('y' as unknown as string),
  generic: integer('generic').default(identity<number>(9)),
  parenthesised: (text('parenthesised') as any).notNull(),
  assigned: text('assigned').default(mutable),
} as const, (t): PgTableExtraConfigValue[] => []);

export default items satisfies object;
export type Item = typeof items.$inferSelect;
export declare const ambient: string;
