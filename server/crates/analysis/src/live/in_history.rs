//! An object named in a migration, as the database has it: what the migrations that are applied there have called it since, or that they
//! have dropped it, so that nobody is shown the facts of another object that has its name now.

use history::{History, MigrationState};
use schema::ObjectPath;

use crate::trail::{self, Moment, Touch};

/// A name in a migration, and what other statements made of the object that it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameInHistory {
    /// The migration's place in the folder.
    position: usize,
    n_migrations: usize,
    tag: String,
    /// The name that was asked for.
    name: ObjectPath,
    /// What the statement leaves it with; None where it drops it.
    after: Option<ObjectPath>,
    /// The statement itself and those before it, the latest first.
    earlier: Vec<Turn>,
    /// Those after it.
    later: Vec<Turn>,
}

/// A statement that makes, renames or drops the object.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Turn {
    position: usize,
    tag: String,
    /// What it is called on the far side: before it of an earlier one, after it of a later one. None where it is not there.
    name: Option<ObjectPath>,
}

/// What a database has for a name in a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// This object, and what has to be known of it.
    Object(ObjectPath, Option<String>),
    /// None, for this reason.
    Nothing(String),
}

impl NameInHistory {
    /// `after` is the object's name right after the statement at `at`; None where it is not there then.
    pub(crate) fn new(
        history: &History,
        at: Moment,
        name: &ObjectPath,
        after: Option<ObjectPath>,
        earlier: &[Touch],
        later: &[Touch],
    ) -> NameInHistory {
        let tag =
            |position: usize| history.folder.migrations.get(position).map(|it| it.tag.clone()).unwrap_or_default();
        // A table that is made anew within a migration is there at its end.
        let is_rebuilt = || name.part.is_none() && trail::is_there_after(history, at.position, name);
        let after = after.or_else(|| is_rebuilt().then(|| name.clone()));
        let mut before = name.clone();
        let earlier = earlier.iter().filter_map(|touch| {
            let is_made = touch.concerning.iter().any(|it| it.creates(&before));
            let renamed = touch.concerning.iter().find_map(|it| it.name_before(&before));
            before = renamed.clone().unwrap_or_else(|| before.clone());
            let name = if is_made { None } else { Some(renamed?) };
            Some(Turn { position: touch.at.position, tag: tag(touch.at.position), name })
        });
        let earlier = earlier.collect();
        let mut now = after.clone().unwrap_or_else(|| name.clone());
        let later = later.iter().filter_map(|touch| {
            let is_dropped = touch.concerning.iter().any(|it| it.drops(&now));
            let renamed = touch.concerning.iter().find_map(|it| it.name_after(&now));
            now = renamed.clone().unwrap_or_else(|| now.clone());
            let name = if is_dropped { None } else { Some(renamed?) };
            Some(Turn { position: touch.at.position, tag: tag(touch.at.position), name })
        });
        let later = later.collect();
        NameInHistory {
            position: at.position,
            n_migrations: history.folder.migrations.len(),
            tag: tag(at.position),
            name: name.clone(),
            after,
            earlier,
            later,
        }
    }

    /// What the name means in a database to which the migrations stand like this. Where nothing is applied, or nobody knows what is, the
    /// database is taken for what all of them make.
    pub(super) fn meant(&self, states: &[MigrationState]) -> Meant {
        let is_known = states.len() == self.n_migrations && states.iter().any(|state| state.is_applied());
        let is_applied = |position: usize| !is_known || states.get(position).is_some_and(|state| state.is_applied());
        if is_applied(self.position) { self.forth(&is_applied) } else { self.back(&is_applied) }
    }

    fn forth(&self, is_applied: &dyn Fn(usize) -> bool) -> Meant {
        let Some(mut now) = self.after.as_ref() else { return self.gone(&self.tag) };
        let mut renamed_by = None;
        for turn in self.later.iter().filter(|turn| is_applied(turn.position)) {
            match &turn.name {
                Some(name) => (now, renamed_by) = (name, Some(&turn.tag)),
                None => return self.gone(&turn.tag),
            }
        }
        let remark = renamed_by.map(|tag| format!("now called `{}`, by `{tag}`", now.short()));
        Meant::Object(now.clone(), remark.or_else(|| self.other_name(now)))
    }

    fn back(&self, is_applied: &dyn Fn(usize) -> bool) -> Meant {
        let tag = &self.tag;
        if self.later.iter().any(|turn| is_applied(turn.position)) {
            return Meant::Nothing(format!("`{tag}` is not applied there, and what follows it is"));
        }
        let mut before = &self.name;
        for turn in self.earlier.iter().filter(|turn| !is_applied(turn.position)) {
            match &turn.name {
                Some(name) => before = name,
                None => {
                    return Meant::Nothing(format!("not there yet: `{}` makes it, and is not applied there", turn.tag));
                }
            }
        }
        let called = self.other_name(before).map(|called| format!("; {called}")).unwrap_or_default();
        Meant::Object(before.clone(), Some(format!("`{tag}` is not applied there{called}")))
    }

    fn other_name(&self, there: &ObjectPath) -> Option<String> {
        (*there != self.name).then(|| format!("called `{}` there", there.short()))
    }

    fn gone(&self, tag: &str) -> Meant {
        Meant::Nothing(format!("dropped by `{tag}`: what may have the name there now is another object"))
    }
}
