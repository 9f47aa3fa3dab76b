import { pgEnum, pgSchema, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { Priority, ROLES, Tone } from './values';

export const mood = pgEnum('mood', ['sad', 'ok', 'happy', "it's complicated"]);
export const roleEnum = pgEnum('role', ROLES);
export const priorityEnum = pgEnum('priority', Object.values(Priority) as [string, ...string[]]);
export const toneEnum = pgEnum('tone', [Tone.Warm, Tone.Cold]);
const plans = ['free', 'pro'] as const;
export const planEnum = pgEnum('plan', [...plans, 'enterprise']);

const billing = pgSchema('billing');
export const invoiceStatus = billing.enum('invoice_status', ['open', 'paid']);
const internalKind = pgEnum('internal_kind', ['x', 'y']);

export const people = pgTable('people', {
  id: serial('id').primaryKey(),
  mood: mood('mood').default('ok').notNull(),
  moodUnnamed: mood(),
  role: roleEnum('role').notNull().default(ROLES[0]),
  priority: priorityEnum('priority').default(Priority.High),
  tone: toneEnum('tone').default(Tone.Cold),
  plan: planEnum().default('free'),
  invoice: invoiceStatus('invoice'),
  kind: internalKind('kind'),
  history: mood('history').array(),
  statuses: invoiceStatus('statuses').array().array(),
  limited: text('limited', { enum: roleEnum.enumValues }),
  first: text('first').default(mood.enumValues[0]),
});
