import { sql as raw } from 'drizzle-orm';
import { index as createIndex, integer as int, pgEnum as enumeration, pgTable as table, serial as autoId, text as string, timestamp as ts } from 'drizzle-orm/pg-core';
import { default as names, statuses as allStatuses } from './names';

const text = (name: string) => string(name).notNull();
const column = int;

export const status = enumeration('status', allStatuses);
export const tasks = table(names.tasks, {
  id: autoId('id').primaryKey(),
  title: text('title'),
  note: string('note'),
  estimate: column('estimate').default(1),
  status: status('status').default(allStatuses[1]),
  at: ts('at').default(raw`now()`),
}, (self) => [createIndex(`${names.tasks}_title`).on(self.title)]);
