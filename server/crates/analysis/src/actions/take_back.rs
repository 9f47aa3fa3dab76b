//! How a migration is taken back: by what somebody wrote for that, else by the reverse of what it did.

use history::{History, NoScript, Script};
use plan::{Rename, Step};
use schema::{Action, Object, ObjectKey, ObjectKind, ObjectPath, Schema};
use source::{Files, Severity};

use crate::words;

/// The way back of one migration.
#[derive(Clone, Debug)]
pub struct WayBack {
    pub script: Script,
    /// True where nobody wrote it: it is made of the replay.
    pub is_made: bool,
    /// What it does not bring back, as sentences.
    pub not_brought_back: Vec<String>,
    /// Tables and columns that the migration made, and that go with what they hold now.
    pub loses: Vec<ObjectPath>,
}

/// Why a migration cannot be taken back.
#[derive(Clone, Debug)]
pub enum NoWayBack {
    /// What is written for it cannot be run.
    Script(NoScript),
    /// Nothing is written for it, and nothing can be made: a sentence.
    Unknown(String),
}

/// Of the migration at `position`.
pub fn way_back(history: &History, position: usize, files: &dyn Files) -> Result<WayBack, NoWayBack> {
    let renames: Vec<Rename> = history.renames_of(position).into_iter().map(|(from, to)| Rename { from, to }).collect();
    let (before, after) = (history.schema_until(position), history.schema_at(position));
    let loses = made(&before, &after, &renames);
    if let Some(written) = history.script_back(position, files) {
        let script = written.map_err(NoWayBack::Script)?;
        return Ok(WayBack { script, is_made: false, not_brought_back: Vec::new(), loses });
    }
    let tag = history.folder.migrations.get(position).map(|it| it.tag.clone()).unwrap_or_default();
    if let Some(why) = not_known(history, position) {
        return Err(NoWayBack::Unknown(format!(
            "{tag}: {why}, so the way back cannot be made of it. Write a new migration that undoes it, or a file for the way back"
        )));
    }
    let plan = plan::reverse(&before, &after, &renames);
    if let Some(obstacle) = plan.obstacles.first() {
        let object = words::object(&obstacle.object);
        return Err(NoWayBack::Unknown(format!("{tag}: {object}: {}", obstacle.reason)));
    }
    let plan = plan::for_a_connection(plan);
    let mut not_brought_back: Vec<String> = plan.not_brought_back.iter().map(|it| it.what.clone()).collect();
    if history.changes_rows(position) {
        not_brought_back.push(String::from("what it did to rows"));
    }
    let text: Vec<&str> = plan.steps.iter().map(|step| step.sql.trim_end()).collect();
    let text = text.join("\n");
    let made = history.script_back_of(position, &text);
    let mut script = made.ok_or_else(|| NoWayBack::Unknown(format!("{tag}: the way back cannot be sent")))?;
    let outside = !plan.steps.iter().all(Step::runs_in_transaction);
    if outside && script.alone.is_none() {
        script.alone = Some("a step of it cannot run in a transaction");
    }
    Ok(WayBack { script, is_made: true, not_brought_back, loses })
}

/// Tables and columns that the migration added.
fn made(before: &Schema, after: &Schema, renames: &[Rename]) -> Vec<ObjectPath> {
    let is_renamed = |path: &ObjectPath| {
        renames.iter().any(|it| it.to == *path || (it.to.kind == ObjectKind::Table && it.to.name == path.name))
    };
    let changes = diff::diff(before, after).changes;
    let added = changes.into_iter().filter(|change| {
        change.action == Action::Create && matches!(change.object.kind, ObjectKind::Table | ObjectKind::Column)
    });
    added.map(|change| change.object).filter(|path| !is_renamed(path)).collect()
}

/// What of the migration is not known well enough to undo it.
fn not_known(history: &History, position: usize) -> Option<&'static str> {
    let step = history.steps.get(position)?;
    if step.text.is_none() {
        return Some("its file cannot be read");
    }
    if step.diagnostics.iter().any(|found| found.severity == Severity::Error) {
        return Some("not all of it is understood");
    }
    step.effects.iter().find_map(|effect| match &effect.key {
        ObjectKey::Opaque(_) => {
            let is_known = |object: &Option<Object>| match object {
                Some(Object::Opaque(object)) => object.definition.is_some(),
                _ => true,
            };
            let is_whole = is_known(&effect.before) && is_known(&effect.after);
            (!is_whole).then_some("it makes or drops objects of which only the names are known")
        }
        ObjectKey::Unknown(_) => Some("not all of what it does is known"),
        _ => None,
    })
}
