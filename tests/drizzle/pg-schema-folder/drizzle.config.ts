import { defineConfig } from 'drizzle-kit';
import { folder } from './src/paths';

export default defineConfig({
  dialect: 'postgresql',
  schema: folder,
  out: './migrations',
  migrations: { prefix: 'timestamp', table: 'journal', schema: 'public' },
  breakpoints: true,
  schemaFilter: ['public'],
  tablesFilter: ['!skipped'],
} satisfies Parameters<typeof defineConfig>[0]);
