import { sql } from 'drizzle-orm';
import { pgTable, pgView, serial, text, timestamp } from 'drizzle-orm/pg-core';

// drizzle-kit leaves the selected columns of a view uncased, so that the view names columns that do not exist.
export const profiles = pgTable('profiles', { id: serial().primaryKey(), firstName: text().notNull(), createdAt: timestamp() });
export const profileView = pgView('profile_view').as((qb) =>
  qb.select({ id: profiles.id, firstName: profiles.firstName }).from(profiles).where(sql`${profiles.createdAt} > now()`),
);
