//! What the third picture adds to the findings of a project.

use history::{FolderState, MigrationState};
use plan::Step;
use schema::ObjectPath;
use source::{Diagnostic, Location, codes};

use crate::{Project, words};

/// So many objects and migrations are told of one by one.
const MAX_TOLD: usize = 50;

/// How a database stands to a project, as far as it is to be told in its files.
#[derive(Clone, Copy, Debug)]
pub struct LiveFindings<'a> {
    pub environment: &'a str,
    /// None where there is no folder that can be read.
    pub state: Option<&'a FolderState>,
    /// What somebody did beside the migrations.
    pub drift: &'a [Step],
    /// True where the schema files say the same: it was pushed.
    pub is_pushed: bool,
}

impl LiveFindings<'_> {
    /// The findings, each at its place in the project as it is now.
    pub fn of(self, project: &Project) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        self.of_migrations(project, &mut found);
        self.of_drift(project, &mut found);
        found
    }

    fn of_migrations(self, project: &Project, found: &mut Vec<Diagnostic>) {
        let (Some(state), Some(history)) = (self.state, &project.history) else { return };
        let all = &history.folder.migrations;
        // The folder may have changed since the database was read.
        if state.states.len() != all.len() {
            return;
        }
        let environment = self.environment;
        let unapplied: Vec<_> =
            state.positions(MigrationState::Unapplied).into_iter().filter_map(|it| all.get(it)).collect();
        if let Some(first) = unapplied.first() {
            let tags: Vec<&str> = unapplied.iter().take(3).map(|it| it.tag.as_str()).collect();
            let more = if unapplied.len() > tags.len() { ", …" } else { "" };
            let message = match unapplied.len() {
                1 => format!("1 migration is not applied to `{environment}`: {}", tags.join(", ")),
                n => format!("{n} migrations are not applied to `{environment}`: {}{more}", tags.join(", ")),
            };
            let finding = Diagnostic::new(codes::UNAPPLIED, first.listed_at.clone(), message);
            let them = if unapplied.len() == 1 { "it" } else { "them" };
            found.push(finding.with_help(format!("`driftlens migrate` applies {them}")));
        }
        for migration in
            state.positions(MigrationState::Skipped).into_iter().filter_map(|it| all.get(it)).take(MAX_TOLD)
        {
            let message = format!(
                "{} is not applied to `{environment}`, and is older than what is: most runners pass over it",
                migration.tag
            );
            let finding = Diagnostic::new(codes::SKIPPED_MIGRATION, migration.listed_at.clone(), message);
            found.push(finding.with_help(
                "`driftlens migrate --allow-out-of-order` applies it, `driftlens rebase` gives it a place behind the others",
            ));
        }
        for migration in
            state.positions(MigrationState::Modified).into_iter().filter_map(|it| all.get(it)).take(MAX_TOLD)
        {
            let message = format!("{} was changed after it was applied to `{environment}`", migration.tag);
            let finding = Diagnostic::new(codes::MODIFIED_MIGRATION, Location::start_of(&migration.file), message);
            found.push(finding.with_help("bring it back, and write what the edit was for into a new migration"));
        }
    }

    fn of_drift(self, project: &Project, found: &mut Vec<Diagnostic>) {
        let mut told: Vec<&ObjectPath> = Vec::new();
        for step in self.drift {
            if told.contains(&&step.object) || told.len() == MAX_TOLD {
                continue;
            }
            told.push(&step.object);
            let object = words::object(&step.object);
            let (code, message, help) = match self.is_pushed {
                true => (
                    codes::PUSHED,
                    format!("{object} was pushed to `{}`, and is in no migration yet", self.environment),
                    "`driftlens generate` makes the migration",
                ),
                false => {
                    let sql = step.sql.lines().next().unwrap_or_default().trim_end_matches(';');
                    let message =
                        format!("{object} is not what the migrations make, in `{}`: as if by {sql}", self.environment);
                    (codes::DRIFT, message, "`driftlens diff history live` prints all of it")
                }
            };
            found.push(Diagnostic::new(code, place(project, &step.object), message).with_help(help));
        }
    }
}

/// Where the schema files declare the object or what it belongs to; else where the project is configured.
fn place(project: &Project, object: &ObjectPath) -> Location {
    let declared = project.desired.as_ref().and_then(|desired| desired.origin_or_owner(object));
    match (declared, &project.config) {
        (Some(origin), _) => origin.focus.clone(),
        (None, Some(config)) if project.desired.is_some() => config.schema_location.clone(),
        (None, _) => Location::start_of(project.source()),
    }
}
