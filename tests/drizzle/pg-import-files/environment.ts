export const environment = {
  stage: 'production',
  url: process.env.DATABASE_URL ?? 'postgres://localhost/example',
};

if (!environment.url) {
  throw new Error('DATABASE_URL is missing');
}
