//! Random pairs of PostgreSQL schemas, as SQL: what a seed makes is always the same.
//!
//! Objects refer to each other by numbers. The second schema of a pair is the first one after random changes, names included, or one that
//! has nothing to do with it.

mod names;
mod objects;
mod print;
mod routines;
mod table;

use plan::Rename;
use schema::ObjectKind;

use self::names::TYPES;
use self::objects::{Domain, Enum, Grant, Namespace, Role, Sequence, View};
use self::routines::Routine;
use self::table::{Column, Default, Part, PartKind, Table, Type};
use crate::random::Random;

type Id = usize;

/// The namespace `public`.
const PUBLIC: Id = 0;

/// A schema, what it is to become, and what was renamed between them.
#[derive(Clone, Debug)]
pub struct Pair {
    pub before: String,
    pub after: String,
    pub renames: Vec<Rename>,
}

pub fn pair(seed: u64) -> Pair {
    let mut random = Random::new(seed);
    let mut before = Schema::random(&mut random);
    before.tidy();
    if random.one_in(7) {
        let mut after = Schema::random(&mut random);
        after.tidy();
        return Pair { before: before.text(), after: after.text(), renames: Vec::new() };
    }
    let mut after = before.clone();
    for _ in 0..1 + random.below(6) {
        after.mutate(&mut random);
    }
    if random.one_in(3) {
        for _ in 0..1 + random.below(3) {
            after.rename(&mut random);
        }
    }
    after.tidy();
    let mut renames = before.renames(&after);
    // What nobody says is renamed is dropped and made.
    renames.retain(|_| random.below(6) > 0);
    let moves = renames.clone();
    renames.retain(|it| is_within_one_table(it, &moves));
    Pair { before: before.text(), after: after.text(), renames }
}

/// A column stays in its table: one whose table nobody says is renamed is a column of another one.
fn is_within_one_table(rename: &Rename, all: &[Rename]) -> bool {
    let (from, to) = (&rename.from.name, &rename.to.name);
    let is_of_namespace = |it: &Rename| {
        it.from.kind == ObjectKind::Namespace
            && (it.from.name.name == from.namespace && it.to.name.name == to.namespace)
    };
    let is_of_table = |it: &Rename| it.from.kind == ObjectKind::Table && it.from.name == *from && it.to.name == *to;
    rename.from.part.is_none()
        || from == to
        || all.iter().any(is_of_table)
        || (from.name == to.name && all.iter().any(is_of_namespace))
}

#[derive(Clone, Debug, PartialEq)]
struct Schema {
    last_id: Id,
    namespaces: Vec<Namespace>,
    roles: Vec<Role>,
    enums: Vec<Enum>,
    domains: Vec<Domain>,
    sequences: Vec<Sequence>,
    routines: Vec<Routine>,
    tables: Vec<Table>,
    views: Vec<View>,
    grants: Vec<Grant>,
}

impl Schema {
    fn random(random: &mut Random) -> Schema {
        let mut schema = Schema {
            last_id: PUBLIC,
            namespaces: Vec::new(),
            roles: Vec::new(),
            enums: Vec::new(),
            domains: Vec::new(),
            sequences: Vec::new(),
            routines: Vec::new(),
            tables: Vec::new(),
            views: Vec::new(),
            grants: Vec::new(),
        };
        for _ in 0..random.below(3) {
            schema.add_namespace(random);
        }
        for _ in 0..random.below(3) {
            schema.add_role(random);
        }
        for _ in 0..random.below(3) {
            schema.add_enum(random);
        }
        for _ in 0..random.below(2) {
            schema.add_domain(random);
        }
        for _ in 0..random.below(2) {
            schema.add_sequence(random);
        }
        for _ in 0..random.below(3) {
            schema.add_routine(random);
        }
        for _ in 0..1 + random.below(4) {
            schema.add_table(random);
            if random.one_in(5) {
                schema.add_routine(random);
            }
        }
        for _ in 0..random.below(9) {
            schema.add_part(random);
        }
        for _ in 0..random.below(3) {
            schema.add_view(random);
        }
        if random.one_in(4) {
            schema.add_policy(random);
        }
        if random.one_in(3) {
            schema.add_trigger(random);
        }
        if random.one_in(4) {
            schema.add_grant(random);
        }
        schema
    }

    fn new_id(&mut self) -> Id {
        self.last_id += 1;
        self.last_id
    }

    fn random_namespace(&self, random: &mut Random) -> Id {
        match self.namespaces.is_empty() || random.below(3) > 0 {
            true => PUBLIC,
            false => random.pick(&self.namespaces).id,
        }
    }

    fn random_type(&self, random: &mut Random) -> Type {
        match random.below(9) {
            0 | 1 if !self.enums.is_empty() => {
                let id = random.pick(&self.enums).id;
                if random.one_in(4) { Type::EnumArray(id) } else { Type::Enum(id) }
            }
            2 if !self.domains.is_empty() => Type::Domain(random.pick(&self.domains).id),
            _ => Type::Plain(random.below(TYPES.len())),
        }
    }

    fn add_table(&mut self, random: &mut Random) {
        let table = Table::random(random, self);
        self.tables.push(table);
    }

    fn add_part(&mut self, random: &mut Random) {
        let at = random.below(self.tables.len());
        let part = self.tables[at].clone().random_part(random, self);
        self.tables[at].parts.push(part);
    }

    fn add_policy(&mut self, random: &mut Random) {
        let at = random.below(self.tables.len());
        let policy = self.tables[at].random_policy(random, self);
        self.tables[at].policies.push(policy);
    }

    fn mutate(&mut self, random: &mut Random) {
        if self.tables.is_empty() || random.one_in(12) {
            return self.add_table(random);
        }
        match random.below(23) {
            0 => self.mutate_objects(random),
            1 => self.mutate_enum(random),
            2 => self.mutate_views(random),
            3 => match random.below(4) {
                0 => self.add_view(random),
                1 => self.add_namespace(random),
                2 => self.add_grant(random),
                _ => self.add_policy(random),
            },
            4 | 5 => self.add_part(random),
            6 => {
                let at = random.below(self.tables.len());
                self.tables.remove(at);
            }
            7..13 => self.mutate_column(random),
            13..15 => self.mutate_routines(random),
            15 => self.add_trigger(random),
            _ => self.mutate_table(random),
        }
    }

    fn mutate_column(&mut self, random: &mut Random) {
        let at = random.below(self.tables.len());
        let columns = self.tables[at].columns.clone();
        let place = random.below(columns.len().max(1));
        let others: Vec<Column> =
            columns.iter().enumerate().filter(|(it, _)| *it != place).map(|(_, it)| it.clone()).collect();
        let Some(mut column) = columns.get(place).cloned() else { return };
        match random.below(10) {
            0 if columns.len() > 1 => {
                self.tables[at].columns.remove(place);
                return;
            }
            1 | 2 => {
                let new = Column::random(random, self, &columns);
                let place = random.below(columns.len() + 1);
                self.tables[at].columns.insert(place, new);
                return;
            }
            3 | 4 => column.sql_type = self.random_type(random),
            5 => column.not_null ^= true,
            6 => column.default = if random.one_in(3) { None } else { Some(Default::Text(random.below(12))) },
            7 => column.comment = table::comment(random).or(column.comment),
            8 => {
                // A type much like the one it has.
                if let Type::Plain(at) = column.sql_type {
                    column.sql_type = Type::Plain((at + 1 + random.below(2)) % TYPES.len());
                }
            }
            _ => column.fill(random, self, &others),
        }
        self.tables[at].columns[place] = column;
    }

    fn mutate_table(&mut self, random: &mut Random) {
        let at = random.below(self.tables.len());
        let mut table = self.tables[at].clone();
        if table.columns.is_empty() {
            return;
        }
        match random.below(12) {
            0 => table.key = None,
            1 => table.key = Some(table.random_key(random)),
            2 => table.unlogged ^= true,
            3 => table.options = Table::random_options(random),
            4 => table.row_security ^= true,
            5 => table.forced ^= true,
            6 => table.comment = table::comment(random).or(table.comment),
            7 if !table.policies.is_empty() => {
                if random.one_in(3) {
                    table.policies.pop();
                } else {
                    let name = table.policies[0].name.clone();
                    table.policies[0] = table::Policy { name, ..table.random_policy(random, self) };
                }
            }
            8 if !table.parts.is_empty() => drop(table.parts.remove(random.below(table.parts.len()))),
            _ if !table.parts.is_empty() => {
                let part = random.below(table.parts.len());
                let new = table.random_part(random, self);
                let part = &mut table.parts[part];
                let is_one_kind = std::mem::discriminant(&part.kind) == std::mem::discriminant(&new.kind);
                match (&mut part.kind, new.kind) {
                    (PartKind::Foreign(old), PartKind::Foreign(new)) => {
                        (old.actions, old.deferral, old.not_valid) = (new.actions, new.deferral, new.not_valid);
                    }
                    (old, kind) if is_one_kind => *old = kind,
                    _ => part.name = new.name,
                }
            }
            _ => table.namespace = self.random_namespace(random),
        }
        self.tables[at] = table;
    }

    /// Gives something another name or place.
    fn rename(&mut self, random: &mut Random) {
        let at = random.below(self.tables.len().max(1));
        let namespace = self.random_namespace(random);
        match random.below(10) {
            0 if !self.namespaces.is_empty() => self.namespaces[0].name = names::name(random, 's', 9),
            1 if !self.roles.is_empty() => self.roles[0].name = objects::role_name(random),
            2 if !self.enums.is_empty() => self.enums[0].name = names::name(random, 'e', 9),
            3 if !self.sequences.is_empty() => self.sequences[0].name = names::name(random, 'q', 9),
            4 if !self.views.is_empty() => self.views[0].name = names::name(random, 'v', 9),
            5 if !self.domains.is_empty() => self.domains[0].name = names::name(random, 'd', 9),
            6 | 7 if !self.tables.is_empty() => {
                self.tables[at].name = names::name(random, 't', 9);
                if random.one_in(4) {
                    self.tables[at].namespace = namespace;
                }
            }
            _ if !self.tables.is_empty() => {
                let columns = &mut self.tables[at].columns;
                let column = random.below(columns.len().max(1));
                if let Some(column) = columns.get_mut(column) {
                    column.name = names::name(random, 'c', 9);
                }
            }
            _ => {}
        }
    }

    fn tidy(&mut self) {
        self.tidy_names();
        self.tidy_objects();
        loop {
            let mut next = self.clone();
            let names = next.clone();
            next.tables.iter_mut().for_each(|table| table.tidy(&names));
            if next == *self {
                break;
            }
            *self = next;
        }
        self.tidy_part_names();
        self.tidy_views();
        self.tidy_routines();
    }

    /// Constraints and indexes that have an index share the space of relations.
    fn tidy_part_names(&mut self) {
        let mut relations: Vec<(Id, String)> = self.relation_names();
        for table in &mut self.tables {
            let mut own: Vec<String> = Vec::new();
            let namespace = table.namespace;
            let mut claim = |name: &mut String, id: Id, is_relation: bool| {
                let is_taken = |name: &String, own: &[String], relations: &[(Id, String)]| {
                    let cut = names::cut(name);
                    own.iter().any(|it| it == cut)
                        || (is_relation && relations.iter().any(|(of, it)| *of == namespace && it == cut))
                };
                while is_taken(name, &own, &relations) {
                    *name = format!("{id}{name}");
                }
                own.push(names::cut(name).to_owned());
                if is_relation {
                    relations.push((namespace, names::cut(name).to_owned()));
                }
            };
            if let Some(name) = table.key.as_mut().and_then(|key| key.name.as_mut()) {
                claim(name, table.id, true);
            }
            for Part { id, name, kind, .. } in &mut table.parts {
                let is_relation = !matches!(kind, PartKind::Check { .. } | PartKind::Foreign(_));
                if let Some(name) = name {
                    claim(name, *id, is_relation);
                }
            }
        }
    }
}
