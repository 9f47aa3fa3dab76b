const { pgEnum, pgTable, serial } = require('drizzle-orm/pg-core');

const kind = pgEnum('kind', ['x', 'y']);
const zones = pgTable('zones', { id: serial('id').primaryKey(), kind: kind('kind') });

module.exports = { zones, kind };
module.exports.areas = pgTable('areas', { id: serial('id').primaryKey() });
