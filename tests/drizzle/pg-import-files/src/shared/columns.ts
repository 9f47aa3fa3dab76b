import { timestamp } from 'drizzle-orm/pg-core';

export const columns = { createdAt: timestamp('created_at').defaultNow() };
