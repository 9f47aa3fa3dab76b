//! Views and materialized views.

use dialects::postgres::statements::{create_index, create_view, drop_index, full_name, view_option};
use dialects::quote_identifier;
use schema::{Aspect, Dialect, Name, ObjectKind, ObjectPath, View};

use super::dependents::reads;
use super::group::{Group, Token};
use super::obstacles::without_definition;
use super::order::Phase;
use super::sides::{Sides, namespace_needs, relation};
use super::tables::options_spelled;
use super::work::Work;
use crate::{Hazard, LockMode, Obstacle, Step};

pub(crate) fn write(sides: &Sides<'_>, groups: &mut Vec<Group>) {
    let work = sides.work;
    let views = |path: &&ObjectPath| path.kind == ObjectKind::View;
    for path in work.drops.keys().filter(views) {
        if let Some(view) = sides.before.views.get(&path.name) {
            groups.push(drop_view(sides, path, view));
        }
    }
    for (path, aspects) in work.alters.iter().filter(|(path, _)| path.kind == ObjectKind::View) {
        let pair = sides.before.views.get(&path.name).zip(sides.after.views.get(&path.name));
        if let Some((before, after)) = pair {
            groups.push(alter(path, before, after, aspects));
        }
    }
    indexes(sides, groups);
    for path in work.creates.keys().filter(views) {
        groups.extend(sides.after.views.get(&path.name).and_then(|view| create(sides, path, view)));
    }
}

/// Indexes of materialized views that stay: those of one that is made come with it.
fn indexes(sides: &Sides<'_>, groups: &mut Vec<Group>) {
    let work = sides.work;
    let of_staying = |path: &&ObjectPath| {
        path.kind == ObjectKind::Index && !work.is_dropped(&ObjectPath::new(ObjectKind::View, &path.name))
    };
    for path in work.drops.keys().filter(of_staying).filter(|path| sides.before.views.contains_key(&path.name)) {
        let step = Step::of(path, "drop_index", drop_index(&path.name, path.last_name()));
        let free = Token::Free(relation(&path.name, path.last_name()));
        groups.push(Group::new(Phase::DropIndex, vec![step]).gives([Token::Gone(path.clone()), free]));
    }
    for path in work.creates.keys().filter(of_staying) {
        let view = sides.after.views.get(&path.name);
        let Some(index) = view.and_then(|it| it.indexes.get(path.last_name())) else { continue };
        let step = Step::of(path, "create_index", create_index(&path.name, index));
        let needs = [Token::Gone(path.clone()), Token::Free(relation(&path.name, path.last_name()))];
        groups.push(Group::new(Phase::CreateIndex, vec![step]).needs(needs));
    }
}

/// Views that have to be made anew because of a change elsewhere, though their query is not known.
pub(crate) fn unknown_queries(after: &schema::Schema, work: &Work) -> Vec<Obstacle> {
    let rebuilt = work.creates.keys().filter(|path| path.kind == ObjectKind::View && work.is_dropped(path));
    let reason = |path: &ObjectPath| without_definition(after.views.get(&path.name)?);
    rebuilt.filter_map(|path| Some(Obstacle { object: path.clone(), reason: reason(path)? })).collect()
}

fn class(view: &View) -> &'static str {
    if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" }
}

fn drop_view(sides: &Sides<'_>, path: &ObjectPath, view: &View) -> Group {
    let mut step = Step::of(path, "drop_view", format!("DROP {} {};", class(view), full_name(&view.name)));
    if view.materialized {
        let is_anew = sides.work.is_created(path);
        let comes_back = is_anew && view.indexes.keys().all(|it| sides.after.contains(&index_path(view, it)));
        let what = match is_anew {
            true => format!("The indexes on the materialized view {}, which no schema describes, are gone.", view.name),
            false => format!("The rows of the materialized view {} are gone, and the indexes on it.", view.name),
        };
        // A view of which no index is known may have some.
        let loses = !comes_back || view.indexes.is_empty();
        step = step.warns(loses.then_some(Hazard::LosesData(what)));
    }
    let over = sides.before.views.values().filter(|other| reads(sides.before, other).contains(&view.name));
    let needs = over.map(|other| Token::Gone(ObjectPath::new(ObjectKind::View, &other.name)));
    Group::new(Phase::DropView, vec![step])
        .needs(needs)
        .gives([Token::Gone(path.clone()), Token::Free(view.name.clone())])
        .gives(view.indexes.keys().map(|it| Token::Free(relation(&view.name, it))))
}

fn index_path(view: &View, index: &str) -> ObjectPath {
    ObjectPath::part(ObjectKind::Index, &view.name, index)
}

fn create(sides: &Sides<'_>, path: &ObjectPath, view: &View) -> Option<Group> {
    let mut step = Step::of(path, "create_view", create_view(view)?);
    let index = |it: &schema::Index| {
        let of = ObjectPath::part(ObjectKind::Index, &view.name, it.name.as_str());
        Step::of(&of, "create_index", create_index(&view.name, it))
    };
    let indexes: Vec<Step> = view.indexes.values().map(index).collect();
    let text = view.definition.as_ref().map(|it| it.text.as_str()).unwrap_or_default();
    let mut needs = vec![namespace_needs(&view.name), Token::Gone(path.clone()), Token::Free(view.name.clone())];
    for read in reads(sides.after, view) {
        needs.push(Token::Made(ObjectPath::new(ObjectKind::Table, &read)));
        needs.push(Token::Made(ObjectPath::new(ObjectKind::View, &read)));
        needs.extend(columns_of(sides, &read));
        if view.materialized && view.with_no_data != Some(true) && sides.before.tables.contains_key(&read) {
            step = step.takes(LockMode::AccessShare, &read).warns([Hazard::Scans(read.clone())]);
        }
    }
    let enums = sides.after.enums.keys().filter(|name| text.contains(&name.name));
    needs.extend(enums.map(|name| Token::Made(ObjectPath::new(ObjectKind::Enum, name))));
    let free = view.indexes.keys().map(|it| Token::Free(relation(&view.name, it)));
    needs.extend(free);
    let steps = std::iter::once(step).chain(indexes).collect();
    Some(Group::new(Phase::CreateView, steps).needs(needs).gives([Token::Made(path.clone())]))
}

/// A query finds the columns as they are in the end.
pub(crate) fn columns_of(sides: &Sides<'_>, table: &Name) -> Vec<Token> {
    let path = |name: &String| ObjectPath::part(ObjectKind::Column, table, name.as_str());
    let after = sides.after.tables.get(table).into_iter().flat_map(|it| it.columns.keys().map(path));
    let before = sides.before.tables.get(table).into_iter().flat_map(|it| it.columns.keys().map(path));
    after.map(Token::Made).chain(before.map(Token::Gone)).collect()
}

fn alter(path: &ObjectPath, before: &View, after: &View, aspects: &[Aspect]) -> Group {
    let mut actions = Vec::new();
    for aspect in aspects {
        match aspect {
            Aspect::With => actions.extend(options_spelled(&before.with, &after.with, view_option)),
            Aspect::Tablespace => {
                let tablespace = after.tablespace.as_deref().unwrap_or("pg_default");
                // As drizzle-kit writes it: with quotes only where they are needed.
                let tablespace = dialects::quoted_name(Dialect::Postgres, &Name::new("", tablespace));
                actions.push(format!("SET TABLESPACE {tablespace}"));
            }
            Aspect::Method => {
                let method = after.using.as_deref().unwrap_or("heap");
                actions.push(format!("SET ACCESS METHOD {}", quote_identifier(Dialect::Postgres, method)));
            }
            _ => {}
        }
    }
    let sql = |action: &String| format!("ALTER {} {} {action};", class(after), full_name(&after.name));
    let steps = actions.iter().map(|action| Step::of(path, "alter_view", sql(action))).collect();
    Group::new(Phase::AlterView, steps).gives([Token::Made(path.clone())])
}
