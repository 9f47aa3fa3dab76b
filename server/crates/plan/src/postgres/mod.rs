//! PostgreSQL's steps.

use schema::Schema;

use crate::{Plan, Rename};

pub(crate) fn plan(_before: &Schema, _after: &Schema, _renames: &[Rename]) -> Plan {
    todo!()
}

pub(crate) fn renamed(_before: &Schema, _after: &Schema, _renames: &[Rename]) -> Schema {
    todo!()
}
