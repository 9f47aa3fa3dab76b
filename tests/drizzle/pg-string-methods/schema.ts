import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';

const NAME = 'Customer Orders';
const snake = (text: string) => text.toLowerCase().split(' ').join('_');
const camel = (name: string) => name.split('_').map((part, i) => (i === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1))).join('');
const money = (name: string) => integer(name.endsWith('_cents') ? name : `${name}_cents`);

export const orders = pgTable(snake(NAME), {
  id: serial('id').primaryKey(),
  total: money('total'),
  tax: money('tax_cents'),
  upper: text('upper').default(NAME.toUpperCase()),
  replaced: text('replaced').default(NAME.replace('o', '0')),
  replacedRegex: text('replaced_regex').default(NAME.replace(/[A-Z]/g, '-')),
  replacedAll: text('replaced_all').default(NAME.replaceAll('r', 'R')),
  trimmed: text('trimmed').default('  padded '.trim()),
  trimmedEnd: text('trimmed_end').default('padded  '.trimEnd()),
  starts: text('starts').default(NAME.startsWith('Cust') ? 'yes' : 'no'),
  ends: text('ends').default(NAME.endsWith('x') ? 'yes' : 'no'),
  sliced: text('sliced').default(NAME.slice(-6)),
  substring: text('substring').default(NAME.substring(0, 4)),
  repeated: text('repeated').default('ab'.repeat(3)),
  paddedStart: text('padded_start').default('7'.padStart(3, '0')),
  paddedEnd: text('padded_end').default('7'.padEnd(3, '.')),
  concatenated: text('concatenated').default('a'.concat('b', 'c')),
  included: integer('included').default(NAME.includes('Order') ? 1 : 0),
  position: integer('position').default(NAME.indexOf('Orders')),
  length: integer('length').default(NAME.length),
  letter: text('letter').default(NAME[0]),
  camel: text(camel('some_long_name')),
  number: text('number').default(String(42)),
  fixed: text('fixed').default((3.14159).toFixed(2)),
  parsed: integer('parsed').default(Number('12') + parseInt('30', 10)),
  both: text('both').default(`${NAME.length}-${NAME.at(-1)}-${[1, 2].length > 1}`),
  tagged: text('tagged').default(String.raw`C:\new`),
});
