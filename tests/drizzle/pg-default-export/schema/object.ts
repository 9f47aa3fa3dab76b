import { pgTable, serial } from 'drizzle-orm/pg-core';

// A table inside an object is no export of its own.
const inside = pgTable('inside', { id: serial('id').primaryKey() });

export default { inside };
