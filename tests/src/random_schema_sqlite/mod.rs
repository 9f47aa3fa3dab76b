//! Random pairs of SQLite schemas, as SQL: what a seed makes is always the same.

mod triggers;

use self::triggers::Trigger;
use crate::random::Random;

/// A schema, what it is to become, and what was renamed between them (`a->b`, `a.x->b.y`).
#[derive(Clone, Debug)]
pub struct Pair {
    pub before: String,
    pub after: String,
    pub renames: Vec<(RenamedTable, RenamedTable)>,
}

/// A table's name, and a column's where it is the one renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenamedTable {
    pub table: String,
    pub column: Option<String>,
}

const NAMES: [&str; 18] = [
    "users",
    "posts",
    "order",
    "select",
    "group",
    "a b",
    "q\"uote",
    "b`tick",
    "Ünï",
    "x.y",
    "semi;colon",
    "it's",
    "[br]",
    "index",
    "values",
    "main",
    "A",
    "--c",
];
const TYPES: [&str; 8] = ["integer", "text", "real", "blob", "numeric", "varchar(20)", "timestamp", ""];

pub fn pair(seed: u64) -> Pair {
    let mut random = Random::new(seed);
    let mut before = Schema::random(&mut random);
    before.tidy();
    let mut renames = Vec::new();
    let mut after = if random.one_in(6) { Schema::random(&mut random) } else { before.clone() };
    if after.is_like(&before) {
        for _ in 0..1 + random.below(5) {
            after.mutate(&mut random);
        }
        if random.one_in(3) {
            renames = after.rename(&before, &mut random);
        }
    }
    after.tidy();
    Pair { before: before.text(), after: after.text(), renames }
}

#[derive(Clone, Debug, PartialEq)]
struct Schema {
    tables: Vec<Table>,
    views: Vec<(String, String, Vec<String>)>,
    triggers: Vec<Trigger>,
}

#[derive(Clone, Debug, PartialEq)]
struct Table {
    name: String,
    columns: Vec<Column>,
    key: Key,
    /// Names, which may be missing, and columns.
    uniques: Vec<(Option<String>, Vec<String>)>,
    checks: Vec<(Option<String>, String)>,
    references: Vec<Reference>,
    indexes: Vec<Index>,
    without_rowid: bool,
    strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    /// `id integer primary key`, with or without AUTOINCREMENT.
    Id(bool),
    /// The first two columns.
    Composite,
    None,
}

#[derive(Clone, Debug, PartialEq)]
struct Column {
    name: String,
    sql_type: String,
    not_null: bool,
    default: Option<String>,
    /// Of which column, and whether it is stored.
    generated: Option<(String, bool)>,
    collation: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Reference {
    column: String,
    to: String,
    /// `id`, or the column of a unique index, if there is one.
    by_index: bool,
    to_column: String,
    on_delete: &'static str,
    deferred: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Index {
    name: String,
    unique: bool,
    columns: Vec<(String, &'static str)>,
    partial: bool,
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn quoted_list(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

impl Column {
    fn random(random: &mut Random, name: String) -> Column {
        let sql_type = (*random.pick(&TYPES)).to_owned();
        let default = match random.below(5) {
            0 => Some((*random.pick(&["1", "-2.5", "'d'", "'it''s'", "NULL", "x'00'", "true"])).to_owned()),
            1 => Some((*random.pick(&["CURRENT_TIMESTAMP", "(unixepoch())", "(1 + 1)", "(lower('X'))"])).to_owned()),
            _ => None,
        };
        let has_value = default.as_ref().is_some_and(|default| default != "NULL");
        let not_null = if has_value { random.one_in(2) } else { random.one_in(8) };
        let collation = sql_type == "text" && random.one_in(4);
        Column { name, sql_type, not_null, default, generated: None, collation }
    }

    fn text(&self) -> String {
        let mut text = format!("{} {}", quoted(&self.name), self.sql_type);
        if self.collation {
            text.push_str(" COLLATE NOCASE");
        }
        if let Some(default) = &self.default {
            text.push_str(&format!(" DEFAULT {default}"));
        }
        if let Some((of, stored)) = &self.generated {
            let storage = if *stored { "STORED" } else { "VIRTUAL" };
            text.push_str(&format!(" GENERATED ALWAYS AS (ifnull({}, '') || 'g') {storage}", quoted(of)));
        }
        if self.not_null {
            text.push_str(" NOT NULL");
        }
        text
    }
}

impl Table {
    fn random(random: &mut Random, name: String) -> Table {
        let key = match random.below(6) {
            0 => Key::Composite,
            1 => Key::None,
            2 | 3 => Key::Id(true),
            _ => Key::Id(false),
        };
        let mut table = Table {
            name,
            columns: Vec::new(),
            key,
            uniques: Vec::new(),
            checks: Vec::new(),
            references: Vec::new(),
            indexes: Vec::new(),
            without_rowid: random.one_in(12),
            strict: random.one_in(15),
        };
        for _ in 0..2 + random.below(5) {
            table.add_column(random);
        }
        for _ in 0..random.below(3) {
            table.add_part(random, &[]);
        }
        table
    }

    fn add_column(&mut self, random: &mut Random) {
        let name = match random.below(3) {
            0 => (*random.pick(&NAMES)).to_owned(),
            _ => format!("c{}", random.below(9)),
        };
        if self.columns.iter().any(|column| column.name.eq_ignore_ascii_case(&name)) || name == "id" {
            return;
        }
        let mut column = Column::random(random, name);
        let plain = self.plain_columns();
        if !plain.is_empty() && random.one_in(5) {
            column.generated = Some((random.pick(&plain).clone(), random.one_in(2)));
            (column.default, column.not_null) = (None, false);
        }
        let at = random.below(self.columns.len() + 1);
        self.columns.insert(at, column);
    }

    fn plain_columns(&self) -> Vec<String> {
        self.columns.iter().filter(|column| column.generated.is_none()).map(|column| column.name.clone()).collect()
    }

    /// A constraint, a reference or an index.
    fn add_part(&mut self, random: &mut Random, tables: &[String]) {
        let names: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        if names.is_empty() {
            return;
        }
        let column = random.pick(&names).clone();
        let number = random.below(90);
        match random.below(5) {
            0 => {
                let name = random.one_in(2).then(|| format!("u{number}"));
                self.uniques.push((name, vec![column]));
            }
            1 => {
                let name = random.one_in(2).then(|| format!("ck{number}"));
                let of = if random.one_in(3) {
                    format!("{}.{}", quoted(&self.name), quoted(&column))
                } else {
                    quoted(&column)
                };
                self.checks.push((name, format!("{of} IS NOT 'never {number}'")));
            }
            2 if !tables.is_empty() => {
                let actions = ["NO ACTION", "CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT"];
                self.references.push(Reference {
                    column,
                    to: random.pick(tables).clone(),
                    by_index: random.one_in(3),
                    to_column: String::from("id"),
                    on_delete: actions[random.below(5)],
                    deferred: random.one_in(5),
                });
            }
            _ => {
                let mut columns = vec![(column, *random.pick(&["", " DESC", " COLLATE NOCASE", "lower", ""]))];
                if random.one_in(3) {
                    columns.push((random.pick(&names).clone(), ""));
                }
                let name = match random.below(5) {
                    0 => (*random.pick(&NAMES)).to_owned(),
                    1 => format!("i x{number}"),
                    _ => format!("ix{number}"),
                };
                self.indexes.push(Index { name, unique: random.one_in(3), columns, partial: random.one_in(4) });
            }
        }
    }

    fn text(&self) -> String {
        let mut elements = Vec::new();
        if let Key::Id(counts) = self.key {
            let counts = if counts { " AUTOINCREMENT" } else { "" };
            elements.push(format!("\"id\" integer PRIMARY KEY{counts} NOT NULL"));
        }
        elements.extend(self.columns.iter().map(Column::text));
        if self.key == Key::Composite {
            elements.push(format!("PRIMARY KEY ({})", quoted_list(&self.key_columns())));
        }
        for (name, columns) in &self.uniques {
            let name = name.as_ref().map(|name| format!("CONSTRAINT {} ", quoted(name))).unwrap_or_default();
            elements.push(format!("{name}UNIQUE ({})", quoted_list(columns)));
        }
        for (name, check) in &self.checks {
            let name = name.as_ref().map(|name| format!("CONSTRAINT {} ", quoted(name))).unwrap_or_default();
            elements.push(format!("{name}CHECK ({check})"));
        }
        for reference in &self.references {
            let (column, to) = (quoted(&reference.column), quoted(&reference.to));
            let deferred = if reference.deferred { " DEFERRABLE INITIALLY DEFERRED" } else { "" };
            let (on_delete, to_column) = (reference.on_delete, quoted(&reference.to_column));
            elements
                .push(format!("FOREIGN KEY ({column}) REFERENCES {to} ({to_column}) ON DELETE {on_delete}{deferred}"));
        }
        let options = match (self.without_rowid, self.strict) {
            (true, true) => " STRICT, WITHOUT ROWID",
            (true, false) => " WITHOUT ROWID",
            (false, true) => " STRICT",
            (false, false) => "",
        };
        let mut text = format!("CREATE TABLE {} (\n  {}\n){options};\n", quoted(&self.name), elements.join(",\n  "));
        for index in &self.indexes {
            let unique = if index.unique { "UNIQUE " } else { "" };
            let keys: Vec<String> = index
                .columns
                .iter()
                .map(|(column, how)| match *how {
                    "lower" => format!("lower({})", quoted(column)),
                    how => format!("{}{how}", quoted(column)),
                })
                .collect();
            let predicate = match index.columns.first() {
                Some((column, _)) if index.partial => format!(" WHERE {} IS NOT NULL", quoted(column)),
                _ => String::new(),
            };
            let (name, table) = (quoted(&index.name), quoted(&self.name));
            text.push_str(&format!("CREATE {unique}INDEX {name} ON {table} ({}){predicate};\n", keys.join(", ")));
        }
        text
    }

    /// Integer columns to which a reference can lead by a unique index.
    fn unique_indexes(&self) -> Vec<String> {
        let is_integer = |name: &String| {
            self.columns.iter().any(|it| it.name == *name && it.sql_type == "integer" && it.generated.is_none())
        };
        let whole = self.indexes.iter().filter(|index| index.unique && !index.partial && index.columns.len() == 1);
        let columns = whole.flat_map(|index| &index.columns).filter(|(_, how)| how.is_empty() || *how == " DESC");
        columns.map(|(name, _)| name.clone()).filter(is_integer).collect()
    }

    fn key_columns(&self) -> Vec<String> {
        self.plain_columns().into_iter().take(2).collect()
    }

    /// Takes away what names a column that is not there, and what SQLite does not take.
    fn tidy(&mut self, with_id: &[String]) {
        if self.plain_columns().is_empty() {
            let name = String::from("c0");
            self.columns.retain(|column| column.name != name);
            let sql_type = String::from("text");
            self.columns.push(Column {
                name,
                sql_type,
                not_null: false,
                default: None,
                generated: None,
                collation: false,
            });
        }
        let plain = self.plain_columns();
        self.columns.retain(|column| column.generated.as_ref().is_none_or(|(of, _)| plain.contains(of)));
        let names: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        self.uniques.retain(|(_, columns)| columns.iter().all(|it| plain.contains(it)));
        let mut seen: Vec<Vec<String>> = vec![self.key_columns()];
        self.uniques.retain(|(_, columns)| {
            let is_new = !seen.contains(columns);
            seen.push(columns.clone());
            is_new
        });
        self.checks.retain(|(_, text)| {
            names.iter().any(|name| {
                let quoted = quoted(name);
                text.starts_with(&format!("{quoted} IS")) || text.contains(&format!(".{quoted} IS"))
            })
        });
        let own = quoted(&self.name);
        for (_, text) in &mut self.checks {
            // A qualified column is of this table, whatever it was called.
            if let Some(name) = names.iter().find(|name| text.contains(&format!(".{} IS", quoted(name)))) {
                let rest = text[text.find(" IS NOT 'never").unwrap()..].to_owned();
                *text = format!("{own}.{}{rest}", quoted(name));
            }
        }
        let mut seen = Vec::new();
        self.checks.retain(|check| {
            let is_new = !seen
                .iter()
                .any(|it: &(Option<String>, String)| it.1 == check.1 || (it.0.is_some() && it.0 == check.0));
            seen.push(check.clone());
            is_new
        });
        let is_integer = |name: &String| self.columns.iter().any(|it| it.name == *name && it.sql_type == "integer");
        self.references.retain(|it| plain.contains(&it.column) && with_id.contains(&it.to) && is_integer(&it.column));
        let mut seen = Vec::new();
        self.references.retain(|reference| {
            let is_new = !seen.contains(&reference.column);
            seen.push(reference.column.clone());
            is_new
        });
        self.indexes.retain(|index| index.columns.iter().all(|(column, _)| names.contains(column)));
        if self.key == Key::Composite && self.key_columns().len() < 2 {
            self.key = Key::None;
        }
        // STRICT knows few types, and looks at what the defaults and expressions here give.
        self.strict &= self.columns.iter().all(|column| {
            let is_known = ["integer", "text", "real", "blob"].contains(&column.sql_type.as_str());
            is_known && column.default.is_none() && column.generated.is_none()
        });
        if self.key != Key::Composite && self.key != Key::Id(false) {
            self.without_rowid = false;
        }
    }
}

impl Schema {
    fn random(random: &mut Random) -> Schema {
        let mut schema = Schema { tables: Vec::new(), views: Vec::new(), triggers: Vec::new() };
        for _ in 0..1 + random.below(4) {
            schema.add_table(random);
        }
        let names = schema.names();
        for table in 0..schema.tables.len() {
            for _ in 0..random.below(3) {
                schema.tables[table].add_part(random, &names);
            }
        }
        for _ in 0..random.below(3) {
            schema.add_view(random);
        }
        if random.one_in(3) {
            for _ in 0..1 + random.below(3) {
                schema.add_trigger(random);
            }
        }
        schema
    }

    fn names(&self) -> Vec<String> {
        self.tables.iter().map(|table| table.name.clone()).collect()
    }

    fn is_like(&self, other: &Schema) -> bool {
        self == other
    }

    fn add_table(&mut self, random: &mut Random) {
        let name = match random.below(3) {
            0 => format!("t{}", random.below(9)),
            _ => (*random.pick(&NAMES)).to_owned(),
        };
        if self.names().iter().all(|it| !it.eq_ignore_ascii_case(&name)) {
            self.tables.push(Table::random(random, name));
        }
    }

    fn add_view(&mut self, random: &mut Random) {
        let mut sources = self.names();
        sources.extend(self.views.iter().map(|(name, ..)| name.clone()));
        let source = random.pick(&sources).clone();
        let name = match random.below(4) {
            0 => (*random.pick(&NAMES)).to_owned(),
            _ => format!("v{}", random.below(20)),
        };
        let columns =
            self.tables.iter().find(|table| table.name == source).map(Table::plain_columns).unwrap_or_default();
        let columns = if random.one_in(2) { Vec::new() } else { columns.into_iter().take(2).collect() };
        if self.views.iter().all(|(it, ..)| *it != name) {
            self.views.push((name, source, columns));
        }
    }

    fn mutate(&mut self, random: &mut Random) {
        if self.tables.is_empty() || random.one_in(9) {
            return self.add_table(random);
        }
        let names = self.names();
        let at = random.below(self.tables.len());
        let table = &mut self.tables[at];
        let column = random.below(table.columns.len());
        match random.below(19) {
            0 => drop(self.tables.remove(at)),
            1 | 2 => table.add_column(random),
            3 | 4 if table.columns.len() > 1 => drop(table.columns.remove(column)),
            5 => table.columns[column].not_null ^= table.columns[column].generated.is_none(),
            6 => {
                let name = table.columns[column].name.clone();
                let changed = Column::random(random, name);
                if table.columns[column].generated.is_none() {
                    table.columns[column] = changed;
                }
            }
            7 => {
                let name = table.columns[column].name.clone();
                let plain: Vec<String> = table.plain_columns().into_iter().filter(|it| *it != name).collect();
                let of = if plain.is_empty() || random.one_in(3) {
                    None
                } else {
                    Some((random.pick(&plain).clone(), random.one_in(2)))
                };
                let column = &mut table.columns[column];
                (column.default, column.not_null, column.generated) = (None, false, of);
            }
            8 => table.key = *random.pick(&[Key::Id(true), Key::Id(false), Key::None, Key::Composite]),
            9 if !table.indexes.is_empty() => drop(table.indexes.pop()),
            10 if !table.uniques.is_empty() => drop(table.uniques.pop()),
            11 if !table.references.is_empty() => drop(table.references.pop()),
            12 if !self.views.is_empty() => drop(self.views.pop()),
            13 => self.add_view(random),
            16..19 => self.mutate_triggers(random),
            14 if !table.checks.is_empty() => drop(table.checks.pop()),
            _ => table.add_part(random, &names),
        }
    }

    /// Renames a table or a column, wherever it is named.
    fn rename(&mut self, before: &Schema, random: &mut Random) -> Vec<(RenamedTable, RenamedTable)> {
        let stays: Vec<usize> =
            (0..self.tables.len()).filter(|at| before.names().contains(&self.tables[*at].name)).collect();
        if stays.is_empty() {
            return Vec::new();
        }
        let at = *random.pick(&stays);
        let names = self.names();
        let old = self.tables[at].name.clone();
        let mut renames = Vec::new();
        let mut name = old.clone();
        if random.one_in(2) {
            name = match before.names().into_iter().find(|it| *it != old && !names.contains(it)) {
                Some(gone) if random.one_in(2) => gone,
                _ => format!("{old} new"),
            };
            for table in &mut self.tables {
                table.references.iter_mut().filter(|it| it.to == old).for_each(|it| it.to.clone_from(&name));
            }
            self.views.iter_mut().filter(|(_, source, _)| *source == old).for_each(|it| it.1.clone_from(&name));
            self.tables[at].name.clone_from(&name);
            self.table_is_renamed(&old, &name);
            let path = |table: &String| RenamedTable { table: table.clone(), column: None };
            renames.push((path(&old), path(&name)));
        }
        let of_before = before.tables.iter().find(|table| table.name == old).map(|it| &it.columns);
        let table = &mut self.tables[at];
        let column = table
            .columns
            .iter()
            .position(|column| of_before.is_some_and(|columns| columns.iter().any(|it| it.name == column.name)));
        if let Some(column) = column.filter(|_| random.one_in(2)) {
            let from = table.columns[column].name.clone();
            let taken: Vec<String> = table.columns.iter().map(|column| column.name.to_lowercase()).collect();
            let gone = of_before.and_then(|it| it.iter().find(|it| !taken.contains(&it.name.to_lowercase())));
            let to = match gone {
                Some(gone) if random.one_in(2) => gone.name.clone(),
                _ => format!("{from} new"),
            };
            let swap = |name: &mut String| {
                if *name == from {
                    name.clone_from(&to)
                }
            };
            swap(&mut table.columns[column].name);
            table.columns.iter_mut().filter_map(|it| it.generated.as_mut()).for_each(|it| swap(&mut it.0));
            table.uniques.iter_mut().flat_map(|it| &mut it.1).for_each(swap);
            table.references.iter_mut().for_each(|it| swap(&mut it.column));
            table.indexes.iter_mut().flat_map(|it| &mut it.columns).for_each(|it| swap(&mut it.0));
            let (old_name, new_name) = (quoted(&from), quoted(&to));
            for (_, text) in &mut table.checks {
                *text = text.replace(&format!("{old_name} IS"), &format!("{new_name} IS"));
            }
            for (_, source, columns) in &mut self.views {
                if *source == name {
                    columns.iter_mut().for_each(swap);
                }
            }
            self.column_is_renamed(&name, &from, &to);
            let path =
                |table: &String, column: &String| RenamedTable { table: table.clone(), column: Some(column.clone()) };
            renames.push((path(&old, &from), path(&name, &to)));
        }
        renames
    }

    fn tidy(&mut self) {
        let with_id: Vec<String> =
            self.tables.iter().filter(|it| matches!(it.key, Key::Id(_))).map(|it| it.name.clone()).collect();
        self.tables.iter_mut().for_each(|table| table.tidy(&with_id));
        // Tables, views and indexes share their names, whose case does not count.
        let mut taken: Vec<String> = self.names().iter().map(|name| name.to_lowercase()).collect();
        let mut take = |name: &String| {
            let is_free = !taken.contains(&name.to_lowercase());
            taken.push(name.to_lowercase());
            is_free
        };
        self.views.retain(|(name, ..)| take(name));
        for table in &mut self.tables {
            table.indexes.retain(|index| take(&index.name));
        }
        let keys: Vec<(String, Vec<String>)> =
            self.tables.iter().map(|table| (table.name.clone(), table.unique_indexes())).collect();
        for reference in self.tables.iter_mut().flat_map(|table| &mut table.references) {
            let columns = keys.iter().find(|(name, _)| *name == reference.to).map(|(_, columns)| columns);
            let column = columns.and_then(|columns| columns.first()).filter(|_| reference.by_index);
            reference.to_column = column.cloned().unwrap_or_else(|| String::from("id"));
        }
        let tables = &self.tables;
        let mut views: Vec<String> = Vec::new();
        self.views.retain_mut(|(name, source, columns)| {
            let table = tables.iter().find(|table| table.name == *source);
            columns.retain(|column| table.is_some_and(|it| it.columns.iter().any(|it| it.name == *column)));
            let is_there = table.is_some() || views.contains(source);
            if is_there {
                views.push(name.clone());
            }
            is_there
        });
        self.tidy_triggers();
    }

    fn text(&self) -> String {
        let mut text: String = self.tables.iter().map(Table::text).collect();
        for (name, source, columns) in &self.views {
            let columns = if columns.is_empty() { String::from("*") } else { quoted_list(columns) };
            text.push_str(&format!("CREATE VIEW {} AS SELECT {columns} FROM {};\n", quoted(name), quoted(source)));
        }
        self.triggers.iter().for_each(|it| text.push_str(&self.trigger(it)));
        text
    }
}
