import type { Config } from 'drizzle-kit';

export default {
  dialect: 'postgresql',
  schema: ['./db/schema.js', './db/common.cjs'],
  out: 'drizzle',
} satisfies Config;
