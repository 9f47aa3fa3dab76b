import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'turso',
  schema: './db/*.ts',
  out: './drizzle',
  casing: 'snake_case',
});
