import { customType } from 'drizzle-orm/pg-core';

const SCALE = 2;
const precisions: Record<string, number> = { eur: 12, jpy: 15 };

export const money = customType<{ data: string; config: { currency: string } }>({
  dataType(config) {
    const precision = precisions[config?.currency ?? 'jpy'] ?? 10;
    return `numeric(${precision}, ${SCALE})`;
  },
});
