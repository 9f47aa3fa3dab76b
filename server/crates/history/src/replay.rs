//! The migrations folder as a database would understand it: every file applied to the state that those before it left.
//!
//! A step keeps what its file changed, each object with its value before and after. So the state at any migration is one walk back
//! from the last, an edit of migration N replays from N only, and "who made this column" is a look at the steps.

use std::sync::{Arc, OnceLock};

use languages::sql::{Effect, State, apply, statements};
use schema::{Dialect, Schema};
use source::{Diagnostic, FilePath, Files, Location, ReadError, Span, codes};

use crate::formats::{Folder, Format, Migration};
use crate::statements::MigrationStatements;

/// One migration, replayed.
#[derive(Clone, Debug)]
pub struct Step {
    pub file: FilePath,
    /// None where the file cannot be read: what it did is not known.
    pub text: Option<Arc<str>>,
    /// The part of the text that is run.
    pub up: Span,
    pub effects: Vec<Effect>,
    pub diagnostics: Vec<Diagnostic>,
    pub(crate) statements: OnceLock<Arc<MigrationStatements>>,
}

/// Keeps the replay of one folder from one reading to the next.
#[derive(Debug)]
pub struct Replay {
    format: Format,
    state: State,
    /// Of the steps.
    folder: Option<Arc<Folder>>,
    steps: Vec<Arc<Step>>,
}

impl Replay {
    pub fn new(format: Format, dialect: Dialect) -> Replay {
        Replay { format, state: State::new(dialect), folder: None, steps: Vec::new() }
    }

    /// Replays what changed since the last time, and all after it. `changed` names the files that may have, where that is known.
    pub fn update(&mut self, folder: &Arc<Folder>, changed: Option<&[FilePath]>, files: &dyn Files) {
        if (self.format, self.state.schema().dialect) != (folder.format, folder.dialect) {
            *self = Replay::new(folder.format, folder.dialect);
        }
        let is_same_folder = self.folder.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, folder));
        self.folder = Some(folder.clone());
        let changed = changed.filter(|_| is_same_folder);
        // As text: comparing paths part by part takes longer.
        let may_differ =
            |file: &FilePath| changed.is_none_or(|all| all.iter().any(|it| it.as_os_str() == file.as_os_str()));
        let same = folder.migrations.iter().zip(&self.steps).take_while(|(migration, step)| {
            if !may_differ(&step.file) {
                return true;
            }
            let is_same_text = match (&step.text, read(&migration.file, files)) {
                (Some(kept), Ok(text)) => Arc::ptr_eq(kept, &text) || *kept == text,
                (None, Err(_)) => true,
                _ => false,
            };
            migration.file == step.file && is_same_text
        });
        let n_same = same.count();
        while self.steps.len() > n_same {
            if let Some(step) = self.steps.pop() {
                self.state.revert(&step.effects);
            }
        }
        for migration in folder.migrations.iter().skip(n_same) {
            let step = self.step(migration, files);
            self.steps.push(Arc::new(step));
        }
    }

    /// The state after the last migration, `serial` spelled out.
    pub fn schema(&self) -> &Schema {
        self.state.schema()
    }

    pub fn steps(&self) -> &[Arc<Step>] {
        &self.steps
    }

    fn step(&mut self, migration: &Migration, files: &dyn Files) -> Step {
        self.state.begin(&migration.file, false);
        let (text, up) = match read(&migration.file, files) {
            Ok(text) => {
                let up = self.format.up(&text);
                run(&mut self.state, &text, up);
                (Some(text), up)
            }
            // The format says that the file is missing; other reasons are said here.
            Err(ReadError::NotFound) => (None, Span::default()),
            Err(error) => {
                let message = format!("the migration {error}, so what it does is not known");
                let finding = Diagnostic::new(codes::UNREADABLE_FILE, Location::start_of(&migration.file), message)
                    .with_help("Make the file readable, and UTF-8 text: the migrator reads it as that.");
                let effects = self.state.take_effects();
                return Step {
                    file: migration.file.clone(),
                    text: None,
                    up: Span::default(),
                    effects,
                    diagnostics: vec![finding],
                    statements: OnceLock::new(),
                };
            }
        };
        let effects = self.state.take_effects();
        let diagnostics = self.state.take_diagnostics();
        Step { file: migration.file.clone(), text, up, effects, diagnostics, statements: OnceLock::new() }
    }
}

/// A migration may be a dump of any size.
pub(crate) fn read(file: &FilePath, files: &dyn Files) -> Result<Arc<str>, ReadError> {
    match files.read(file) {
        Err(ReadError::TooLarge(_)) => files.read_large(file).map(Arc::from),
        other => other,
    }
}

/// Applies the statements of one part of a text. What stands before it is read too, so that places count from the text's start.
pub(crate) fn run(state: &mut State, text: &str, part: Span) {
    let read = text.get(..part.end as usize).unwrap_or(text);
    for statement in statements(state.schema().dialect, read) {
        if statement.span.start >= part.start {
            apply(state, &statement);
        }
    }
}

/// The state before the step at `position`, or after the last where there is none: a walk back from the end.
pub fn schema_before(last: &Schema, steps: &[Arc<Step>], position: usize) -> Schema {
    let mut schema = last.clone();
    for step in steps.iter().skip(position).rev() {
        for effect in step.effects.iter().rev() {
            schema.set_object(&effect.key, effect.before.clone());
        }
    }
    schema
}
