import type { Config } from 'drizzle-kit';

const root = './src';

const config: Config = {
  dialect: 'postgresql',
  schema: [`${root}/zebra.ts`, root + '/extra/*.ts', './src/apple.ts', './src/*.ts'],
  out: './drizzle',
  dbCredentials: { url: process.env.DATABASE_URL! },
  verbose: true,
  strict: true,
};

export default config;
