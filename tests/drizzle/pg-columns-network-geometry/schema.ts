import {
  bit, cidr, geometry, halfvec, inet, line, macaddr, macaddr8, pgTable, point, serial, sparsevec, vector,
} from 'drizzle-orm/pg-core';

export const devices = pgTable('devices', {
  id: serial('id').primaryKey(),
  address: inet('address').notNull(),
  lastAddress: inet(),
  network: cidr('network').default('10.0.0.0/8'),
  mac: macaddr('mac'),
  longMac: macaddr8('long_mac'),
  flags: bit('flags', { dimensions: 8 }),
});

export const places = pgTable('places', {
  id: serial('id').primaryKey(),
  at: point('at'),
  atXy: point('at_xy', { mode: 'xy' }).notNull(),
  atTuple: point({ mode: 'tuple' }),
  border: line('border'),
  borderAbc: line('border_abc', { mode: 'abc' }),
  borderTuple: line({ mode: 'tuple' }),
  shape: geometry('shape'),
  shapePoint: geometry('shape_point', { type: 'point', mode: 'xy', srid: 4326 }),
  shapeTuple: geometry({ type: 'point', mode: 'tuple' }),
});

const DIMENSIONS = 1536;

export const embeddings = pgTable('embeddings', {
  id: serial('id').primaryKey(),
  embedding: vector('embedding', { dimensions: DIMENSIONS }).notNull(),
  half: halfvec('half', { dimensions: DIMENSIONS / 2 }),
  sparse: sparsevec('sparse', { dimensions: 3 }),
  unnamed: vector({ dimensions: 3 }),
});
