import { relations, type InferSelectModel } from 'drizzle-orm';
import { integer, pgTable, primaryKey, serial, text, timestamp } from 'drizzle-orm/pg-core';

export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  name: text('name').notNull(),
  invitedBy: integer('invited_by'),
});

export const usersRelations = relations(users, ({ one, many }) => ({
  invitee: one(users, { fields: [users.invitedBy], references: [users.id], relationName: 'invitee' }),
  memberships: many(memberships),
}));

export const groups = pgTable('groups', { id: serial('id').primaryKey(), name: text('name') });
export const groupsRelations = relations(groups, ({ many }) => ({ memberships: many(memberships) }));

export const memberships = pgTable('memberships', {
  userId: integer('user_id').notNull().references(() => users.id),
  groupId: integer('group_id').notNull().references(() => groups.id),
  joinedAt: timestamp('joined_at').notNull().defaultNow(),
}, (t) => [primaryKey({ columns: [t.userId, t.groupId] })]);

export const membershipsRelations = relations(memberships, ({ one }) => ({
  group: one(groups, { fields: [memberships.groupId], references: [groups.id] }),
  user: one(users, { fields: [memberships.userId], references: [users.id] }),
}));

// A stand-in for the schema builders of validation libraries: what it returns never reaches a table.
const createInsertSchema = <T>(table: T, refine: Record<string, (value: string) => boolean> = {}) => ({
  table,
  refine,
  parse: (value: unknown) => value as T,
  omit(_: Record<string, true>) {
    return this;
  },
});
export const insertUser = createInsertSchema(users, { name: (value) => /^[a-z]+$/i.test(value) }).omit({ id: true });
export type User = InferSelectModel<typeof users>;
export type NewUser = typeof users.$inferInsert;
export class UserError extends Error {}
export async function load(id: number): Promise<User | undefined> {
  for (const user of [] as User[]) {
    if (user.id === id) return user;
  }
  return undefined;
}
