import { timestamp } from 'drizzle-orm/pg-core';

export const LENGTH = 120;
export const timestamps = { createdAt: timestamp('created_at').defaultNow() };
