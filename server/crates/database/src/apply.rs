//! Runs the steps of a plan: in one transaction where they allow it, else in groups, one after the other.

use std::ops::Range;
use std::time::Duration;

use plan::{Plan, Step};
use schema::Dialect;

use crate::connection::Connection;
use crate::error::Error;

/// How long a statement waits for a lock. Whoever comes after it waits as long.
pub(crate) const LOCK_TIMEOUT: &str = "3s";
/// How often a transaction is begun anew where a lock is not had in time.
pub(crate) const ATTEMPTS: u32 = 4;
/// Before the second attempt; doubled each time.
pub(crate) const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// What happens meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The step at this position is about to run.
    Step(usize),
    /// A lock was not had in time: the transaction is taken back, and begun anew after a pause.
    Locked { step: usize, attempt: u32, attempts: u32 },
}

/// Why not all steps ran.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplyError {
    pub error: Error,
    /// The statement that failed; None for what is between them.
    pub step: Option<usize>,
    /// So many steps are there for good: all before the group that failed.
    pub n_applied: usize,
    /// True where the connection ended while a transaction was being ended: its steps may be there or not.
    pub is_unclear: bool,
}

/// Steps that run together.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    steps: Range<usize>,
    is_transaction: bool,
}

impl Connection {
    /// From now on no question and no statement waits for a lock for long: the catalog is read under the locks of those who change it.
    pub async fn limit_lock_waits(&mut self) -> Result<(), Error> {
        match self.dialect() {
            Dialect::Postgres => self.execute(&format!("SET lock_timeout = '{LOCK_TIMEOUT}'")).await,
            Dialect::Sqlite => Ok(()),
        }
    }

    /// Runs all steps. On an error what was in the same transaction is taken back.
    pub async fn apply(&mut self, plan: &Plan, progress: &mut dyn FnMut(Progress)) -> Result<(), ApplyError> {
        match self.dialect() {
            Dialect::Postgres => self.apply_to_postgres(plan, progress).await,
            Dialect::Sqlite => self.apply_to_sqlite(plan, progress).await,
        }
    }

    async fn apply_to_postgres(&mut self, plan: &Plan, progress: &mut dyn FnMut(Progress)) -> Result<(), ApplyError> {
        for group in groups(&plan.steps) {
            let n_applied = group.steps.start;
            let mut attempt = 1;
            let mut pause = FIRST_PAUSE;
            while let Err(mut failed) = self.run_group(plan, &group, progress).await {
                failed.n_applied = n_applied;
                if !failed.error.is_locked() || attempt == ATTEMPTS {
                    return Err(failed);
                }
                attempt += 1;
                progress(Progress::Locked { step: failed.step.unwrap_or(n_applied), attempt, attempts: ATTEMPTS });
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
        }
        Ok(())
    }

    async fn run_group(
        &mut self,
        plan: &Plan,
        group: &Group,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ApplyError> {
        let between = |error: Error| ApplyError { error, step: None, n_applied: 0, is_unclear: false };
        self.go_on().map_err(between)?;
        let (begin, scope) = if group.is_transaction { ("BEGIN; ", "LOCAL") } else { ("", "SESSION") };
        self.execute(&format!("{begin}SET {scope} lock_timeout = '{LOCK_TIMEOUT}'")).await.map_err(between)?;
        for (position, step) in plan.steps.iter().enumerate().take(group.steps.end).skip(group.steps.start) {
            progress(Progress::Step(position));
            let is_first = position == group.steps.start;
            let ran = match if is_first { Ok(()) } else { self.go_on() } {
                Ok(()) => self.execute(&step.sql).await,
                stopped => stopped,
            };
            if let Err(error) = ran {
                let is_lost = matches!(error, Error::Lost { .. });
                if group.is_transaction && !is_lost {
                    let _ = self.execute("ROLLBACK").await;
                } else if !is_lost {
                    self.drop_unfinished_index(&step.sql).await;
                }
                let is_unclear = is_lost && !group.is_transaction;
                return Err(ApplyError { error, step: Some(position), n_applied: 0, is_unclear });
            }
        }
        if group.is_transaction {
            if let Err(stopped) = self.go_on() {
                let _ = self.execute("ROLLBACK").await;
                return Err(between(stopped));
            }
            let ended = self.execute("COMMIT").await;
            return ended
                .map_err(|error| ApplyError { is_unclear: matches!(error, Error::Lost { .. }), ..between(error) });
        }
        Ok(())
    }

    /// One transaction. Foreign keys are switched off around it where a table is made anew, for the switch does nothing within; what they
    /// would have kept from happening is looked for before the end.
    async fn apply_to_sqlite(&mut self, plan: &Plan, progress: &mut dyn FnMut(Progress)) -> Result<(), ApplyError> {
        let between = |error: Error| ApplyError { error, step: None, n_applied: 0, is_unclear: false };
        let is_without_keys = plan.steps.iter().any(is_switch);
        if is_without_keys {
            self.execute("PRAGMA foreign_keys = OFF").await.map_err(between)?;
        }
        let applied = self.run_on_sqlite(plan, progress).await;
        if applied.is_err() {
            let _ = self.execute("ROLLBACK").await;
            let _ = self.execute("PRAGMA legacy_alter_table = OFF").await;
        }
        if is_without_keys {
            let restored = self.execute("PRAGMA foreign_keys = ON").await;
            applied.and(restored.map_err(between))
        } else {
            applied
        }
    }

    async fn run_on_sqlite(&mut self, plan: &Plan, progress: &mut dyn FnMut(Progress)) -> Result<(), ApplyError> {
        let between = |error: Error| ApplyError { error, step: None, n_applied: 0, is_unclear: false };
        self.execute("BEGIN IMMEDIATE").await.map_err(between)?;
        let before = self.orphans().await.map_err(between)?;
        for (position, step) in plan.steps.iter().enumerate().filter(|(_, step)| !is_switch(step)) {
            progress(Progress::Step(position));
            self.go_on().map_err(between)?;
            let ran = self.execute(&step.sql).await;
            ran.map_err(|error| ApplyError { step: Some(position), ..between(error) })?;
        }
        let orphans = self.orphans().await.map_err(between)?;
        if let Some(orphan) = orphans.iter().find(|orphan| !before.contains(orphan)) {
            let message = format!("a row of {} would refer to no row of {}", orphan.0, orphan.1);
            let said = crate::error::StatementError { message, ..Default::default() };
            return Err(between(Error::Statement(Box::new(said))));
        }
        self.go_on().map_err(between)?;
        self.execute("COMMIT").await.map_err(between)
    }

    /// The tables with rows that refer to none, each with the table that they refer to.
    pub(crate) async fn orphans(&mut self) -> Result<Vec<(String, String)>, Error> {
        let rows = self.rows("SELECT DISTINCT \"table\", \"parent\" FROM pragma_foreign_key_check").await?;
        let pair = |row: Vec<Option<String>>| {
            let mut values = row.into_iter().map(Option::unwrap_or_default);
            (values.next().unwrap_or_default(), values.next().unwrap_or_default())
        };
        Ok(rows.into_iter().map(pair).collect())
    }
}

/// `PRAGMA foreign_keys`, which has its effect outside of transactions only.
fn is_switch(step: &Step) -> bool {
    matches!(step.kind, "foreign_keys_off" | "foreign_keys_on")
}

/// Each step that cannot run in a transaction is alone; the others between two of them run in one.
fn groups(steps: &[Step]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (position, step) in steps.iter().enumerate() {
        let is_transaction = step.runs_in_transaction();
        match groups.last_mut().filter(|group| group.is_transaction && is_transaction) {
            Some(group) => group.steps.end = position + 1,
            None => groups.push(Group { steps: position..position + 1, is_transaction }),
        }
    }
    groups
}

/// True where all or nothing of the plan is there in the end, whatever happens.
pub fn is_one_transaction(plan: &Plan) -> bool {
    plan.dialect == Dialect::Sqlite || groups(&plan.steps).iter().all(|group| group.is_transaction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plan::Hazard;
    use schema::{Name, ObjectKind, ObjectPath};

    fn step(hazards: Vec<Hazard>) -> Step {
        let object = ObjectPath::new(ObjectKind::Table, &Name::new("public", "t"));
        Step { object, kind: "create_table", sql: String::new(), locks: Vec::new(), hazards }
    }

    #[test]
    fn what_cannot_run_in_a_transaction_runs_alone_in_its_place() {
        let (inside, outside) = (|| step(Vec::new()), || step(vec![Hazard::NotInTransaction(String::new())]));
        let found = groups(&[inside(), inside(), outside(), outside(), inside()]);
        let shown: Vec<(Range<usize>, bool)> = found.into_iter().map(|it| (it.steps, it.is_transaction)).collect();
        assert_eq!(shown, [(0..2, true), (2..3, false), (3..4, false), (4..5, true)]);
        assert_eq!(groups(&[]), []);
    }
}
