//! Views: SQLite cannot alter one, and refuses to rename a table or to drop a column while one of them names what is not there.

use std::sync::Arc;

use dialects::{names_column, sqlite_statements as sql};
use schema::{Action, Dialect, Name, ObjectKind, ObjectPath, Schema, View};

use super::changes::Changes;
use super::renames::Renamings;
use super::sequence::Draft;

/// Views that are dropped first and made last.
pub(super) struct MovedViews {
    pub(super) dropped: Vec<Name>,
    created: Vec<Name>,
    /// True where views stay that cannot be made anew.
    pub(super) has_blind: bool,
}

impl MovedViews {
    pub(super) fn is_made(&self, view: &View) -> bool {
        !view.existing && (self.created.contains(&view.name) || self.dropped.contains(&view.name))
    }
}

/// The views that change, and those that stand in the way of what happens to tables.
pub(super) fn moved(before: &Schema, after: &Schema, renamings: &Renamings, changes: &Changes) -> MovedViews {
    let changed = |action: fn(&Action) -> bool| {
        let is_it = move |change: &&schema::Change| change.object.kind == ObjectKind::View && action(&change.action);
        changes.all().iter().filter(is_it).map(|change| change.object.name.clone()).collect::<Vec<Name>>()
    };
    let created = changed(|action| *action == Action::Create);
    let is_theirs = |name: &Name| before.views.get(name).is_none_or(|view| view.existing);
    let mut dropped = changed(|action| *action != Action::Create);
    let taken_over: Vec<Name> = dropped.iter().filter(|name| is_theirs(name)).cloned().collect();
    let made = [created, taken_over].concat();
    dropped.extend(renamings.dropped_views.iter().cloned());
    let dropped = in_the_way(before, after, renamings, changes, dropped);
    let stays = |view: &&Arc<View>| !dropped.contains(&view.name) && after.views.contains_key(&view.name);
    let has_blind = before.views.values().filter(stays).any(|view| is_pinned((before, after), view));
    MovedViews { dropped, created: made, has_blind }
}

fn in_the_way(
    before: &Schema,
    after: &Schema,
    renamings: &Renamings,
    changes: &Changes,
    changed: Vec<Name>,
) -> Vec<Name> {
    let mut touched: Vec<&Name> = renamings.touched.iter().collect();
    touched.extend(changes.rebuilt());
    touched.extend(changes.with_dropped_columns());
    let mut dropped = changed;
    if touched.is_empty() {
        return in_order(before, dropped);
    }
    touched.extend(&changes.dropped);
    let mut names: Vec<String> = touched.iter().map(|name| name.name.clone()).collect();
    names.extend(dropped.iter().map(|name| name.name.clone()));
    // A view that reads one that is dropped goes too, and so on.
    loop {
        let reads = |view: &View| {
            let text = view.definition.as_ref().map(|it| it.text.as_str()).unwrap_or_default();
            names.iter().any(|name| names_column(Dialect::Sqlite, text, name))
        };
        let next = before
            .views
            .values()
            .find(|view| !dropped.contains(&view.name) && !is_pinned((before, after), view) && reads(view));
        let Some(view) = next else { return in_order(before, dropped) };
        dropped.push(view.name.clone());
        names.push(view.name.name.clone());
    }
}

fn in_order(before: &Schema, dropped: Vec<Name>) -> Vec<Name> {
    let ordered = before.views.keys().filter(|name| dropped.contains(name));
    ordered.cloned().collect()
}

/// True for a view that cannot be made anew, since its query, as it is or as it should be, or one of its triggers is not known.
fn is_pinned((before, after): (&Schema, &Schema), view: &View) -> bool {
    let is_unknown = |view: &View| view.existing || view.opaque || view.definition.is_none();
    let is_to_be = after.views.get(&view.name);
    is_unknown(view)
        || is_to_be.is_some_and(|view| is_unknown(view))
        || has_unknown_trigger((before, after), &view.name)
}

/// True where a trigger of the view stays whose text, as it is or as it should be, is not known.
pub(super) fn has_unknown_trigger((before, after): (&Schema, &Schema), name: &Name) -> bool {
    let on_view = before.opaque.iter().filter(|(key, _)| key.on.as_ref() == Some(name));
    let is_unknown = |object: &schema::OpaqueObject| object.definition.is_none();
    let mut staying = on_view.filter_map(|(key, object)| Some((object, after.opaque.get(key)?)));
    staying.any(|(old, new)| is_unknown(old) || is_unknown(new))
}

pub(super) fn drop_step(name: &Name) -> Draft {
    Draft::new(ObjectPath::new(ObjectKind::View, name), "drop_view", sql::drop_view(&name.name))
}

pub(super) fn create_step(view: &View) -> Option<Draft> {
    let text = sql::create_view(view)?;
    Some(Draft::new(ObjectPath::new(ObjectKind::View, &view.name), "create_view", text))
}
