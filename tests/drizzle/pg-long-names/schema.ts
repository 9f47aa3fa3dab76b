import { foreignKey, index, integer, pgTable, primaryKey, serial, text, unique } from 'drizzle-orm/pg-core';

const LONG = 'a_rather_long_name_for_a_table_that_goes_on_and_on_beyond_the_limit';

export const contracts = pgTable('organisation_membership_contract_documents', {
  id: serial('id').primaryKey(),
  confidentialDocumentReference: text('confidential_document_reference_number').unique(),
  parent: integer('originating_organisation_membership_contract_identifier'),
}, (t) => [
  index().on(t.confidentialDocumentReference, t.parent),
  unique().on(t.parent, t.confidentialDocumentReference),
  foreignKey({ columns: [t.parent], foreignColumns: [t.id] }),
]);

export const longTable = pgTable(LONG, {
  first: integer('first_column_of_the_key').references(() => contracts.id),
  second: integer('second_column_of_the_key').generatedAlwaysAsIdentity(),
}, (t) => [primaryKey({ columns: [t.first, t.second] })]);
