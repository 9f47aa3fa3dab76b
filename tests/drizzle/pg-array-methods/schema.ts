import { index, integer, jsonb, pgEnum, pgTable, serial, text } from 'drizzle-orm/pg-core';

const plans = [
  { key: 'free', seats: 1, public: true },
  { key: 'team', seats: 10, public: true },
  { key: 'legacy', seats: 3, public: false },
];
const locales = ['de', 'en', 'fr'];
const nested = [['a', 'b'], ['c']];
const words: string[] = ['pear', 'apple', 'fig'];

export const planKey = pgEnum('plan_key', plans.map((plan) => plan.key) as [string, ...string[]]);
export const publicPlan = pgEnum('public_plan', plans.filter(({ public: visible }) => visible).map((p) => p.key) as [string, ...string[]]);
export const combined = pgEnum('combined', locales.concat('it', ['es']).slice(1, 4) as [string, ...string[]]);
export const flattened = pgEnum('flattened', nested.flat() as [string, ...string[]]);
export const doubled = pgEnum('doubled', locales.flatMap((locale) => [locale, `${locale}_alt`]) as [string, ...string[]]);
export const sorted = pgEnum('sorted', [...words].sort() as [string, ...string[]]);
export const reversed = pgEnum('reversed', [...words].reverse() as [string, ...string[]]);
export const byLength = pgEnum('by_length', [...words].sort((a, b) => a.length - b.length) as [string, ...string[]]);
export const indexed = pgEnum('indexed', locales.map((locale, i) => `${i}_${locale}`) as [string, ...string[]]);

const translated = locales.reduce<Record<string, any>>((columns, locale) => ({ ...columns, [`title_${locale}`]: text(`title_${locale}`) }), {});
const total = plans.reduce((sum, plan) => sum + plan.seats, 0);

export const things = pgTable('things', {
  id: serial('id').primaryKey(),
  ...translated,
  plan: planKey('plan').default(plans.find((plan) => plan.seats > 5)!.key),
  last: text('last').default(locales.at(-1)!),
  position: integer('position').default(locales.indexOf('en')),
  missing: integer('missing').default(locales.indexOf('xx')),
  total: integer('total').default(total),
  joined: text('joined').default(locales.join('|')),
  joinedPlain: text('joined_plain').default(words.join()),
  hasEnglish: integer('has_english').default(locales.includes('en') ? 1 : 0),
  anyPublic: text('any_public').default(plans.some((plan) => plan.public) ? 'yes' : 'no'),
  allPublic: text('all_public').default(plans.every((plan) => plan.public) ? 'yes' : 'no'),
  count: integer('count').default(plans.length),
  list: jsonb('list').default(plans.slice(-1)),
  tail: text('tail').array().default(words.slice(1)),
}, (t: any) => locales.map((locale) => index(`things_title_${locale}`).on(t[`title_${locale}`])));
