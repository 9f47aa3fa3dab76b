import { integer, pgTable, serial, text, timestamp, varchar } from 'drizzle-orm/pg-core';
import { config, pair } from './config';

const { names, limits: { title: titleLimit = 50, body = 1000 }, missing = 'fallback', ...rest } = config;
const [first, , third = 'c', ...others] = ['a', 'b'];
const [usersName, postsName] = pair;
const { [0]: firstOfPair } = pair;
const stamps = { createdAt: timestamp('created_at'), updatedAt: timestamp('updated_at'), deletedAt: timestamp('deleted_at') };
const { deletedAt: removedAt, ...kept } = stamps;

function column({ name, length = 10, kind: type = 'text' }: { name: string; length?: number; kind?: 'text' | 'number' }) {
  return type === 'number' ? integer(name) : varchar(name, { length });
}
const fromPair = ([name, length]: [string, number]) => varchar(name, { length });
const fromMany = (name: string, ...lengths: number[]) => varchar(name, { length: lengths.reduce((a, b) => a + b, 0) });

export const users = pgTable(usersName, {
  id: serial('id').primaryKey(),
  title: varchar('title', { length: titleLimit }),
  body: varchar('body', { length: body }),
  missing: text('missing').default(missing),
  rest: text('rest').default(rest.tone),
  first: text('first').default(first),
  third: text('third').default(third),
  others: integer('others').default(others.length),
  named: column({ name: 'named' }),
  long: column({ name: 'long', length: 99 }),
  number: column({ name: 'number', kind: 'number' }),
  paired: fromPair(['paired', 7]),
  many: fromMany('many', 1, 2, 3),
  removedAt,
  ...kept,
});

export const { drafts, published: publishedPosts } = {
  drafts: pgTable(`${postsName}_drafts`, { id: serial('id').primaryKey(), name: text(names.post) }),
  published: pgTable(`${firstOfPair}_published`, { id: serial('id').primaryKey() }),
};
export const [north, south] = ['north', 'south'].map((name) => pgTable(name, { id: serial('id').primaryKey() }));
