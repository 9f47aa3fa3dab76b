//! Tables: what they are made of, by numbers that stay when names change.

use super::names::{COMMENTS, Family, TYPES, cut, name};
use super::routines::Trigger;
use super::{Id, Schema};
use crate::random::Random;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Type {
    /// A place in the list.
    Plain(usize),
    Enum(Id),
    EnumArray(Id),
    Domain(Id),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Default {
    /// A place in the list of the type.
    Text(usize),
    Sequence(Id),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) sql_type: Type,
    pub(super) not_null: bool,
    pub(super) default: Option<Default>,
    /// The column it is made of, and a choice of how.
    pub(super) generated: Option<(Id, usize)>,
    /// ALWAYS, and options.
    pub(super) identity: Option<(bool, &'static str)>,
    pub(super) collation: Option<&'static str>,
    pub(super) comment: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<Id>,
    pub(super) include: Vec<Id>,
    pub(super) deferral: &'static str,
}

/// A constraint or an index.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    pub(super) id: Id,
    pub(super) name: Option<String>,
    pub(super) kind: PartKind,
    pub(super) comment: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum PartKind {
    Unique { columns: Vec<Id>, nulls_not_distinct: bool, include: Vec<Id>, deferral: &'static str },
    Foreign(Foreign),
    Check { column: Id, shape: usize, ending: &'static str },
    Exclusion { column: Id, shape: usize, deferral: &'static str },
    Index(Index),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Foreign {
    pub(super) columns: Vec<Id>,
    pub(super) to: Id,
    pub(super) to_columns: Vec<Id>,
    pub(super) actions: &'static str,
    pub(super) deferral: &'static str,
    pub(super) not_valid: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Index {
    pub(super) keys: Vec<(Id, usize)>,
    pub(super) unique: bool,
    pub(super) method: &'static str,
    pub(super) include: Vec<Id>,
    pub(super) predicate: Option<Id>,
    pub(super) nulls_not_distinct: bool,
    pub(super) fillfactor: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Policy {
    pub(super) name: String,
    pub(super) permissive: bool,
    pub(super) command: &'static str,
    /// None: everybody.
    pub(super) to: Vec<Id>,
    pub(super) using: Option<Condition>,
    pub(super) with_check: Option<Condition>,
}

/// Of the table's own column, or of one of another table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    pub(super) table: Option<Id>,
    pub(super) column: Id,
    pub(super) shape: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    pub(super) id: Id,
    pub(super) namespace: Id,
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    pub(super) key: Option<Key>,
    pub(super) parts: Vec<Part>,
    pub(super) policies: Vec<Policy>,
    pub(super) triggers: Vec<Trigger>,
    pub(super) unlogged: bool,
    pub(super) options: Vec<(&'static str, &'static str)>,
    pub(super) row_security: bool,
    pub(super) forced: bool,
    pub(super) comment: Option<&'static str>,
}

pub(super) const DEFERRALS: [&str; 5] = ["", "", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"];
pub(super) const COMMANDS: [&str; 5] = ["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"];
const ACTIONS: [&str; 9] = [
    "",
    "",
    " ON DELETE CASCADE",
    " ON DELETE SET NULL",
    " ON DELETE SET DEFAULT",
    " ON DELETE RESTRICT ON UPDATE CASCADE",
    " MATCH FULL",
    " MATCH FULL ON UPDATE SET NULL",
    " ON UPDATE RESTRICT",
];
const IDENTITIES: [&str; 6] =
    ["", "", " (START WITH 10)", " (INCREMENT BY 5 CACHE 3)", " (MINVALUE 3 MAXVALUE 900 CYCLE)", " (INCREMENT BY -1)"];
const METHODS: [&str; 8] = ["btree", "btree", "btree", "btree", "hash", "gin", "gist", "brin"];
const OPTIONS: [(&str, &str); 5] = [
    ("fillfactor", "70"),
    ("fillfactor", "90"),
    ("autovacuum_enabled", "false"),
    ("autovacuum_vacuum_scale_factor", "0.2"),
    ("toast_tuple_target", "256"),
];

pub(super) fn comment(random: &mut Random) -> Option<&'static str> {
    random.one_in(8).then(|| random.word(&COMMENTS))
}

impl Type {
    pub(super) fn family(self) -> Family {
        match self {
            Type::Plain(at) => TYPES[at].family,
            Type::Enum(_) => Family::Enum,
            Type::EnumArray(_) => Family::EnumArray,
            Type::Domain(_) => Family::Domain,
        }
    }

    /// The same for types whose values a foreign key can compare: `serial` is an integer.
    pub(super) fn as_key(self) -> Type {
        let of = |name| TYPES.iter().position(|it| it.name == name).map_or(self, Type::Plain);
        match self {
            Type::Plain(at) => match TYPES[at].name {
                "serial" => of("integer"),
                "bigserial" => of("bigint"),
                "smallserial" => of("smallint"),
                name => of(name),
            },
            other => other,
        }
    }

    /// True where values have an order.
    pub(super) fn is_ordered(self) -> bool {
        self.family() != Family::Incomparable
    }

    pub(super) fn can_be_hashed(self) -> bool {
        self.is_ordered() && !matches!(self.family(), Family::Domain)
    }
}

impl Column {
    pub(super) fn random(random: &mut Random, schema: &mut Schema, table: &[Column]) -> Column {
        let id = schema.new_id();
        let mut column = Column {
            id,
            name: name(random, 'c', 9),
            sql_type: schema.random_type(random),
            not_null: false,
            default: None,
            generated: None,
            identity: None,
            collation: None,
            comment: comment(random),
        };
        column.fill(random, schema, table);
        column
    }

    /// Chooses how it gets its values.
    pub(super) fn fill(&mut self, random: &mut Random, schema: &Schema, table: &[Column]) {
        (self.default, self.generated, self.identity, self.collation) = (None, None, None, None);
        self.not_null = random.one_in(6);
        match random.below(8) {
            0..3 => {
                let call = match random.below(4) {
                    0 => schema.call_of(random, self.sql_type),
                    1 => schema.count_of(random),
                    _ => None,
                };
                self.default = Some(Default::Text(call.unwrap_or_else(|| random.below(12))));
                self.not_null = random.one_in(2);
            }
            3 if self.sql_type.family() == Family::Integer => {
                self.identity = Some((random.one_in(2), random.word(&IDENTITIES)));
            }
            4 if !table.is_empty() => {
                let source = random.pick(table);
                let call = schema.call_of(random, source.sql_type).filter(|_| random.one_in(2));
                self.generated = Some((source.id, call.unwrap_or_else(|| random.below(3))));
                self.sql_type = source.sql_type;
            }
            5 if !schema.sequences.is_empty() => {
                self.default = Some(Default::Sequence(random.pick(&schema.sequences).id));
            }
            _ => {}
        }
        if self.sql_type.family() == Family::Text && random.one_in(5) {
            self.collation = Some(random.word(&["\"C\"", "\"POSIX\""]));
        }
    }
}

impl Table {
    pub(super) fn random(random: &mut Random, schema: &mut Schema) -> Table {
        let mut table = Table {
            id: schema.new_id(),
            namespace: schema.random_namespace(random),
            name: name(random, 't', 9),
            columns: Vec::new(),
            key: None,
            parts: Vec::new(),
            policies: Vec::new(),
            triggers: Vec::new(),
            unlogged: random.one_in(12),
            options: Vec::new(),
            row_security: random.one_in(10),
            forced: random.one_in(16),
            comment: comment(random),
        };
        for _ in 0..1 + random.below(6) {
            let column = Column::random(random, schema, &table.columns);
            table.columns.push(column);
        }
        if random.below(4) > 0 {
            table.key = Some(table.random_key(random));
        }
        if random.one_in(6) {
            table.options.push(*random.pick(&OPTIONS));
        }
        table
    }

    pub(super) fn column(&self, id: Id) -> Option<&Column> {
        self.columns.iter().find(|column| column.id == id)
    }

    fn some(&self, random: &mut Random, limit: usize) -> Vec<Id> {
        let mut ids = Vec::new();
        for _ in 0..1 + random.below(limit) {
            let id = random.pick(&self.columns).id;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    pub(super) fn random_key(&self, random: &mut Random) -> Key {
        let name = random.one_in(4).then(|| super::names::name(random, 'k', 30));
        let include = if random.one_in(10) { self.some(random, 1) } else { Vec::new() };
        let columns = if random.one_in(2) { vec![self.columns[0].id] } else { self.some(random, 2) };
        Key { name, columns, include, deferral: random.word(&DEFERRALS) }
    }

    pub(super) fn random_options(random: &mut Random) -> Vec<(&'static str, &'static str)> {
        if random.one_in(3) { Vec::new() } else { vec![*random.pick(&OPTIONS)] }
    }

    pub(super) fn random_policy(&self, random: &mut Random, schema: &Schema) -> Policy {
        let command = random.word(&COMMANDS);
        let condition = |random: &mut Random| {
            let other = random.pick(&schema.tables);
            let (table, columns) = match random.one_in(3) && other.id != self.id {
                true => (Some(other.id), &other.columns),
                false => (None, &self.columns),
            };
            let column = random.pick(columns);
            let call = schema.call_of(random, column.sql_type).filter(|_| random.one_in(2));
            Condition { table, column: column.id, shape: call.unwrap_or_else(|| random.below(3)) }
        };
        let mut to = Vec::new();
        if !schema.roles.is_empty() && random.one_in(2) {
            to.push(random.pick(&schema.roles).id);
            if random.one_in(3) {
                to.push(random.pick(&schema.roles).id);
                to.dedup();
            }
        }
        let using = (command != "INSERT" && random.below(5) > 0).then(|| condition(random));
        let with_check = (!["SELECT", "DELETE"].contains(&command) && random.one_in(2)).then(|| condition(random));
        Policy { name: name(random, 'p', 30), permissive: random.below(4) > 0, command, to, using, with_check }
    }

    /// A constraint or an index.
    pub(super) fn random_part(&self, random: &mut Random, schema: &mut Schema) -> Part {
        let id = schema.new_id();
        let name = random.below(3).gt(&0).then(|| super::names::name(random, 'n', 90));
        let (column, sql_type) = {
            let column = random.pick(&self.columns);
            (column.id, column.sql_type)
        };
        let call = schema.call_of(random, sql_type).filter(|_| random.one_in(2));
        let include = if random.one_in(8) { self.some(random, 2) } else { Vec::new() };
        let kind = match random.below(8) {
            0 => PartKind::Unique {
                columns: self.some(random, 2),
                nulls_not_distinct: random.one_in(4),
                include,
                deferral: random.word(&DEFERRALS),
            },
            1 => PartKind::Check {
                column,
                shape: call.unwrap_or_else(|| random.below(6)),
                ending: random.word(&["", "", "", " NO INHERIT", " NOT VALID"]),
            },
            2 if random.one_in(2) => {
                PartKind::Exclusion { column, shape: random.below(4), deferral: random.word(&DEFERRALS) }
            }
            2..5 => PartKind::Index(self.random_index(random, schema, include)),
            _ => {
                let to = if random.one_in(5) { self } else { random.pick(&schema.tables) };
                let to_columns = match (&to.key, random.one_in(4)) {
                    (Some(key), false) => key.columns.clone(),
                    _ => to.parts.iter().find_map(Part::unique_columns).unwrap_or_default(),
                };
                let find = |of: &Id| {
                    let sql_type = to.column(*of)?.sql_type.as_key();
                    let like: Vec<Id> =
                        self.columns.iter().filter(|it| it.sql_type.as_key() == sql_type).map(|it| it.id).collect();
                    Some((!like.is_empty()).then(|| like[id % like.len()]))
                };
                let columns: Vec<Id> = to_columns.iter().filter_map(find).flatten().collect();
                PartKind::Foreign(Foreign {
                    columns,
                    to: to.id,
                    to_columns,
                    actions: random.word(&ACTIONS),
                    deferral: random.word(&DEFERRALS),
                    not_valid: random.one_in(6),
                })
            }
        };
        Part { id, name, kind, comment: comment(random) }
    }

    fn random_index(&self, random: &mut Random, schema: &Schema, include: Vec<Id>) -> Index {
        let columns = self.some(random, 3);
        let mut key = |id: Id| {
            let call = self.column(id).and_then(|it| schema.call_of(random, it.sql_type));
            (id, call.filter(|_| random.one_in(3)).unwrap_or_else(|| random.below(12)))
        };
        Index {
            keys: columns.into_iter().map(&mut key).collect(),
            unique: random.one_in(4),
            method: random.word(&METHODS),
            include,
            predicate: random.one_in(4).then(|| random.pick(&self.columns).id),
            nulls_not_distinct: random.one_in(5),
            fillfactor: random.one_in(8).then(|| 60 + random.below(30)),
        }
    }

    /// Takes away what does not fit any more.
    pub(super) fn tidy(&mut self, schema: &Schema) {
        if self.columns.is_empty() {
            self.columns.push(Column {
                id: self.id + 100_000,
                name: String::from("only"),
                sql_type: Type::Plain(0),
                not_null: false,
                default: None,
                generated: None,
                identity: None,
                collation: None,
                comment: None,
            });
        }
        let mut taken = Vec::new();
        for column in &mut self.columns {
            super::names::claim(&mut column.name, column.id, &mut taken);
            let is_there = match column.sql_type {
                Type::Plain(_) => true,
                Type::Enum(id) | Type::EnumArray(id) => schema.enums.iter().any(|it| it.id == id),
                Type::Domain(id) => schema.domains.iter().any(|it| it.id == id),
            };
            if !is_there {
                column.sql_type = Type::Plain(7);
            }
            let family = column.sql_type.family();
            if family != Family::Integer {
                column.identity = None;
            }
            if let Some(Default::Sequence(id)) = column.default {
                let is_there = schema.sequences.iter().any(|it| it.id == id);
                let takes = matches!(family, Family::Integer | Family::Number);
                column.default.take_if(|_| !is_there || !takes);
            }
            if column.identity.is_some() || family == Family::Serial || column.generated.is_some() {
                column.default = None;
            }
            if column.generated.is_some() {
                column.identity = None;
                column.not_null = false;
            }
            if family != Family::Text {
                column.collation = None;
            }
        }
        let plain: Vec<(Id, Type)> =
            self.columns.iter().filter(|it| it.generated.is_none()).map(|it| (it.id, it.sql_type)).collect();
        for column in &mut self.columns {
            let Some((source, _)) = column.generated else { continue };
            // What it is made of decides its type.
            match plain.iter().find(|(id, sql_type)| *id == source && sql_type.family() != Family::Serial) {
                Some((_, sql_type)) => column.sql_type = *sql_type,
                None => {
                    column.generated = None;
                    if column.sql_type.family() == Family::Serial {
                        column.sql_type = Type::Plain(0);
                    }
                }
            }
        }
        self.tidy_parts(schema);
        let mut taken = Vec::new();
        let (own, roles) = (&self.columns, &schema.roles);
        for policy in &mut self.policies {
            super::names::claim(&mut policy.name, taken.len() + 1, &mut taken);
            policy.to.retain(|id| roles.iter().any(|it| it.id == *id));
            let is_there = |it: &Condition| match it.table {
                None => own.iter().any(|column| column.id == it.column),
                Some(table) => schema.tables.iter().any(|other| other.id == table && other.column(it.column).is_some()),
            };
            policy.using.take_if(|it| !is_there(it));
            policy.with_check.take_if(|it| !is_there(it));
        }
    }

    fn tidy_parts(&mut self, schema: &Schema) {
        let columns = &self.columns;
        let is_ordered = |id: &Id| columns.iter().any(|it| it.id == *id && it.sql_type.is_ordered());
        let is_there = |id: &Id| columns.iter().any(|it| it.id == *id);
        if let Some(key) = &mut self.key {
            key.columns.retain(&is_ordered);
            key.include.retain(&is_there);
            let columns = key.columns.clone();
            key.include.retain(|it| !columns.contains(it));
            let is_empty = columns.is_empty();
            self.key.take_if(|_| is_empty);
        }
        let type_of = |id: &Id| columns.iter().find(|it| it.id == *id).map(|it| it.sql_type);
        let mut uniques: Vec<Vec<Id>> = self.key.iter().map(|key| key.columns.clone()).collect();
        self.parts.retain_mut(|part| match &mut part.kind {
            PartKind::Unique { columns, include, .. } => {
                columns.retain(&is_ordered);
                include.retain(|it| is_there(it) && !columns.contains(it));
                // A second one like it would be the same index for the server.
                let is_new = !columns.is_empty() && !uniques.contains(columns);
                uniques.push(columns.clone());
                is_new
            }
            PartKind::Check { column, .. } => is_there(column),
            PartKind::Exclusion { column, .. } => is_ordered(column),
            PartKind::Foreign(_) => true,
            PartKind::Index(index) => {
                index.keys.retain(|(id, _)| {
                    let Some(sql_type) = type_of(id) else { return false };
                    match index.method {
                        "btree" => sql_type.is_ordered(),
                        "hash" => sql_type.can_be_hashed(),
                        "gin" => {
                            matches!(sql_type.family(), Family::IntArray | Family::TextArray | Family::Jsonb)
                        }
                        "gist" => sql_type.family() == Family::Range || sql_type == Type::Plain(TYPES.len() - 1),
                        _ => matches!(sql_type.family(), Family::Integer | Family::Text | Family::Time),
                    }
                });
                if index.method == "hash" {
                    index.keys.truncate(1);
                }
                index.unique &= index.method == "btree";
                index.nulls_not_distinct &= index.unique;
                let keys = &index.keys;
                index.include.retain(|it| is_there(it) && keys.iter().all(|(key, _)| key != it));
                if index.method != "btree" {
                    index.include.clear();
                }
                if ["gin", "brin"].contains(&index.method) {
                    index.fillfactor = None;
                }
                index.predicate.take_if(|it| !is_there(it));
                !index.keys.is_empty()
            }
        });
        let (own, unlogged, id) = (self.columns.clone(), self.unlogged, self.id);
        let own_keys = self.referable();
        self.parts.retain(|part| {
            let PartKind::Foreign(foreign) = &part.kind else { return true };
            let target = schema.tables.iter().find(|it| it.id == foreign.to);
            let Some(target) = target.filter(|_| foreign.to != id) else {
                // A table may refer to itself.
                return foreign.to == id && fits(foreign, &own, &own, &own_keys);
            };
            (unlogged || !target.unlogged) && fits(foreign, &own, &target.columns, &target.referable())
        });
    }

    /// The columns of keys that a foreign key can lead to.
    pub(super) fn referable(&self) -> Vec<Vec<Id>> {
        let key = self.key.iter().filter(|key| key.deferral.is_empty()).map(|key| key.columns.clone());
        key.chain(self.parts.iter().filter_map(Part::unique_columns)).collect()
    }

    /// Relations whose names its own parts have, as far as somebody chose them.
    pub(super) fn cut_name(&self) -> &str {
        cut(&self.name)
    }
}

fn fits(foreign: &Foreign, own: &[Column], target: &[Column], keys: &[Vec<Id>]) -> bool {
    let of = |columns: &[Column], id: &Id| columns.iter().find(|it| it.id == *id).map(|it| it.sql_type.as_key());
    let is_generated = |id: &Id| own.iter().any(|it| it.id == *id && it.generated.is_some());
    let mut distinct = foreign.columns.clone();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() == foreign.columns.len()
        && foreign.columns.len() == foreign.to_columns.len()
        && keys.contains(&foreign.to_columns)
        && !foreign.columns.iter().any(is_generated)
        && foreign.columns.iter().zip(&foreign.to_columns).all(|(from, to)| {
            let (from, to) = (of(own, from), of(target, to));
            from.is_some() && from == to
        })
}

impl Part {
    /// The columns of a constraint or index that a foreign key can lead to.
    pub(super) fn unique_columns(&self) -> Option<Vec<Id>> {
        match &self.kind {
            PartKind::Unique { columns, deferral: "", .. } => Some(columns.clone()),
            PartKind::Index(index) => {
                let is_plain =
                    index.unique && index.predicate.is_none() && index.keys.iter().all(|(_, shape)| *shape < 4);
                is_plain.then(|| index.keys.iter().map(|(id, _)| *id).collect())
            }
            _ => None,
        }
    }
}
