//! Expressions that look different, on a connection that may not change anything: the planner is asked what it makes of both.
//!
//! `EXPLAIN VERBOSE` prints what is selected in the server's words and runs nothing. Two texts that come out as the same words mean the
//! same; two constants that come out as two are two. For everything else it proves nothing.

use schema::{Expression, Index, IndexKey, Scalar};

use super::witness::Meaning;
use crate::connection::Connection;
use crate::error::Error;

/// What is set once, before values are asked about, and gone back to after each.
pub(super) const PLAN_SAVEPOINT: &str = "driftlens_plan";

/// What both sides would select, value by value.
pub(super) struct Planned {
    pub(super) pairs: Vec<(String, String)>,
    /// ` FROM ONLY "public"."t"`, or nothing where no column is used.
    pub(super) from: String,
}

impl Planned {
    /// A default, as a value of its column's type.
    pub(super) fn default(ours: &Scalar, theirs: &Scalar, sql_type: &str) -> Planned {
        let value = |text: &str| format!("({text})::{sql_type}");
        Planned { pairs: vec![(value(&ours.text), value(&theirs.text))], from: String::new() }
    }

    /// An expression about the rows of a table, whose name is quoted.
    pub(super) fn of_rows(ours: &Expression, theirs: &Expression, table: &str) -> Planned {
        let value = |text: &str| format!("({text})");
        Planned { pairs: vec![(value(&ours.text), value(&theirs.text))], from: format!(" FROM ONLY {table}") }
    }

    /// The expressions of two indexes; None where the two differ in something else.
    pub(super) fn of_index(ours: &Index, theirs: &Index, table: &str) -> Option<Planned> {
        let mut with_ours = theirs.clone();
        let mut pairs = Vec::new();
        let mut pair = |ours: &Expression, theirs: &mut Expression| {
            if ours != theirs {
                pairs.push((format!("({})", ours.text), format!("({})", theirs.text)));
                theirs.clone_from(ours);
            }
        };
        for (ours, theirs) in ours.columns.iter().zip(&mut with_ours.columns) {
            if let (IndexKey::Expression(ours), IndexKey::Expression(theirs)) = (&ours.key, &mut theirs.key) {
                pair(ours, theirs);
            }
        }
        if let (Some(ours), Some(theirs)) = (&ours.predicate, &mut with_ours.predicate) {
            pair(ours, theirs);
        }
        (with_ours == *ours).then(|| Planned { pairs, from: format!(" FROM ONLY {table}") })
    }
}

impl Connection {
    /// Within a transaction, behind the [savepoint](PLAN_SAVEPOINT); on an error of the server's the transaction goes on.
    pub(super) async fn meaning_when_planned(&mut self, planned: &Planned) -> Result<Meaning, Error> {
        let mut meaning = Meaning::Same;
        for (ours, theirs) in &planned.pairs {
            match self.printed(ours, theirs, &planned.from).await? {
                (Some(ours), Some(theirs)) if ours == theirs => {}
                (Some(ours), Some(theirs)) if is_constant(&ours) && is_constant(&theirs) => {
                    return Ok(Meaning::Different);
                }
                _ => meaning = Meaning::Unproved,
            }
        }
        Ok(meaning)
    }

    /// Two values in the planner's words; None where the server does not take one, or where one asks other tables, which the words leave out.
    async fn printed(
        &mut self,
        ours: &str,
        theirs: &str,
        from: &str,
    ) -> Result<(Option<String>, Option<String>), Error> {
        let explain = |value: &str| format!("EXPLAIN (VERBOSE, COSTS OFF) SELECT {value}{from}; ");
        let question = format!("{}{}ROLLBACK TO SAVEPOINT {PLAN_SAVEPOINT}", explain(ours), explain(theirs));
        let answers = match self.rows_of_each(&question).await {
            Err(error @ Error::Lost { .. }) => return Err(error),
            Err(_) => {
                self.execute(&format!("ROLLBACK TO SAVEPOINT {PLAN_SAVEPOINT}")).await?;
                return Ok((None, None));
            }
            Ok(answers) => answers,
        };
        let mut outputs = answers.into_iter().map(|rows| {
            let lines: Vec<String> = rows.into_iter().flatten().flatten().collect();
            let asks_others = lines.iter().any(|line| line.contains("SubPlan") || line.contains("InitPlan"));
            let output = lines.iter().find_map(|line| line.trim_start().strip_prefix("Output: "));
            output.filter(|_| !asks_others).map(str::to_owned)
        });
        Ok((outputs.next().flatten(), outputs.next().flatten()))
    }
}

/// `'a'::text`, `12`, `true`.
fn is_constant(output: &str) -> bool {
    let value = output.rsplit_once("::").map_or(output, |(value, _)| value).trim_matches(['(', ')']);
    match value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => !inner.replace("''", "").contains('\''),
        None => value.parse::<f64>().is_ok() || ["true", "false"].contains(&value),
    }
}
