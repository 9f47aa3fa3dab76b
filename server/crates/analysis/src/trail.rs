//! What the migrations did to one object, its renames followed.

use history::{History, MigrationStatements};
use languages::sql::Effect;
use schema::{ObjectPath, Schema};
use std::ops::Range;
use std::sync::Arc;

use crate::changed::{self, Changed, Changes};

/// From this many migrations on, one replay of all costs less than looking at each.
const MANY: usize = 16;

/// A statement of a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    /// The migration's place in the folder.
    pub(crate) position: usize,
    /// The statement's place in the migration.
    pub(crate) statement: usize,
}

impl Moment {
    /// After everything.
    pub(crate) const END: Moment = Moment { position: usize::MAX, statement: usize::MAX };
}

/// One statement's part in what became of an object.
#[derive(Clone, Debug)]
pub(crate) struct Touch {
    pub(crate) at: Moment,
    /// What of it concerns the object.
    pub(crate) concerning: Vec<Changed>,
    pub(crate) changes: Changes,
    /// What the object is called after it, or was called before it was dropped.
    pub(crate) name: ObjectPath,
    /// True where the migration makes the table anew under another name and puts it in the place of the old one, which only the
    /// migration as a whole tells: the statement is the last of these.
    pub(crate) is_rebuild: bool,
}

/// What happened to an object up to a statement, that one included; the latest first.
pub(crate) fn back(history: &History, object: &ObjectPath, until: Moment) -> Vec<Touch> {
    let mut walk = Walk { history, name: object.clone(), touches: Vec::new(), is_over: false };
    let mut end = until.position.saturating_add(1).min(history.steps.len());
    walk.prepare();
    while let Some(position) = (0..end).rev().find(|it| *it == until.position || walk.is_touched(*it)) {
        let limit = if position == until.position { until.statement.saturating_add(1) } else { usize::MAX };
        walk.back_through(position, limit);
        if walk.is_over {
            break;
        }
        end = position;
    }
    walk.touches
}

/// What happens to an object after a statement, until it is dropped; and what it is called at the end.
pub(crate) fn forth(history: &History, object: &ObjectPath, after: Moment) -> (Vec<Touch>, ObjectPath) {
    let mut walk = Walk { history, name: object.clone(), touches: Vec::new(), is_over: false };
    let mut start = after.position;
    walk.prepare();
    while let Some(position) = (start..history.steps.len()).find(|it| *it == after.position || walk.is_touched(*it)) {
        let first = if position == after.position { after.statement.saturating_add(1) } else { 0 };
        walk.forth_through(position, first);
        if walk.is_over {
            break;
        }
        start = position + 1;
    }
    (walk.touches, walk.name)
}

/// The migration that introduced an object, and the names it had before the one it has.
pub(crate) fn introduced(history: &History, object: &ObjectPath) -> Option<(usize, Option<ObjectPath>)> {
    // No name is given twice in a sound folder; in another this ends all the same.
    const MOST_NAMES: usize = 32;
    let mut name = object.clone();
    let mut end = history.steps.len();
    for _ in 0..MOST_NAMES {
        let position = (0..end).rev().find(|position| makes(history, *position, &name))?;
        let statements = history.statements_of(position)?;
        let text = text_of(history, position);
        let before = statements.statements.iter().rev().find_map(|statement| {
            let concerns = statement.effects.iter().any(|effect| changed::touches(effect, &name.owner()));
            let changes = concerns.then(|| changed::by_statement(history.folder.dialect, statement, text))?;
            changes.list.iter().find_map(|changed| changed.name_before(&name))
        });
        match before {
            // A table made under another name in the same migration is a rebuilt one.
            Some(before) if (0..position).any(|earlier| makes(history, earlier, &before)) => {
                name = before;
                end = position;
            }
            _ => return Some((position, (name != *object).then_some(name))),
        }
    }
    None
}

/// True where the object is there after a migration, and was not before.
fn makes(history: &History, position: usize, object: &ObjectPath) -> bool {
    let owner = object.owner();
    let effects = history.steps.get(position).map(|step| step.effects.as_slice()).unwrap_or_default();
    effects
        .iter()
        .filter(|effect| changed::touches(effect, &owner))
        .any(|effect| holds(history, effect, &effect.after, object) && !holds(history, effect, &effect.before, object))
}

/// True where the object is there after a migration that touches it.
pub(crate) fn is_there_after(history: &History, position: usize, object: &ObjectPath) -> bool {
    let owner = object.owner();
    let effects = history.steps.get(position).map(|step| step.effects.as_slice()).unwrap_or_default();
    let mut touching = effects.iter().filter(|effect| changed::touches(effect, &owner));
    touching.any(|effect| holds(history, effect, &effect.after, object))
}

/// True where one side of an effect holds the object.
fn holds(history: &History, effect: &Effect, side: &Option<schema::Object>, object: &ObjectPath) -> bool {
    let mut only = Schema::new(history.folder.dialect);
    only.set_object(&effect.key, side.clone());
    only.contains(object)
}

pub(crate) fn text_of(history: &History, position: usize) -> &str {
    history.steps.get(position).and_then(|step| step.text.as_deref()).unwrap_or_default()
}

struct Walk<'h> {
    history: &'h History,
    /// The object as it is called where the walk stands.
    name: ObjectPath,
    touches: Vec<Touch>,
    is_over: bool,
}

impl Walk<'_> {
    fn prepare(&self) {
        if (0..self.history.steps.len()).filter(|position| self.is_touched(*position)).nth(MANY).is_some() {
            self.history.all_statements();
        }
    }

    fn is_touched(&self, position: usize) -> bool {
        let owner = self.name.owner();
        self.history
            .steps
            .get(position)
            .is_some_and(|step| step.effects.iter().any(|effect| changed::touches(effect, &owner)))
    }

    fn back_through(&mut self, position: usize, limit: usize) {
        let Some(statements) = self.history.statements_of(position).cloned() else { return };
        if self.take_rebuild(position, &statements, 0..limit) {
            return;
        }
        for statement in (0..statements.statements.len().min(limit)).rev() {
            let Some((changes, concerning)) = self.concerning(position, &statements, statement) else { continue };
            let is_taken = concerning.iter().any(|changed| changed.name_after(&self.name).is_some());
            // What had this name before was another object.
            if is_taken && !self.touches.is_empty() {
                self.is_over = true;
                return;
            }
            let before = concerning.iter().find_map(|changed| changed.name_before(&self.name));
            self.push(Moment { position, statement }, changes, concerning);
            if let Some(before) = before {
                self.name = before;
            }
        }
    }

    fn forth_through(&mut self, position: usize, first: usize) {
        let Some(statements) = self.history.statements_of(position).cloned() else { return };
        if self.take_rebuild(position, &statements, first..usize::MAX) {
            return;
        }
        for statement in first..statements.statements.len() {
            let Some((changes, concerning)) = self.concerning(position, &statements, statement) else { continue };
            if let Some(after) = concerning.iter().find_map(|changed| changed.name_after(&self.name)) {
                self.name = after;
            }
            self.is_over = concerning.iter().any(|changed| changed.drops(&self.name));
            self.push(Moment { position, statement }, changes, concerning);
            if self.is_over {
                return;
            }
        }
    }

    fn concerning(
        &self,
        position: usize,
        statements: &Arc<MigrationStatements>,
        statement: usize,
    ) -> Option<(Changes, Vec<Changed>)> {
        let found = statements.statements.get(statement)?;
        let owner = self.name.owner();
        if !found.effects.iter().any(|effect| changed::touches(effect, &owner)) {
            return None;
        }
        let changes = changed::by_statement(self.history.folder.dialect, found, text_of(self.history, position));
        let concerning = changes.concerning(&self.name);
        (!concerning.is_empty()).then_some((changes, concerning))
    }

    fn push(&mut self, at: Moment, changes: Changes, concerning: Vec<Changed>) {
        self.touches.push(Touch { at, concerning, changes, name: self.name.clone(), is_rebuild: false });
    }

    /// A table that is there before and after a migration, and gone in between, was made anew: the migration as a whole tells what
    /// became of it. True where that is so, and all of it is within the statements that are walked through.
    fn take_rebuild(&mut self, position: usize, statements: &MigrationStatements, within: Range<usize>) -> bool {
        let Some(step) = self.history.steps.get(position) else { return false };
        let owner = self.name.owner();
        let all = statements.statements.iter().enumerate();
        let effects: Vec<(usize, &Effect)> =
            all.flat_map(|(at, it)| it.effects.iter().map(move |effect| (at, effect))).collect();
        let mut own = effects.into_iter().filter(|(_, effect)| effect.key.path() == owner).peekable();
        let was_there = own.peek().is_some_and(|(_, effect)| effect.before.is_some());
        let own: Vec<(usize, &Effect)> = own.collect();
        let goes = own.iter().any(|(_, effect)| effect.after.is_none());
        let Some((statement, last)) = own.last() else { return false };
        let is_within = own.iter().all(|(at, _)| within.contains(at));
        if !was_there || !goes || !is_within || last.after.is_none() {
            return false;
        }
        let statement = *statement;
        let changes = changed::by_migration(self.history.folder.dialect, step);
        let concerning = changes.concerning(&self.name);
        if !concerning.is_empty() {
            let at = Moment { position, statement };
            self.touches.push(Touch { at, concerning, changes, name: self.name.clone(), is_rebuild: true });
        }
        true
    }
}
