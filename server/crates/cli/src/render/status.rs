//! What `driftlens status` says, in one screen.

use analysis::{Project, object_words};
use history::MigrationState;
use plan::Step;
use serde_json::{Value, json};
use std::fmt::Write as _;
use workspace::{Environment, EnvironmentKind, Standing};

use super::push::environment_json;
use super::{counted, short_path};

/// So many steps or names of a kind are shown.
const MAX_SHOWN: usize = 12;

/// A project and one of its databases.
pub(crate) struct Shown<'a> {
    pub(crate) project: &'a Project,
    pub(crate) environment: &'a Environment,
    pub(crate) standing: &'a Standing,
}

impl Shown<'_> {
    /// True where somebody has something to do.
    pub(crate) fn is_open(&self) -> bool {
        let is_unapplied = self.standing.look.as_ref().is_some_and(|look| {
            look.state.states.iter().any(|state| *state != MigrationState::Applied) || !look.state.missing.is_empty()
        });
        let is_drifted = self.standing.drift.as_ref().is_some_and(|steps| !steps.is_empty());
        !self.project.pending.is_empty() || is_unapplied || is_drifted
    }

    /// The names of the migrations in a state.
    fn tags(&self, state: MigrationState) -> Vec<&str> {
        let (Some(look), Some(history)) = (&self.standing.look, &self.project.history) else { return Vec::new() };
        let positions = look.state.positions(state);
        let migrations = positions.iter().filter_map(|position| history.folder.migrations.get(*position));
        migrations.map(|migration| migration.tag.as_str()).collect()
    }

    pub(crate) fn text(&self) -> String {
        let Environment { name, kind, address, said_by, .. } = self.environment;
        let mut text = format!("{}\n", short_path(self.project.source()));
        let _ = writeln!(text, "  database:   {name} ({}), {address}, from {said_by}", kind.as_str());
        let _ = writeln!(text, "  schema:     {}", self.schema_line());
        self.migrations_lines(&mut text);
        self.drift_lines(&mut text);
        for object in &self.standing.unproved {
            let _ = writeln!(
                text,
                "  unproved:   {}: an expression is spelled otherwise in the database, and may mean the same",
                object_words(object)
            );
        }
        text
    }

    fn schema_line(&self) -> String {
        match (&self.project.desired, self.project.pending.len()) {
            (None, _) => String::from("no schema files"),
            (Some(desired), 0) if !desired.unknown.is_empty() => {
                format!(
                    "no pending changes, but {} not known in full; `driftlens check` says where",
                    counted(desired.unknown.len(), "object")
                )
            }
            (Some(_), 0) => String::from("every change is in a migration"),
            (Some(_), n) => format!("{} in no migration: `driftlens generate`", counted(n, "change")),
        }
    }

    fn migrations_lines(&self, text: &mut String) {
        let Some(look) = &self.standing.look else {
            let _ = writeln!(text, "  migrations: none that can be read");
            return;
        };
        let (n, n_applied) =
            (look.state.states.len(), look.state.states.iter().filter(|state| state.is_applied()).count());
        let ledger = if look.rows.is_some() { look.ledger.table().to_string() } else { String::from("no ledger yet") };
        let _ = writeln!(text, "  migrations: {n_applied} of {n} applied ({ledger})");
        let unapplied = match (n_applied == 0 && self.is_as_desired(), self.environment.kind) {
            (false, _) => "unapplied (`driftlens migrate`)",
            (true, EnvironmentKind::Development) => {
                "not noted as applied, though the database is what the schema files say (`driftlens reset --confirm` sets it up with its \
                 migrations)"
            }
            (true, _) => "not noted as applied, though the database is what the schema files say",
        };
        for (state, words) in [
            (MigrationState::Unapplied, unapplied),
            (
                MigrationState::Skipped,
                "older than the newest that is applied, and not applied (`driftlens migrate --allow-out-of-order`)",
            ),
            (
                MigrationState::Modified,
                "changed after it was applied (undo the edit, and write what it was for into a new migration)",
            ),
            (MigrationState::Failed, "begun, and not ended well"),
        ] {
            listed(text, words, &self.tags(state));
        }
        let missing: Vec<&str> = look.state.missing.iter().map(String::as_str).collect();
        listed(text, "applied, but not in the folder", &missing);
    }

    /// True where a push would do nothing, and there is something.
    fn is_as_desired(&self) -> bool {
        let has_tables = self.project.desired.as_ref().is_some_and(|desired| !desired.schema.tables.is_empty());
        has_tables && self.standing.to_push.as_ref().is_some_and(Vec::is_empty)
    }

    fn drift_lines(&self, text: &mut String) {
        match &self.standing.drift {
            Some(steps) if steps.is_empty() => {
                text.push_str("  drift:      none: it is what the applied migrations make\n")
            }
            Some(steps) => {
                let words = match self.standing.is_pushed(self.project) {
                    true => "it was pushed: it is what the schema files say, and in no applied migration",
                    false => "it is not what the applied migrations make",
                };
                let _ = writeln!(text, "  drift:      {words}");
                for step in steps.iter().take(MAX_SHOWN) {
                    let _ = writeln!(text, "    {}", first_line(step));
                }
                more(text, steps.len());
            }
            None => match &self.standing.to_push {
                Some(steps) if steps.is_empty() => text.push_str("  drift:      it is what the schema files say\n"),
                Some(steps) => {
                    let _ = writeln!(
                        text,
                        "  drift:      {} between it and the schema files (`driftlens diff live desired`)",
                        counted(steps.len(), "step")
                    );
                }
                None => text.push_str("  drift:      cannot be told\n"),
            },
        }
    }

    pub(crate) fn json(&self) -> Value {
        let steps = |steps: &Option<Vec<Step>>| {
            steps.as_ref().map(|all| all.iter().map(super::generate::step_json).collect::<Vec<Value>>())
        };
        let look = self.standing.look.as_ref();
        let pending = self.project.pending.iter().map(|pending| pending.diagnostic.message.as_str());
        json!({
            "project": short_path(self.project.source()),
            "environment": environment_json(self.environment),
            "open": self.is_open(),
            "pending": pending.collect::<Vec<&str>>(),
            "migrations": look.map(|look| json!({
                "ledger": look.rows.as_ref().map(|_| look.ledger.table().to_string()),
                "applied": self.tags(MigrationState::Applied),
                "unapplied": self.tags(MigrationState::Unapplied),
                "skipped": self.tags(MigrationState::Skipped),
                "modified": self.tags(MigrationState::Modified),
                "failed": self.tags(MigrationState::Failed),
                "missing": look.state.missing,
            })),
            "drift": steps(&self.standing.drift),
            "pushed": self.standing.is_pushed(self.project),
            "to_push": steps(&self.standing.to_push),
            "unproved": self.standing.unproved.iter().map(ToString::to_string).collect::<Vec<String>>(),
        })
    }
}

/// What was done, as the statement that would do it.
fn first_line(step: &Step) -> String {
    let line = step.sql.lines().next().unwrap_or_default();
    match step.sql.trim_end().lines().count() {
        0 | 1 => line.to_owned(),
        _ => format!("{line} …"),
    }
}

fn listed(text: &mut String, words: &str, names: &[&str]) {
    if names.is_empty() {
        return;
    }
    let _ = writeln!(text, "    {words}:");
    for name in names.iter().take(MAX_SHOWN) {
        let _ = writeln!(text, "      {name}");
    }
    more(text, names.len());
}

fn more(text: &mut String, n: usize) {
    if n > MAX_SHOWN {
        let _ = writeln!(text, "      … and {} more", n - MAX_SHOWN);
    }
}
