import { eq, sql } from 'drizzle-orm';
import { integer, pgMaterializedView, pgSchema, pgTable, serial, text } from 'drizzle-orm/pg-core';

export const sales = pgTable('sales', { id: serial('id').primaryKey(), region: text('region').notNull(), amount: integer('amount') });

export const plain = pgMaterializedView('plain_sales').as((qb) => qb.select().from(sales));
export const bySql = pgMaterializedView('sales_by_region', { region: text('region'), amount: integer('amount') }).as(
  sql`select region, sum(amount) as amount from sales group by region`,
);
export const everything = pgMaterializedView('everything')
  .using('heap')
  .with({
    fillfactor: 90,
    toastTupleTarget: 1024,
    parallelWorkers: 2,
    autovacuumEnabled: true,
    autovacuumVacuumThreshold: 50,
    autovacuumVacuumScaleFactor: 0.2,
    autovacuumVacuumCostDelay: 10,
    autovacuumVacuumCostLimit: 200,
    autovacuumFreezeMinAge: 1000,
    autovacuumFreezeMaxAge: 200000,
    autovacuumFreezeTableAge: 150000,
    autovacuumMultixactFreezeMinAge: 1,
    autovacuumMultixactFreezeMaxAge: 2,
    autovacuumMultixactFreezeTableAge: 3,
    logAutovacuumMinDuration: 100,
    userCatalogTable: false,
    vacuumIndexCleanup: 'auto',
    vacuumTruncate: true,
  })
  .tablespace('fast_disks')
  .withNoData()
  .as((qb) => qb.select({ id: sales.id }).from(sales).where(eq(sales.region, 'north')));
export const existing = pgMaterializedView('existing_sales', { id: integer('id') }).existing();

const reporting = pgSchema('reporting');
export const monthly = reporting.materializedView('monthly', { month: integer('month').notNull() }).withNoData().as(sql`select 1 as month`);
