import { sql as SQL } from 'drizzle-orm';
import * as s from 'drizzle-orm/sqlite-core';

const tenantTable = <T extends Record<string, any>>(name: string, columns: T) =>
  s.sqliteTable(name, { id: s.integer().primaryKey(), tenantId: s.integer('tenant_id').notNull(), ...columns }, (t: any) => [
    s.index(`${name}_tenant`).on(t.tenantId),
  ]);

const languages = ['de', 'en'] as const;
const titles = Object.fromEntries(languages.map((language) => [`title_${language}`, s.text()]));

export const pages = tenantTable('pages', { ...titles, body: s.text().default(SQL`''`) });
export const assets = tenantTable('assets', { size: s.integer().default(languages.length), kind: s.text({ enum: ['image', 'video'] }) });
