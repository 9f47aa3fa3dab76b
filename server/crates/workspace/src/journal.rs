//! What is kept of what happens to one database, and what was kept of what happened to it before.

use analysis::Project;
use database::{Connection, Error, Failure, MigrateError, MigrateProgress, Progress, Resume};
use history::Script;
use plan::Plan;

use crate::store::{Begun, OpenRecord, OperationRecord, Outcome, Store, StoreError, Unfinished, Written};
use crate::{Environment, EnvironmentKind};

/// The records of one database. Where nothing can be kept the work goes on without, and [`Journal::problem`] says why.
pub struct Journal {
    store: Option<Store>,
    about: Begun,
    pub problem: Option<StoreError>,
}

/// One operation that is recorded while it runs.
pub struct Recording<'a> {
    operation: Option<OpenRecord<'a>>,
    problem: Option<StoreError>,
    /// The step of the plan that runs.
    step: Option<usize>,
    /// True where migrations are taken back: how far that came is no place to go on applying them from.
    is_back: bool,
}

/// A migration among those that are to be applied that was left in the middle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftInTheMiddle {
    pub resume: Resume,
    /// True where the statements that ran are still what the file begins with.
    pub is_unchanged: bool,
    /// When that was, in milliseconds since 1970.
    pub at: i64,
}

impl Journal {
    /// Of an environment's database, which is connected to.
    pub async fn open(
        command: &str,
        project: &Project,
        environment: &Environment,
        connection: &mut Connection,
    ) -> Result<Journal, Error> {
        let about = Begun {
            command: command.to_owned(),
            project: project.source().display().to_string(),
            environment: environment.name.clone(),
            kind: EnvironmentKind::as_str(environment.kind).to_owned(),
            address: environment.address.to_string(),
            identity: connection.identity().await?,
        };
        let (store, problem) = match Store::open() {
            Ok(store) => (Some(store), None),
            Err(problem) => (None, Some(problem)),
        };
        Ok(Journal { store, about, problem })
    }

    /// The operations on this database that were killed since somebody was last told.
    pub fn killed(&self) -> Vec<OperationRecord> {
        let Some(store) = &self.store else { return Vec::new() };
        let killed = store.killed(&self.about.address).unwrap_or_default();
        killed.iter().for_each(|it| drop(store.settle(it.id)));
        killed
    }

    /// The migration that was left in the middle, where it is one of these. They count only for the database in which it was.
    pub fn left_in_the_middle(&self, scripts: &[Script]) -> Option<LeftInTheMiddle> {
        let store = self.store.as_ref()?;
        let kept = store.unfinished(&self.about.address, &self.about.identity).unwrap_or_default();
        scripts.iter().enumerate().find_map(|(position, script)| {
            let it = kept.iter().find(|it| script.alone.is_some() && it.migration == script.tag)?;
            let resume = Resume { position, n_statements: it.n_statements, is_running: it.is_running };
            let is_unchanged = script.checksum_of_first(it.n_statements).as_ref() == Some(&it.checksum);
            (it.n_statements > 0 || it.is_running).then_some(LeftInTheMiddle { resume, is_unchanged, at: it.at })
        })
    }

    /// The database was emptied: nothing of what was left in the middle is there.
    pub fn forget_unfinished(&self) {
        if let Some(store) = &self.store {
            let _ = store.forget_unfinished(&self.about.address);
        }
    }

    /// Records that it begins.
    pub fn begin(&self) -> Recording<'_> {
        let begun = self.store.as_ref().map(|store| store.begin(self.about.clone()));
        let (operation, problem) = match begun {
            None => (None, None),
            Some(Ok(operation)) => (Some(operation), None),
            Some(Err(problem)) => (None, Some(problem)),
        };
        Recording { operation, problem, step: None, is_back: self.about.command == "rollback" }
    }
}

/// Why migrations were not applied to the end, in the words of who refused.
pub fn migrate_error(failed: &MigrateError) -> String {
    match &failed.failure {
        Failure::Changed => String::from("another process went on with the same file"),
        Failure::Failed { error, .. } => error.to_string(),
    }
}

impl Recording<'_> {
    /// What happens to migrations.
    pub fn migrating(&mut self, scripts: &[Script], news: MigrateProgress) {
        let Some(operation) = &mut self.operation else { return };
        match news {
            MigrateProgress::Begun(position) => {
                if let Some(script) = scripts.get(position) {
                    operation.step_begun(position, &script.tag, Written::of(script.alone.is_none()));
                }
            }
            MigrateProgress::Done(position, _) => operation.step_done(position),
            MigrateProgress::Statement { position, n_done, is_running } if !self.is_back => {
                if let Some(script) = scripts.get(position) {
                    operation.came_to(&Unfinished {
                        migration: script.tag.clone(),
                        n_statements: n_done,
                        checksum: script.checksum_of_first(n_done).unwrap_or_default(),
                        is_running,
                        at: 0,
                    });
                }
            }
            MigrateProgress::Statement { .. } | MigrateProgress::Locked { .. } => {}
        }
    }

    /// What happens to the steps of a plan.
    pub fn applying(&mut self, plan: &Plan, news: Progress) {
        let (Some(operation), Progress::Step(position)) = (&mut self.operation, news) else { return };
        if let Some(before) = self.step.replace(position) {
            operation.step_done(before);
        }
        if let Some(step) = plan.steps.get(position) {
            let written = Written::of(step.runs_in_transaction());
            operation.step_begun(position, &analysis::object_words(&step.object), written);
        }
    }

    /// It ended: well, or with this error. What could not be recorded is the error of this.
    pub fn end(mut self, error: Option<&str>) -> Result<(), StoreError> {
        let Some(mut operation) = self.operation.take() else { return self.problem.map_or(Ok(()), Err) };
        if error.is_some() {
            return operation.end(Outcome::Failed, error);
        }
        if let Some(last) = self.step {
            operation.step_done(last);
        }
        operation.end(Outcome::Done, None)
    }
}
