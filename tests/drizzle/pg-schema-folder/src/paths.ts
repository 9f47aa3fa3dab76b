export const folder = './src/schema';
