import { sql } from 'drizzle-orm';
import { customType, index, pgTable, serial } from 'drizzle-orm/pg-core';
import { money } from './money';

const tsvector = customType<{ data: string }>({
  dataType() {
    return 'tsvector';
  },
});

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

const citext = customType<{ data: string; config: { length?: number } }>({
  dataType(config) {
    return config?.length ? `citext(${config.length})` : 'citext';
  },
});

const bitVarying = customType<{ data: string; config: { size: number }; configRequired: true }>({
  dataType: (config) => 'bit varying(' + config.size + ')',
});

const unit = customType<{ data: number; config: { name: 'metre' | 'foot'; precise?: boolean } }>({
  dataType(config) {
    if (!config) {
      return 'unit';
    }
    const { name, precise = false } = config;
    switch (name) {
      case 'metre':
        return precise ? 'metre_exact' : 'metre';
      default:
        return `unit_${name}`;
    }
  },
  toDriver(value) {
    return String(value);
  },
  fromDriver(value) {
    return Number(value);
  },
});

export const documents = pgTable('documents', {
  id: serial('id').primaryKey(),
  search: tsvector('search').notNull(),
  searchUnnamed: tsvector(),
  content: bytea('content'),
  email: citext('email').unique(),
  handle: citext('handle', { length: 40 }).notNull(),
  handleUnnamed: citext({ length: 10 }),
  bits: bitVarying('bits', { size: 12 }),
  height: unit('height', { name: 'metre' }),
  exactHeight: unit('exact_height', { name: 'metre', precise: true }),
  width: unit('width', { name: 'foot' }),
  depth: unit('depth'),
  price: money('price', { currency: 'eur' }).default('0'),
  languages: citext('languages').array(),
  weighted: tsvector('weighted').generatedAlwaysAs(sql`to_tsvector('english', 'x')`),
}, (t) => [index('documents_search_idx').using('gin', t.search)]);
