export * from './notes';
export * from './tags';
