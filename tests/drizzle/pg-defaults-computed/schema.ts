import { integer, jsonb, pgEnum, pgTable, serial, text } from 'drizzle-orm/pg-core';
import settings, { DEFAULT_LOCALE, Limits, Status, defaultCredits, defaultsFor } from './settings';

export const statusEnum = pgEnum('status', [Status.Active, Status.Inactive]);

export const customers = pgTable('customers', {
  id: serial('id').primaryKey(),
  status: statusEnum('status').notNull().default(Status.Active),
  textStatus: text('text_status').default(Status['Inactive']),
  locale: text('locale').default(DEFAULT_LOCALE),
  credits: integer('credits').notNull().default(defaultCredits()),
  bonusCredits: integer('bonus_credits').default(defaultCredits(2)),
  limit: integer('limit').default(Limits.Large),
  doubled: integer('doubled').default(Limits.Small * 2),
  greeting: text('greeting').default(`hello ${DEFAULT_LOCALE.toUpperCase()}`),
  timezone: text('timezone').default(settings.timezone),
  nested: text('nested').default(settings.mail.sender),
  missing: text('missing').default(settings.mail.replyTo ?? 'nobody@example.com'),
  options: jsonb('options').default(defaultsFor('customer')),
});
