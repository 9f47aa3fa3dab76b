//! What has to be made anew because of a change elsewhere: PostgreSQL does not change what a view, a policy or a generated column
//! reads, and a check written for one type may not hold for another.

use dialects::{mentions, names_column};
use schema::{
    Aspect, Body, Column, Dialect, Index, IndexKey, Name, ObjectKind, ObjectPath, Policy, Schema, SqlType, Table, View,
};

use super::conversions::is_of_one_family;
use super::routines;
use super::work::{Work, primary_key};
use crate::Obstacle;

const DIALECT: Dialect = Dialect::Postgres;

/// Adds them to the work.
pub(crate) fn add(before: &Schema, after: &Schema, work: &mut Work) {
    let find = Find { before, after };
    find.types(work);
    find.replaced_definitions(work);
    // One thing leads to another: a replaced column to a view, that to the views over it.
    while find.columns(work)
        | find.parts(work)
        | find.references(work)
        | find.policies(work)
        | find.views(work)
        | find.callers(work)
        | find.routines_and_triggers(work)
    {}
    find.namespaces(work);
    find.leave_to_their_owners(work);
}

struct Find<'a> {
    before: &'a Schema,
    after: &'a Schema,
}

/// What happens to a column while its name stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// Its new type is much like the old one.
    Widened,
    Retyped,
    /// Dropped and added, or dropped for good.
    Gone,
}

impl Find<'_> {
    /// Enums that lose values or change their order, domains over another type, and domains over those.
    fn types(&self, work: &mut Work) {
        let kinds = [ObjectKind::EnumValue, ObjectKind::Enum, ObjectKind::Domain];
        let altered = work.alters.iter().filter(|(path, aspects)| {
            path.kind == ObjectKind::Enum || (path.kind == ObjectKind::Domain && aspects.contains(&Aspect::Type))
        });
        let altered: Vec<ObjectPath> = altered.map(|(path, _)| path.clone()).collect();
        let lost = work.drops.keys().filter(|path| path.kind == ObjectKind::EnumValue).map(ObjectPath::owner);
        let lost: Vec<ObjectPath> = lost.collect();
        work.rebuilt_types.extend(altered.into_iter().chain(lost).map(|path| (path, ())));
        for (name, domain) in &self.after.domains {
            let over = domain.sql_type.enum_name.as_ref().map(|it| ObjectPath::new(ObjectKind::Enum, it));
            if over.is_some_and(|it| work.rebuilt_types.contains_key(&it)) && self.before.domains.contains_key(name) {
                work.rebuilt_types.insert(ObjectPath::new(ObjectKind::Domain, name), ());
            }
        }
        let rebuilt: Vec<ObjectPath> = work.rebuilt_types.keys().cloned().collect();
        let is_of_rebuilt = |path: &ObjectPath| kinds.contains(&path.kind) && rebuilt.contains(&path.owner());
        work.alters.retain(|path, _| !is_of_rebuilt(path));
        work.drops.retain(|path, ()| !is_of_rebuilt(path) || path.part.is_none());
        work.creates.retain(|path, ()| !is_of_rebuilt(path) || path.part.is_none());
    }

    /// Tables that stay, in both versions.
    fn tables(&self) -> impl Iterator<Item = (&Table, &Table)> {
        self.after.tables.iter().filter_map(|(name, after)| Some((&**self.before.tables.get(name)?, &**after)))
    }

    fn fate(&self, work: &Work, table: &Name, column: &str) -> Option<Fate> {
        let path = ObjectPath::part(ObjectKind::Column, table, column);
        if work.is_dropped(&path) || work.replaced.contains_key(&path) {
            return Some(Fate::Gone);
        }
        let of = |schema: &Schema| {
            schema.tables.get(table).and_then(|it| it.columns.get(column)).map(|it| it.sql_type.clone())
        };
        let (old, new) = (of(self.before)?, of(self.after)?);
        if is_of_rebuilt_type(work, &old) || is_of_rebuilt_type(work, &new) {
            return Some(Fate::Retyped);
        }
        let is_retyped = work.has(&path, Aspect::Type) || work.has(&path, Aspect::Collation);
        let plain = |it: &SqlType| dialects::expand_serial(&it.canonical).unwrap_or_else(|| it.clone());
        let (old, new) = (plain(&old), plain(&new));
        match is_retyped && (old != new || work.has(&path, Aspect::Collation)) {
            true if is_of_one_family(&old, &new) => Some(Fate::Widened),
            true => Some(Fate::Retyped),
            false => None,
        }
    }

    /// The columns of a table to which something happens.
    fn fates<'t>(&self, work: &Work, table: &'t Table) -> Vec<(&'t str, Fate)> {
        let fate = |name: &'t String| Some((name.as_str(), self.fate(work, &table.name, name)?));
        table.columns.keys().filter_map(fate).collect()
    }

    /// Generated columns whose expression, type or source changes.
    fn columns(&self, work: &mut Work) -> bool {
        let mut found = Vec::new();
        for (before, after) in self.tables() {
            let fates = self.fates(work, before);
            for new in after.columns.values() {
                let Some(old) = before.columns.get(&new.name) else { continue };
                let path = ObjectPath::part(ObjectKind::Column, &after.name, new.name.as_str());
                let is_changed =
                    [Aspect::Generated, Aspect::Type, Aspect::Collation].iter().any(|it| work.has(&path, *it));
                let must = (new.generated.is_some() && is_changed) || is_virtual(old) != is_virtual(new);
                let follows = |column: &Column| {
                    let expression = column.generated.as_ref().map(|it| it.expression.text.as_str());
                    fates.iter().any(|(name, _)| *name != new.name && names(expression, name))
                };
                let reads = new.generated.is_some() && old.generated.is_some() && (follows(old) || follows(new));
                if (must || reads) && !work.replaced.contains_key(&path) {
                    found.push(path);
                }
            }
        }
        let is_new = !found.is_empty();
        for path in found {
            work.alters.shift_remove(&path);
            work.replaced.insert(path, ());
        }
        is_new
    }

    /// Checks, keys and indexes of columns that change.
    fn parts(&self, work: &mut Work) -> bool {
        let mut found = Vec::new();
        for (before, after) in self.tables() {
            let fates = self.fates(work, before);
            if fates.is_empty() && work.rebuilt_types.is_empty() {
                continue;
            }
            let retyped = |text: &str| {
                let is_named = |(name, fate): &(&str, Fate)| *fate > Fate::Widened && names_column(DIALECT, text, name);
                fates.iter().any(is_named) || names_rebuilt_type(work, text)
            };
            let gone = |columns: &[String]| {
                columns.iter().any(|it| fates.iter().any(|(name, fate)| name == it && *fate == Fate::Gone))
            };
            let mut add = |kind, name: &String| found.push(ObjectPath::part(kind, &after.name, name.as_str()));
            let both = |kind: ObjectKind, name: &String| {
                let path = ObjectPath::part(kind, &after.name, name.as_str());
                let old = work.renamed_from(&path).unwrap_or(name);
                !work.is_dropped(&path) && before_has(before, kind, old)
            };
            let checks = after.checks.values().filter(|it| both(ObjectKind::Check, &it.name));
            checks.filter(|it| retyped(&it.expression.text)).for_each(|it| add(ObjectKind::Check, &it.name));
            let exclusions = after.exclusions.values().filter(|it| both(ObjectKind::Exclusion, &it.name));
            exclusions.filter(|it| retyped(&it.definition.text)).for_each(|it| add(ObjectKind::Exclusion, &it.name));
            let uniques = after.uniques.values().filter(|it| both(ObjectKind::Unique, &it.name));
            uniques
                .filter(|it| gone(&it.columns) || gone(&it.include))
                .for_each(|it| add(ObjectKind::Unique, &it.name));
            let indexes = after.indexes.values().filter(|it| both(ObjectKind::Index, &it.name));
            let is_concerned = |it: &&Index| {
                gone(&plain_keys(it)) || gone(&it.include) || index_texts(it).any(retyped) || has_opclass_on(it, &fates)
            };
            indexes.filter(is_concerned).for_each(|it| add(ObjectKind::Index, &it.name));
            let key = primary_key(&after.name);
            let is_in_both = before.primary_key.is_some() && !work.is_dropped(&key);
            if is_in_both && after.primary_key.as_ref().is_some_and(|it| gone(&it.columns) || gone(&it.include)) {
                found.push(key);
            }
        }
        rebuild_all(work, found)
    }

    /// Foreign keys between columns that change, or that lead to a key that is made anew.
    fn references(&self, work: &mut Work) -> bool {
        let mut found = Vec::new();
        for (before, after) in self.tables() {
            for new in after.foreign_keys.keys() {
                let path = ObjectPath::part(ObjectKind::ForeignKey, &after.name, new.as_str());
                let old = work.renamed_from(&path).unwrap_or(new);
                let Some(key) = before.foreign_keys.get(old) else { continue };
                if work.is_dropped(&path) {
                    continue;
                }
                let changes = |table: &Name, columns: &[String]| {
                    columns.iter().any(|it| self.fate(work, table, it).is_some_and(|fate| fate > Fate::Widened))
                };
                let target = self.before.tables.get(&key.to);
                let leads_to_dropped = target.is_some_and(|target| drops_key(work, target, &key.to_columns));
                if changes(&after.name, &key.columns) || changes(&key.to, &key.to_columns) || leads_to_dropped {
                    found.push(path);
                }
            }
        }
        rebuild_all(work, found)
    }

    /// Policies that read a column that changes, of their own table or of another.
    fn policies(&self, work: &mut Work) -> bool {
        let mut found = Vec::new();
        let changed: Vec<(&Table, Vec<(&str, Fate)>)> = self
            .before
            .tables
            .values()
            .map(|table| (&**table, self.fates(work, table)))
            .filter(|(_, fates)| !fates.is_empty())
            .collect();
        if changed.is_empty() && work.rebuilt_types.is_empty() {
            return false;
        }
        for (before, after) in self.tables() {
            for policy in before.policies.values().filter(|it| after.policies.contains_key(&it.name)) {
                let path = ObjectPath::part(ObjectKind::Policy, &after.name, policy.name.as_str());
                // One that is altered lets go of a dropped column by that.
                let is_altered = work.alters.contains_key(&path);
                let is_back = |table: &Name, column: &str| {
                    work.replaced.contains_key(&ObjectPath::part(ObjectKind::Column, table, column))
                };
                let reads = |(table, fates): &(&Table, Vec<(&str, Fate)>)| {
                    let sees = table.name == after.name || names_relation(policy, &table.name);
                    let is_kept = |(name, fate): &(&str, Fate)| {
                        !(is_altered && *fate == Fate::Gone && !is_back(&table.name, name))
                    };
                    sees && fates.iter().any(|fate| is_kept(fate) && policy_names(policy, fate.0))
                };
                let of_rebuilt = policy_texts(policy).any(|text| names_rebuilt_type(work, text));
                if !work.is_dropped(&path) && (changed.iter().any(reads) || of_rebuilt) {
                    found.push(path);
                }
            }
        }
        rebuild_all(work, found)
    }

    /// Views over columns that change, and over views that are made anew.
    fn views(&self, work: &mut Work) -> bool {
        let mut found = Vec::new();
        for (name, view) in &self.before.views {
            let path = ObjectPath::new(ObjectKind::View, name);
            if view.existing || work.is_dropped(&path) || self.after.views.get(name).is_none_or(|it| it.existing) {
                continue;
            }
            let text = view.definition.as_ref().map(|it| it.text.as_str()).unwrap_or_default();
            let reads_changed = |read: &Name| {
                if let Some(table) = self.before.tables.get(read) {
                    let reads_all = text.contains('*') || text.is_empty();
                    let sees = |(column, _): &(&str, Fate)| reads_all || names_column(DIALECT, text, column);
                    return self.fates(work, table).iter().any(sees);
                }
                work.is_dropped(&ObjectPath::new(ObjectKind::View, read))
            };
            if reads(self.before, view).iter().any(reads_changed) || names_rebuilt_type(work, text) {
                found.push(path);
            }
        }
        rebuild_all(work, found)
    }

    /// Functions and triggers that no statement replaces in place.
    fn replaced_definitions(&self, work: &mut Work) {
        let altered = work.alters.keys().filter(|path| path.kind == ObjectKind::Opaque);
        let anew: Vec<ObjectPath> =
            altered.filter(|path| routines::is_made_anew(self.before, self.after, path)).cloned().collect();
        rebuild_all(work, anew);
    }

    /// What calls a function that is dropped. Defaults are taken off and set again where the function is made.
    fn callers(&self, work: &mut Work) -> bool {
        let functions = routines::dropped_functions(self.before, work);
        if functions.is_empty() {
            return false;
        }
        let calls = |text: &str| functions.iter().any(|name| mentions(DIALECT, text, name));
        let (mut found, mut replaced) = (Vec::new(), Vec::new());
        for (before, after) in self.tables() {
            let both = |kind: ObjectKind, name: &String| {
                let path = ObjectPath::part(kind, &after.name, name.as_str());
                (before_has(before, kind, name) && !work.is_dropped(&path)).then_some(path)
            };
            let checks = after.checks.values().filter(|it| calls(&it.expression.text));
            found.extend(checks.filter_map(|it| both(ObjectKind::Check, &it.name)));
            let exclusions = after.exclusions.values().filter(|it| calls(&it.definition.text));
            found.extend(exclusions.filter_map(|it| both(ObjectKind::Exclusion, &it.name)));
            let indexes = after.indexes.values().filter(|it| index_texts(it).any(calls));
            found.extend(indexes.filter_map(|it| both(ObjectKind::Index, &it.name)));
            for policy in after.policies.values().filter(|it| policy_texts(it).any(calls)) {
                let path = ObjectPath::part(ObjectKind::Policy, &after.name, policy.name.as_str());
                if before.policies.contains_key(&policy.name) && !work.is_dropped(&path) {
                    found.push(path);
                }
            }
            for column in after.columns.values() {
                let path = ObjectPath::part(ObjectKind::Column, &after.name, column.name.as_str());
                let is_generated = column.generated.as_ref().is_some_and(|it| calls(&it.expression.text));
                if is_generated && before.columns.contains_key(&column.name) && !work.replaced.contains_key(&path) {
                    replaced.push(path);
                }
            }
        }
        for (name, view) in &self.after.views {
            let path = ObjectPath::new(ObjectKind::View, name);
            let is_caller = view.definition.as_ref().is_some_and(|it| calls(&it.text));
            if is_caller && !view.existing && self.before.views.contains_key(name) && !work.is_dropped(&path) {
                found.push(path);
            }
        }
        let is_new = !replaced.is_empty();
        for path in replaced {
            work.alters.shift_remove(&path);
            work.replaced.insert(path, ());
        }
        rebuild_all(work, found) || is_new
    }

    /// Functions of types that are made anew, triggers of columns that change, and what calls or reads what is dropped.
    fn routines_and_triggers(&self, work: &mut Work) -> bool {
        let mut found = Vec::new();
        let functions = routines::dropped_functions(self.before, work);
        let goes = |path: &&ObjectPath| matches!(path.kind, ObjectKind::View | ObjectKind::Table);
        let relations: Vec<&str> = work.drops.keys().filter(goes).map(|path| path.name.name.as_str()).collect();
        let types: Vec<&str> = work.rebuilt_types.keys().map(|path| path.name.name.as_str()).collect();
        for (key, object) in &self.before.opaque {
            let path = key.path();
            if work.is_dropped(&path) || !self.after.opaque.contains_key(key) {
                continue;
            }
            if let Some(on) = &key.on {
                let is_gone = work.is_table_dropped(on) || work.is_dropped(&ObjectPath::new(ObjectKind::View, on));
                let calls = object.calls.as_deref().is_some_and(|it| functions.contains(&it));
                let fates = self.before.tables.get(on).map(|table| self.fates(work, table)).unwrap_or_default();
                let names = |column: &str| {
                    object
                        .definition
                        .as_ref()
                        .is_some_and(|it| mentions(DIALECT, &it.events, column) || mentions(DIALECT, &it.text, column))
                };
                if is_gone || calls || fates.iter().any(|(column, _)| names(column)) {
                    found.push(path);
                }
                continue;
            }
            let Some(definition) = object.definition.as_deref() else { continue };
            let text = dialects::held_text(definition);
            let names = |name: &&str| mentions(DIALECT, &text, name);
            let calls = || matches!(definition.body, Body::Sql(_)) && functions.iter().any(names);
            let reads = || {
                let tables = self.before.tables.values().filter(|_| matches!(definition.body, Body::Sql(_)));
                tables.filter(|table| names(&table.name.name.as_str())).any(|table| !self.fates(work, table).is_empty())
            };
            if types.iter().any(names) || relations.iter().any(names) || calls() || reads() {
                found.push(path);
            }
        }
        rebuild_all(work, found)
    }

    /// A namespace goes with its domains, about which a schema without any says nothing, and stays where `after` has something in it.
    fn namespaces(&self, work: &mut Work) {
        let dropped = work.drops.keys().filter(|path| path.kind == ObjectKind::Namespace);
        for path in dropped.cloned().collect::<Vec<_>>() {
            let is_in = |name: &&Name| name.namespace == path.name.name;
            let after = self.after;
            let relations = after.tables.keys().chain(after.views.keys()).chain(after.sequences.keys());
            if relations
                .chain(after.enums.keys())
                .chain(after.domains.keys())
                .chain(after.opaque.keys().map(|key| &key.name))
                .any(|name| is_in(&name))
            {
                work.drops.shift_remove(&path);
                continue;
            }
            let domains = self.before.domains.keys().filter(is_in);
            work.drops.extend(domains.map(|name| (ObjectPath::new(ObjectKind::Domain, name), ())));
        }
    }

    /// What goes with the table or column that it belongs to needs no statement of its own.
    fn leave_to_their_owners(&self, work: &mut Work) {
        let owned = self.before.sequences.values().filter(|sequence| {
            sequence.owned_by.as_ref().is_some_and(|(table, column)| {
                let column = ObjectPath::part(ObjectKind::Column, table, column.as_str());
                work.is_table_dropped(table) || work.is_dropped(&column)
            })
        });
        let owned: Vec<ObjectPath> =
            owned.map(|sequence| ObjectPath::new(ObjectKind::Sequence, &sequence.name)).collect();
        let triggers = self.before.opaque.keys().filter(|key| {
            key.on
                .as_ref()
                .is_some_and(|on| work.is_table_dropped(on) || work.is_dropped(&ObjectPath::new(ObjectKind::View, on)))
        });
        let triggers: Vec<ObjectPath> = triggers.map(schema::OpaqueKey::path).collect();
        for path in owned.iter().chain(&triggers) {
            work.drops.shift_remove(path);
        }
    }
}

/// Domains whose checks or defaults call a function that has to be dropped for a moment: no column of theirs could be there by then.
pub(crate) fn held_domains(before: &Schema, after: &Schema, work: &Work) -> Vec<Obstacle> {
    let functions = routines::dropped_functions(before, work);
    let calls = |text: &str| functions.iter().any(|name| mentions(DIALECT, text, name));
    let held = after.domains.values().filter(|domain| {
        before.domains.contains_key(&domain.name)
            && (domain.checks.iter().any(|it| calls(&it.expression.text))
                || domain.default.as_ref().is_some_and(|it| calls(&it.text)))
    });
    let obstacle = |domain: &schema::Domain| Obstacle {
        object: ObjectPath::new(ObjectKind::Domain, &domain.name),
        reason: format!(
            "The domain {} calls a function that has to be dropped and made anew: take the call off the domain in a migration of your own \
             before, and put it back after.",
            domain.name
        ),
    };
    held.map(|domain| obstacle(domain)).collect()
}

fn rebuild_all(work: &mut Work, paths: Vec<ObjectPath>) -> bool {
    paths.into_iter().fold(false, |is_any, path| work.rebuild(path) | is_any)
}

fn is_virtual(column: &Column) -> bool {
    column.generated.as_ref().is_some_and(|it| !it.stored)
}

fn names(text: Option<&str>, column: &str) -> bool {
    text.is_some_and(|text| names_column(DIALECT, text, column))
}

/// True for a column of a type that is made anew, or of an array of it.
pub(crate) fn is_of_rebuilt_type(work: &Work, sql_type: &SqlType) -> bool {
    if let Some(name) = &sql_type.enum_name {
        return work.rebuilt_types.contains_key(&ObjectPath::new(ObjectKind::Enum, name));
    }
    let element = sql_type.canonical.trim_end_matches("[]");
    let is_it = |path: &ObjectPath| {
        path.kind == ObjectKind::Domain && dialects::quoted_name(DIALECT, &path.name) == element
            || path.name.namespace == "public"
                && dialects::quoted_name(DIALECT, &Name::new("", path.name.name.as_str())) == element
    };
    work.rebuilt_types.keys().filter(|path| path.kind == ObjectKind::Domain).any(is_it)
}

/// True where a text may cast to a type that is made anew.
fn names_rebuilt_type(work: &Work, text: &str) -> bool {
    work.rebuilt_types.keys().any(|path| text.contains(&path.name.name) && text.contains("::"))
}

fn before_has(table: &Table, kind: ObjectKind, name: &str) -> bool {
    match kind {
        ObjectKind::Check => table.checks.contains_key(name),
        ObjectKind::Exclusion => table.exclusions.contains_key(name),
        ObjectKind::Unique => table.uniques.contains_key(name),
        ObjectKind::Index => table.indexes.contains_key(name),
        _ => false,
    }
}

fn plain_keys(index: &Index) -> Vec<String> {
    let plain = index.columns.iter().filter_map(|column| match &column.key {
        IndexKey::Column(name) => Some(name.clone()),
        IndexKey::Expression(_) => None,
    });
    plain.collect()
}

pub(crate) fn index_texts(index: &Index) -> impl Iterator<Item = &str> {
    let expressions = index.columns.iter().filter_map(|column| match &column.key {
        IndexKey::Expression(expression) => Some(expression.text.as_str()),
        IndexKey::Column(_) => None,
    });
    expressions.chain(index.predicate.iter().map(|it| it.text.as_str()))
}

/// An operator class is of one type.
fn has_opclass_on(index: &Index, fates: &[(&str, Fate)]) -> bool {
    let with_opclass = index.columns.iter().filter(|column| column.opclass.is_some());
    with_opclass
        .filter_map(|column| match &column.key {
            IndexKey::Column(name) => Some(name),
            IndexKey::Expression(_) => None,
        })
        .any(|it| fates.iter().any(|(name, _)| name == it))
}

/// True where the key that a foreign key leads to is dropped, be it to be made anew.
fn drops_key(work: &Work, target: &Table, columns: &[String]) -> bool {
    let is_same = |key: &[String]| {
        columns.is_empty() || (key.len() == columns.len() && columns.iter().all(|column| key.contains(column)))
    };
    let key = target
        .primary_key
        .as_ref()
        .is_some_and(|it| is_same(&it.columns) && work.is_dropped(&primary_key(&target.name)));
    let dropped = |kind, name: &String| work.is_dropped(&ObjectPath::part(kind, &target.name, name.as_str()));
    let unique = target.uniques.values().any(|it| is_same(&it.columns) && dropped(ObjectKind::Unique, &it.name));
    let index =
        target.indexes.values().any(|it| it.unique && is_same(&plain_keys(it)) && dropped(ObjectKind::Index, &it.name));
    key || unique || index
}

fn policy_texts(policy: &Policy) -> impl Iterator<Item = &str> {
    policy.using.iter().chain(&policy.with_check).map(|it| it.text.as_str())
}

pub(crate) fn policy_names(policy: &Policy, column: &str) -> bool {
    policy_texts(policy).any(|text| names_column(DIALECT, text, column))
}

fn names_relation(policy: &Policy, table: &Name) -> bool {
    policy_texts(policy).any(|text| names_column(DIALECT, text, &table.name))
}

/// The relations that a view reads; where its schema does not tell, those whose names its query has.
pub(crate) fn reads(schema: &Schema, view: &View) -> Vec<Name> {
    if !view.reads.is_empty() {
        return view.reads.clone();
    }
    let Some(definition) = &view.definition else { return Vec::new() };
    let relations = schema.tables.keys().chain(schema.views.keys()).filter(|name| **name != view.name);
    relations.filter(|name| names_column(DIALECT, &definition.text, &name.name)).cloned().collect()
}
