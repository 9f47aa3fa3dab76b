//! What `driftlens migrate` and `rollback` say.

use analysis::WayBack;
use database::{Failure, MigrateError, Rows};
use history::{History, NoScript, Obstacle, Script};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use schema::ObjectPath;
use serde_json::{Value, json};
use source::{LineIndex, Span};
use std::fmt::Write as _;
use std::time::Duration;
use workspace::{Environment, migration_remains, obstacle_words, place_in_script};

use super::generate::print_json;
use super::push::{environment_json, place, rows_words};
use super::{counted, note, print, short_path};
use crate::PlainFormat;

/// From so many migrations on a bar is drawn.
const MIN_FOR_BAR: usize = 5;
/// So many lines of a statement that failed are shown.
const MAX_LINES: usize = 20;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Nothing,
    DryRun,
    Applied(usize),
    TakenBack(usize),
    Stopped,
    Busy,
}

impl Ended {
    fn word(self) -> &'static str {
        match self {
            Ended::Nothing => "nothing",
            Ended::DryRun => "dry_run",
            Ended::Applied(_) => "applied",
            Ended::TakenBack(_) => "taken_back",
            Ended::Stopped => "stopped",
            Ended::Busy => "busy",
        }
    }
}

/// Tells of one run.
#[derive(Clone, Copy)]
pub(crate) struct Report<'a> {
    /// Which goes on where this one stopped.
    pub(crate) command: &'static str,
    pub(crate) environment: &'a Environment,
    pub(crate) history: &'a History,
    pub(crate) format: PlainFormat,
}

impl Report<'_> {
    fn is_json(&self) -> bool {
        self.format == PlainFormat::Json
    }

    /// Drawn in a terminal only, and for more than a few.
    pub(crate) fn progress(&self, n_scripts: usize) -> ProgressBar {
        let is_hidden = self.is_json() || n_scripts < MIN_FOR_BAR;
        let target = if is_hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(n_scripts as u64), target);
        let style = ProgressStyle::with_template("{pos}/{len} [{bar:30}] {msg}");
        bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }

    /// One of them is done.
    pub(crate) fn done(&self, script: &Script, took: Duration) {
        if !self.is_json() {
            let word = if self.command == "rollback" { "taken back" } else { "applied" };
            let _ = print(&format!("{word} {} ({} ms)\n", script.tag, took.as_millis()));
        }
    }

    pub(crate) fn losses(&self, lost: &[(ObjectPath, Rows)]) {
        if self.is_json() || lost.is_empty() {
            return;
        }
        let mut text = String::from("Lost for good:\n");
        for (object, rows) in lost {
            let _ = writeln!(text, "  {}{}", analysis::object_words(object), rows_words(*rows));
        }
        let _ = print(&text);
    }

    pub(crate) fn ended(&self, ended: Ended, scripts: &[Script], lost: &[(ObjectPath, Rows)]) -> anyhow::Result<()> {
        let place = place(self.environment);
        if self.is_json() {
            let script = |it: &Script| json!({ "migration": it.tag, "file": it.file.display().to_string(), "in_transaction": it.alone.is_none() });
            let n_done = match ended {
                Ended::Applied(n) | Ended::TakenBack(n) => n,
                _ => 0,
            };
            return print_json(&json!({
                "environment": environment_json(self.environment),
                "result": ended.word(),
                "done": n_done,
                "open": scripts.iter().map(script).collect::<Vec<Value>>(),
                "losses": lost.iter().map(loss_json).collect::<Vec<Value>>(),
            }));
        }
        match ended {
            Ended::Nothing => match self.command {
                "rollback" => print(&format!("{place}: nothing to take back\n")),
                _ => print(&format!(
                    "{place}: nothing to apply, all {} are\n",
                    counted(self.history.folder.migrations.len(), "migration")
                )),
            },
            Ended::Applied(n) => print(&format!("{place}: applied {}\n", counted(n, "migration"))),
            Ended::TakenBack(n) => print(&format!("{place}: took back {}\n", counted(n, "migration"))),
            Ended::DryRun => {
                // What a rollback would run was printed already.
                let (named, word) = if self.command == "rollback" { (&[][..], "take back") } else { (scripts, "run") };
                let mut text = String::new();
                for script in named {
                    let alone =
                        script.alone.map(|why| format!(" (outside of a transaction: {why})")).unwrap_or_default();
                    let _ = writeln!(text, "{}{alone}", short_path(&script.file));
                }
                print(&text)?;
                self.losses(lost);
                note(&format!(
                    "{place}: nothing was changed, as --dry-run asks; {} to {word}",
                    counted(scripts.len(), "migration")
                ));
                Ok(())
            }
            Ended::Stopped => {
                note(&format!("{place}: nothing was changed; --yes says that what is named above may be lost"));
                Ok(())
            }
            Ended::Busy => {
                note(&format!(
                    "{place}: nothing was changed: another driftlens still changes the database; try again when it is done"
                ));
                Ok(())
            }
        }
    }

    /// What keeps anything from being done, and the way out.
    pub(crate) fn obstacle(&self, obstacle: &Obstacle) -> anyhow::Result<()> {
        let (word, text) = obstacle_words(obstacle, self.history, &short_path(&self.history.folder.path));
        if self.is_json() {
            return print_json(
                &json!({ "environment": environment_json(self.environment), "result": word, "error": text }),
            );
        }
        note(&format!("{}: nothing was changed: {text}", place(self.environment)));
        Ok(())
    }

    /// A migration that failed, with all that the server says of it, what is there now and how to go on.
    pub(crate) fn failed(&self, scripts: &[Script], failed: &MigrateError, n_before: usize) -> anyhow::Result<()> {
        let Failure::Failed { error, statement, offset, n_statements, is_unclear } = &failed.failure else {
            return Ok(());
        };
        let script = failed.position.and_then(|position| scripts.get(position));
        let at = offset.or(statement.map(|it| it.start as usize));
        let place = script.map(|script| place_in_script(script, at));
        let n_done = n_before + failed.n_done;
        let tag = script.map(|script| script.tag.as_str());
        let remains = migration_remains(script, n_done, *n_statements, *is_unclear, self.command);
        if self.is_json() {
            return print_json(&json!({
                "environment": environment_json(self.environment),
                "result": "failed",
                "migration": tag,
                "file": script.map(|script| script.file.display().to_string()),
                "line": place.as_ref().map(|(line, _)| line),
                "column": place.as_ref().map(|(_, column)| column),
                "sql": script.zip(*statement).map(|(script, span)| text_of(script, span)),
                "error": error.to_string(),
                "code": error.code(),
                "done": n_done,
                "statements_done": n_statements,
                "unclear": is_unclear,
                "next": remains,
            }));
        }
        match script.zip(place) {
            Some((script, (line, column))) => note(&format!("{}:{line}:{column}: {error}", short_path(&script.file))),
            None => note(&error.to_string()),
        }
        if let Some((script, span)) = script.zip(*statement) {
            let text = text_of(script, span);
            text.lines().take(MAX_LINES).for_each(|line| eprintln!("  {line}"));
            if text.lines().count() > MAX_LINES {
                eprintln!("  …");
            }
        }
        note(&remains);
        Ok(())
    }
}

fn text_of(script: &Script, span: Span) -> &str {
    script.text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

fn loss_json((object, rows): &(ObjectPath, Rows)) -> Value {
    let (rows, is_estimate) = match rows {
        Rows::Exactly(n) => (n, false),
        Rows::About(n) => (n, true),
    };
    json!({ "object": object, "rows": rows, "estimated": is_estimate })
}

/// A migration that cannot be sent.
pub(crate) fn no_script(no: &NoScript) {
    let text = std::fs::read_to_string(&*no.location.file).unwrap_or_default();
    let place = LineIndex::new(&text).line_column(no.location.span.start);
    note(&format!(
        "{}:{}:{}: nothing was changed: {}. Write it as SQL that the database takes",
        short_path(&no.location.file),
        place.line + 1,
        place.column + 1,
        no.reason
    ));
}

/// What takes each migration back, and what that does not bring back.
pub(crate) fn ways_back(ways: &[WayBack]) {
    let mut text = String::new();
    for way in ways {
        let source = match way.is_made {
            true => String::from("made of what it did"),
            false => short_path(&way.script.file),
        };
        let _ = writeln!(text, "-- {} ({source})", way.script.tag);
        for part in &way.script.parts {
            let _ = writeln!(text, "{}", text_of(&way.script, *part).trim());
        }
        for what in &way.not_brought_back {
            let _ = writeln!(text, "-- not brought back: {what}");
        }
    }
    let _ = print(&text);
}
