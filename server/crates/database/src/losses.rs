//! How many rows the steps of a plan lose something of.

use plan::{Hazard, Plan};
use schema::{Dialect, ObjectKind, ObjectPath};

use crate::connection::Connection;
use crate::error::Error;

/// So many rows are counted; of more the server's own estimate is told.
const MAX_COUNTED: u64 = 100_000;

/// What one step loses for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The position of the step in its plan.
    pub step: usize,
    /// A sentence.
    pub what: String,
    /// None where the rows of no single table are meant.
    pub rows: Option<Rows>,
}

/// A number of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    Exactly(u64),
    /// There are more than anybody counts: the server's estimate.
    About(u64),
}

impl Connection {
    /// What the plan loses of what the database holds now.
    pub async fn losses(&mut self, plan: &Plan) -> Result<Vec<Loss>, Error> {
        let mut losses = Vec::new();
        for (position, step) in plan.steps.iter().enumerate() {
            let sentences = step.hazards.iter().filter_map(|hazard| match hazard {
                Hazard::LosesData(what) => Some(what.clone()),
                _ => None,
            });
            let sentences: Vec<String> = sentences.collect();
            if sentences.is_empty() {
                continue;
            }
            let rows = self.rows_of(&step.object).await?;
            losses.extend(sentences.into_iter().map(|what| Loss { step: position, what, rows }));
        }
        Ok(losses)
    }

    /// The rows of an object's table; of a column those with a value. None for a table that has another name before.
    pub async fn rows_of(&mut self, object: &ObjectPath) -> Result<Option<Rows>, Error> {
        let dialect = self.dialect();
        let is_of_table = object.kind == ObjectKind::Table || object.kind.is_part();
        if !is_of_table {
            return Ok(None);
        }
        let identifier = |name: &str| dialects::quote_identifier(dialect, name);
        let table = match dialect {
            Dialect::Postgres => format!("{}.{}", identifier(&object.name.namespace), identifier(&object.name.name)),
            Dialect::Sqlite => identifier(&object.name.name),
        };
        let column = object.part.as_ref().filter(|_| object.kind == ObjectKind::Column);
        let filter = column.map(|it| format!(" WHERE {table}.{} IS NOT NULL", identifier(it))).unwrap_or_default();
        let as_text = if dialect == Dialect::Postgres { "::text" } else { "" };
        let limit = MAX_COUNTED + 1;
        let question = format!(
            "SELECT CAST(count(*) AS text) FROM (SELECT 1{as_text} FROM {table}{filter} LIMIT {limit}) AS counted"
        );
        let counted = match self.value(&question).await {
            Ok(counted) => counted.and_then(|text| text.parse::<u64>().ok()),
            Err(error @ Error::Lost { .. }) => return Err(error),
            Err(_) => return Ok(None),
        };
        if counted.is_none_or(|rows| rows <= MAX_COUNTED) {
            return Ok(counted.map(Rows::Exactly));
        }
        let estimate = match dialect {
            Dialect::Postgres => {
                let literal = table.replace('\'', "''");
                let question =
                    format!("SELECT reltuples::bigint::text FROM pg_class WHERE oid = '{literal}'::regclass");
                self.value(&question).await?.and_then(|text| text.parse::<u64>().ok())
            }
            // The last number is found at once, where rows have one.
            Dialect::Sqlite => {
                let answer = self.value(&format!("SELECT CAST(max(rowid) AS text) FROM {table}")).await;
                answer.ok().flatten().and_then(|text| text.parse::<u64>().ok())
            }
        };
        Ok(Some(Rows::About(estimate.unwrap_or_default().max(limit))))
    }
}
