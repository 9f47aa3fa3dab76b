import { timestamp } from 'drizzle-orm/pg-core';

export const roles = ['guest', 'user', 'admin'] as const;
export const limits = { name: 256 };
export const timestamps = { createdAt: timestamp('created_at').defaultNow().notNull(), deletedAt: timestamp('deleted_at') };
export const slug = (length: number) => 'x'.repeat(length);
