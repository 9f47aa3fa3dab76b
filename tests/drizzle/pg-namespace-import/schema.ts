import * as orm from 'drizzle-orm';
import * as t from 'drizzle-orm/pg-core';
import * as shared from './shared';

const { sql } = orm;

export const rolesEnum = t.pgEnum('roles', shared.roles);

export const users = t.pgTable(
  'users',
  {
    id: t.integer().primaryKey().generatedAlwaysAsIdentity(),
    firstName: t.varchar('first_name', { length: shared.limits.name }),
    email: t.varchar().notNull(),
    invitee: t.integer().references((): t.AnyPgColumn => users.id),
    role: rolesEnum().default(shared.roles[0]),
    ...shared.timestamps,
  },
  (table) => [t.uniqueIndex('email_idx').on(table.email), t.check('email_at', orm.sql`${table.email} like '%@%'`)],
);

export const posts = t.pgTable('posts', {
  slug: t.varchar().$default(() => shared.slug(16)),
  title: t.varchar('title', { length: 256 }),
  ownerId: t.integer('owner_id').references(() => users.id),
  at: t.timestamp().default(sql`now()`),
}, (table) => [t.uniqueIndex('slug_idx').on(table.slug), t.index('title_idx').on(table.title)]);
