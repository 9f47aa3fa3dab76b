import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm';
import { boolean, integer, pgSchema, pgTable, pgView, serial, text, timestamp } from 'drizzle-orm/pg-core';

export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  fullName: text('full_name').notNull().default('nobody'),
  age: integer('age'),
  isActive: boolean('is_active').notNull().default(true),
  deletedAt: timestamp('deleted_at'),
});

export const allUsers = pgView('all_users').as((qb) => qb.select().from(users));
export const adults = pgView('adults').as((qb) => qb.select().from(users).where(gt(users.age, 17)));
export const activeUsers = pgView('active_users').as((qb) =>
  qb.select({ id: users.id, name: users.fullName }).from(users).where(and(eq(users.isActive, true), isNull(users.deletedAt))),
);
export const named = pgView('named_users')
  .with({ securityInvoker: true })
  .as((qb) => qb.select({ key: users.id, upper: sql<string>`upper(${users.fullName})`.as('upper_name') }).from(users));
export const byText = pgView('users_by_text').as((qb) => {
  return qb.select().from(users).where(sql`${users.fullName} = 'Ann' and ${users.age} > ${18}`).orderBy(desc(users.age)).limit(10);
});

const crm = pgSchema('crm');
export const contacts = crm.table('contacts', { id: serial('id').primaryKey(), userId: integer('user_id').references(() => users.id) });
export const contactView = crm.view('contact_view').as((qb) => qb.select().from(contacts).where(eq(contacts.userId, 3)));
