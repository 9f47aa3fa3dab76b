import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './apps/web/src/schema.ts',
  out: './drizzle',
});
