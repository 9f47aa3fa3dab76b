//! What is no table: namespaces, roles, types, sequences, views, privileges.

use plan::Rename;
use schema::{Name, ObjectKind, ObjectPath};

use super::names::{COMMENTS, ENUM_VALUES, Family, TYPES, claim, cut, name};
use super::table::comment;
use super::{Id, PUBLIC, Schema};
use crate::random::Random;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Namespace {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) comment: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Role {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) options: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Enum {
    pub(super) id: Id,
    pub(super) namespace: Id,
    pub(super) name: String,
    pub(super) values: Vec<&'static str>,
    pub(super) comment: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Domain {
    pub(super) id: Id,
    pub(super) namespace: Id,
    pub(super) name: String,
    /// A place in the list of types, of integers and texts only.
    pub(super) base: usize,
    pub(super) not_null: bool,
    pub(super) default: Option<usize>,
    /// Its name, and a number that it excludes.
    pub(super) check: Option<(Option<String>, usize)>,
    pub(super) comment: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sequence {
    pub(super) id: Id,
    pub(super) namespace: Id,
    pub(super) name: String,
    pub(super) options: &'static str,
    /// A table and its column.
    pub(super) owner: Option<(Id, Id)>,
    pub(super) comment: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct ViewColumn {
    pub(super) id: Id,
    pub(super) source: Id,
    pub(super) alias: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct View {
    pub(super) id: Id,
    pub(super) namespace: Id,
    pub(super) name: String,
    pub(super) materialized: bool,
    /// A table, or a view before this one.
    pub(super) source: Id,
    pub(super) columns: Vec<ViewColumn>,
    /// Joined with all rows of another table.
    pub(super) join: Option<Id>,
    /// A column that is not NULL.
    pub(super) condition: Option<Id>,
    pub(super) options: Vec<(&'static str, &'static str)>,
    pub(super) with_no_data: bool,
    /// Its name and its function.
    pub(super) trigger: Option<(String, Id)>,
    pub(super) comment: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grant {
    pub(super) on: Id,
    pub(super) to: Id,
    pub(super) privileges: Vec<&'static str>,
    pub(super) may_pass_on: bool,
}

const ROLE_OPTIONS: [&str; 5] = ["", "", " CREATEDB", " CREATEROLE NOINHERIT", " NOINHERIT"];
const SEQUENCE_OPTIONS: [&str; 7] = [
    "",
    " AS integer",
    " INCREMENT BY 2 START WITH 5",
    " MINVALUE 0 MAXVALUE 9000 START WITH 0",
    " CACHE 10 CYCLE",
    " INCREMENT BY -1",
    " AS smallint MAXVALUE 300",
];

/// No name that the cluster or another test has.
pub(super) fn role_name(random: &mut Random) -> String {
    format!("random {}", name(random, 'r', 9))
}

pub(super) fn view_options(random: &mut Random, is_materialized: bool) -> Vec<(&'static str, &'static str)> {
    match (is_materialized, random.below(5)) {
        (true, 0) => vec![("fillfactor", "70")],
        (true, 1) => vec![("autovacuum_enabled", "false"), ("fillfactor", "80")],
        (false, 0) => vec![("security_barrier", "true")],
        (false, 1) => vec![("security_invoker", "true"), ("security_barrier", "false")],
        (false, 2) => vec![("check_option", "local")],
        _ => Vec::new(),
    }
}

impl Schema {
    pub(super) fn add_namespace(&mut self, random: &mut Random) {
        let id = self.new_id();
        self.namespaces.push(Namespace { id, name: name(random, 's', 9), comment: comment(random) });
    }

    pub(super) fn add_role(&mut self, random: &mut Random) {
        let id = self.new_id();
        self.roles.push(Role { id, name: role_name(random), options: random.word(&ROLE_OPTIONS) });
    }

    pub(super) fn add_enum(&mut self, random: &mut Random) {
        let id = self.new_id();
        let namespace = self.random_namespace(random);
        let mut values = Vec::new();
        for _ in 0..1 + random.below(4) {
            let value = random.word(&ENUM_VALUES);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let name = name(random, 'e', 9);
        self.enums.push(Enum { id, namespace, name, values, comment: comment(random) });
    }

    pub(super) fn add_domain(&mut self, random: &mut Random) {
        let id = self.new_id();
        let namespace = self.random_namespace(random);
        let mut domain = Domain {
            id,
            namespace,
            name: name(random, 'd', 9),
            base: 0,
            not_null: random.one_in(6),
            default: None,
            check: None,
            comment: comment(random),
        };
        domain.fill(random);
        self.domains.push(domain);
    }

    pub(super) fn add_sequence(&mut self, random: &mut Random) {
        let id = self.new_id();
        let namespace = self.random_namespace(random);
        let (name, options) = (name(random, 'q', 9), random.word(&SEQUENCE_OPTIONS));
        self.sequences.push(Sequence { id, namespace, name, options, owner: None, comment: comment(random) });
    }

    /// The columns that a relation shows, by their numbers.
    pub(super) fn columns_of(&self, relation: Id) -> Vec<Id> {
        let table =
            self.tables.iter().find(|it| it.id == relation).map(|it| it.columns.iter().map(|it| it.id).collect());
        let view =
            || self.views.iter().find(|it| it.id == relation).map(|it| it.columns.iter().map(|it| it.id).collect());
        table.or_else(view).unwrap_or_default()
    }

    pub(super) fn add_view(&mut self, random: &mut Random) {
        let id = self.new_id();
        let namespace = self.random_namespace(random);
        let mut sources: Vec<Id> = self.tables.iter().map(|it| it.id).collect();
        sources.extend(self.views.iter().map(|it| it.id));
        if sources.is_empty() {
            return;
        }
        let source = *random.pick(&sources);
        let shown = self.columns_of(source);
        if shown.is_empty() {
            return;
        }
        let mut columns = Vec::new();
        for _ in 0..1 + random.below(3) {
            let alias = random.one_in(4).then(|| name(random, 'x', 30));
            columns.push(ViewColumn { id: self.new_id(), source: *random.pick(&shown), alias });
        }
        let materialized = random.one_in(3);
        let join = random.one_in(4).then(|| random.pick(&self.tables).id);
        self.views.push(View {
            id,
            namespace,
            name: name(random, 'v', 9),
            materialized,
            source,
            columns,
            join,
            condition: random.one_in(3).then(|| *random.pick(&shown)),
            options: view_options(random, materialized),
            with_no_data: materialized && random.one_in(4),
            trigger: None,
            comment: comment(random),
        });
    }

    pub(super) fn add_grant(&mut self, random: &mut Random) {
        if self.roles.is_empty() {
            return;
        }
        let to = random.pick(&self.roles).id;
        let tables: Vec<Id> = self.tables.iter().map(|it| it.id).collect();
        let (on, all): (Vec<Id>, &[&str]) = match random.below(5) {
            0 => (self.namespaces.iter().map(|it| it.id).collect(), &["USAGE", "CREATE"]),
            1 => (self.sequences.iter().map(|it| it.id).collect(), &["USAGE", "SELECT"]),
            2 => (self.enums.iter().map(|it| it.id).collect(), &["USAGE"]),
            3 => (self.views.iter().map(|it| it.id).collect(), &["SELECT"]),
            _ => (tables, &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"]),
        };
        if on.is_empty() {
            return;
        }
        let on = *random.pick(&on);
        let mut privileges: Vec<&str> = all.iter().copied().filter(|_| random.one_in(2)).collect();
        if privileges.is_empty() {
            privileges.push(all[0]);
        }
        self.grants.push(Grant { on, to, privileges, may_pass_on: random.one_in(4) });
    }

    pub(super) fn mutate_objects(&mut self, random: &mut Random) {
        match random.below(10) {
            0 if !self.namespaces.is_empty() => drop(self.namespaces.pop()),
            1 if !self.roles.is_empty() => drop(self.roles.pop()),
            2 => self.add_role(random),
            3 if !self.sequences.is_empty() => drop(self.sequences.pop()),
            4 => self.add_sequence(random),
            5 if !self.domains.is_empty() => drop(self.domains.pop()),
            6 => self.add_domain(random),
            7 if !self.grants.is_empty() => drop(self.grants.pop()),
            8 if !self.roles.is_empty() => self.roles[0].options = random.word(&ROLE_OPTIONS),
            _ => {
                if let Some(sequence) = self.sequences.first_mut() {
                    sequence.options = random.word(&SEQUENCE_OPTIONS);
                    let columns = self.tables.iter().flat_map(|table| table.columns.iter().map(|it| (table.id, it.id)));
                    let columns: Vec<(Id, Id)> = columns.collect();
                    sequence.owner = (random.one_in(2) && !columns.is_empty()).then(|| *random.pick(&columns));
                }
                if let Some(domain) = self.domains.first_mut() {
                    domain.fill(random);
                }
                if let Some(namespace) = self.namespaces.first_mut() {
                    namespace.comment = Some(random.word(&COMMENTS));
                }
            }
        }
    }

    pub(super) fn mutate_enum(&mut self, random: &mut Random) {
        if self.enums.is_empty() || random.one_in(8) {
            return self.add_enum(random);
        }
        let at = random.below(self.enums.len());
        let values = &mut self.enums[at].values;
        match random.below(5) {
            0 if values.len() > 1 => drop(values.remove(random.below(values.len()))),
            1 => values.reverse(),
            2 => drop(self.enums.remove(at)),
            _ => {
                let value = random.word(&ENUM_VALUES);
                if !values.contains(&value) {
                    values.insert(random.below(values.len() + 1), value);
                }
            }
        }
    }

    pub(super) fn mutate_views(&mut self, random: &mut Random) {
        if self.views.is_empty() {
            return self.add_view(random);
        }
        let at = random.below(self.views.len());
        let view = &mut self.views[at];
        match random.below(6) {
            0 => drop(self.views.remove(at)),
            1 => view.options = view_options(random, view.materialized),
            2 => view.condition = None,
            3 => {
                view.materialized ^= true;
                view.options.clear();
                view.with_no_data = false;
            }
            4 => view.comment = Some(random.word(&COMMENTS)),
            _ if view.columns.len() > 1 => drop(view.columns.pop()),
            _ => {}
        }
    }

    /// Names that are free; what is in a namespace that is gone goes to `public`.
    pub(super) fn tidy_names(&mut self) {
        let mut taken = ["public", "pg_catalog", "information_schema"].map(str::to_owned).to_vec();
        for it in &mut self.namespaces {
            claim(&mut it.name, it.id, &mut taken);
        }
        let mut taken = Vec::new();
        for it in &mut self.roles {
            claim(&mut it.name, it.id, &mut taken);
        }
        let spaces: Vec<Id> = self.namespaces.iter().map(|it| it.id).collect();
        let place = |id: &mut Id| {
            if !spaces.contains(id) {
                *id = PUBLIC;
            }
        };
        self.tables.iter_mut().for_each(|it| place(&mut it.namespace));
        self.views.iter_mut().for_each(|it| place(&mut it.namespace));
        self.sequences.iter_mut().for_each(|it| place(&mut it.namespace));
        self.enums.iter_mut().for_each(|it| place(&mut it.namespace));
        self.domains.iter_mut().for_each(|it| place(&mut it.namespace));
        // A relation has a type of its name too.
        for space in spaces.iter().copied().chain([PUBLIC]) {
            let mut taken = Vec::new();
            let tables = self.tables.iter_mut().filter(|it| it.namespace == space);
            tables.for_each(|it| claim(&mut it.name, it.id, &mut taken));
            let views = self.views.iter_mut().filter(|it| it.namespace == space);
            views.for_each(|it| claim(&mut it.name, it.id, &mut taken));
            let sequences = self.sequences.iter_mut().filter(|it| it.namespace == space);
            sequences.for_each(|it| claim(&mut it.name, it.id, &mut taken));
            let enums = self.enums.iter_mut().filter(|it| it.namespace == space);
            enums.for_each(|it| claim(&mut it.name, it.id, &mut taken));
            let domains = self.domains.iter_mut().filter(|it| it.namespace == space);
            domains.for_each(|it| claim(&mut it.name, it.id, &mut taken));
        }
    }

    pub(super) fn relation_names(&self) -> Vec<(Id, String)> {
        let tables = self.tables.iter().map(|it| (it.namespace, it.cut_name().to_owned()));
        let views = self.views.iter().map(|it| (it.namespace, cut(&it.name).to_owned()));
        let sequences = self.sequences.iter().map(|it| (it.namespace, cut(&it.name).to_owned()));
        tables.chain(views).chain(sequences).collect()
    }

    pub(super) fn tidy_objects(&mut self) {
        let tables = &self.tables;
        let mut owned: Vec<(Id, Id)> = Vec::new();
        for sequence in &mut self.sequences {
            sequence.owner.take_if(|(table, column)| {
                let table = tables.iter().find(|it| it.id == *table && it.namespace == sequence.namespace);
                let column = table.and_then(|it| it.column(*column));
                // What makes a sequence by itself owns that one.
                column.is_none_or(|it| it.identity.is_some() || it.sql_type.family() == Family::Serial)
            });
            if sequence.owner.is_some_and(|it| owned.contains(&it)) {
                sequence.owner = None;
            }
            owned.extend(sequence.owner);
        }
        let roles: Vec<Id> = self.roles.iter().map(|it| it.id).collect();
        let mut objects: Vec<Id> = self.tables.iter().map(|it| it.id).collect();
        objects.extend(self.views.iter().map(|it| it.id));
        objects.extend(self.sequences.iter().map(|it| it.id));
        objects.extend(self.enums.iter().map(|it| it.id));
        objects.extend(self.namespaces.iter().map(|it| it.id));
        let mut seen: Vec<(Id, Id)> = Vec::new();
        self.grants.retain(|it| {
            let is_new = !seen.contains(&(it.on, it.to));
            seen.push((it.on, it.to));
            is_new && objects.contains(&it.on) && roles.contains(&it.to)
        });
    }

    pub(super) fn tidy_views(&mut self) {
        let mut kept: Vec<View> = Vec::new();
        for mut view in std::mem::take(&mut self.views) {
            self.views.clone_from(&kept);
            let shown = self.columns_of(view.source);
            let is_table = self.tables.iter().any(|it| it.id == view.source);
            view.columns.retain(|it| shown.contains(&it.source));
            view.condition.take_if(|it| !shown.contains(it));
            view.join.take_if(|it| self.tables.iter().all(|table| table.id != *it));
            let mut taken = Vec::new();
            for column in &mut view.columns {
                let mut name = column.alias.clone().unwrap_or_else(|| self.column_name(view.source, column.source));
                if taken.contains(&cut(&name).to_owned()) {
                    claim(&mut name, column.id, &mut taken);
                    column.alias = Some(name);
                } else {
                    taken.push(cut(&name).to_owned());
                }
            }
            // What has no rows yet cannot be read.
            let is_empty = |id: Id| kept.iter().any(|it| it.id == id && it.with_no_data);
            view.with_no_data |= is_empty(view.source);
            let is_updatable = is_table && view.join.is_none() && !view.materialized;
            view.options.retain(|(name, _)| is_updatable || *name != "check_option");
            if !view.columns.is_empty() {
                kept.push(view);
            }
        }
        self.views = kept;
        let views: Vec<Id> = self.views.iter().map(|it| it.id).collect();
        let is_other = |on: Id, schema: &Schema| {
            schema.tables.iter().any(|it| it.id == on)
                || schema.sequences.iter().any(|it| it.id == on)
                || schema.enums.iter().any(|it| it.id == on)
                || schema.namespaces.iter().any(|it| it.id == on)
        };
        let mut grants = std::mem::take(&mut self.grants);
        grants.retain(|it| views.contains(&it.on) || is_other(it.on, self));
        self.grants = grants;
    }

    /// What has another name or place in the other schema.
    pub(super) fn renames(&self, after: &Schema) -> Vec<Rename> {
        let mut renames = Vec::new();
        let mut note = |from: ObjectPath, to: ObjectPath| {
            if from != to {
                renames.push(Rename { from, to });
            }
        };
        let global = |kind, name: &String| ObjectPath::global(kind, cut(name));
        for (old, new) in pairs(&self.namespaces, &after.namespaces, |it| it.id) {
            note(global(ObjectKind::Namespace, &old.name), global(ObjectKind::Namespace, &new.name));
        }
        for (old, new) in pairs(&self.roles, &after.roles, |it| it.id) {
            note(global(ObjectKind::Role, &old.name), global(ObjectKind::Role, &new.name));
        }
        let path = |schema: &Schema, kind, namespace: Id, name: &String| {
            ObjectPath::new(kind, &Name::new(schema.namespace_name(namespace), cut(name)))
        };
        let mut kinds = Vec::new();
        for (old, new) in pairs(&self.enums, &after.enums, |it| it.id) {
            kinds.push((ObjectKind::Enum, old.namespace, &old.name, new.namespace, &new.name));
        }
        for (old, new) in pairs(&self.domains, &after.domains, |it| it.id) {
            kinds.push((ObjectKind::Domain, old.namespace, &old.name, new.namespace, &new.name));
        }
        for (old, new) in pairs(&self.sequences, &after.sequences, |it| it.id) {
            kinds.push((ObjectKind::Sequence, old.namespace, &old.name, new.namespace, &new.name));
        }
        for (old, new) in pairs(&self.views, &after.views, |it| it.id) {
            if old.materialized == new.materialized {
                kinds.push((ObjectKind::View, old.namespace, &old.name, new.namespace, &new.name));
            }
        }
        for (old, new) in pairs(&self.tables, &after.tables, |it| it.id) {
            kinds.push((ObjectKind::Table, old.namespace, &old.name, new.namespace, &new.name));
        }
        for (kind, old_space, old, new_space, new) in kinds {
            let (from, to) = (path(self, kind, old_space, old), path(after, kind, new_space, new));
            // Where only the namespace has another name, its own rename says it.
            if from.name.name != to.name.name || old_space != new_space {
                note(from, to);
            }
        }
        for (old, new) in pairs(&self.tables, &after.tables, |it| it.id) {
            let (from, to) = (
                path(self, ObjectKind::Table, old.namespace, &old.name),
                path(after, ObjectKind::Table, new.namespace, &new.name),
            );
            for (old, new) in pairs(&old.columns, &new.columns, |it| it.id) {
                if cut(&old.name) != cut(&new.name) {
                    let part =
                        |of: &ObjectPath, name: &String| ObjectPath::part(ObjectKind::Column, &of.name, cut(name));
                    note(part(&from, &old.name), part(&to, &new.name));
                }
            }
        }
        renames
    }

    pub(super) fn namespace_name(&self, id: Id) -> &str {
        self.namespaces.iter().find(|it| it.id == id).map_or("public", |it| cut(&it.name))
    }
}

fn pairs<'a, T>(before: &'a [T], after: &'a [T], id: fn(&T) -> Id) -> impl Iterator<Item = (&'a T, &'a T)> {
    before.iter().filter_map(move |old| Some((old, after.iter().find(|new| id(new) == id(old))?)))
}

impl Domain {
    fn fill(&mut self, random: &mut Random) {
        let bases: Vec<usize> = (0..TYPES.len())
            .filter(|at| matches!(TYPES[*at].family, Family::Integer | Family::Text) && TYPES[*at].name != "char(3)")
            .collect();
        if random.one_in(2) {
            self.base = *random.pick(&bases);
        }
        self.default = random.one_in(3).then(|| random.below(10));
        self.not_null = random.one_in(5);
        let name = random.one_in(2).then(|| name(random, 'k', 20));
        self.check = random.one_in(2).then(|| (name, random.below(40)));
    }
}
