//! A `Schema` as a Drizzle schema file: the way back from what `build` makes.
//!
//! What the text evaluates to is the schema again, but for what Drizzle has no words for. That is said twice: as data for whoever asked, and
//! as a comment at its place in the file.

mod columns;
mod constraints;
mod cycles;
mod defaults;
mod elsewhere;
mod indexes;
mod left_out;
mod literals;
mod names;
mod objects;
mod tables;
mod types;
mod views;

use std::borrow::Cow;
use std::collections::BTreeSet;

use rustc_hash::FxHashSet;
use schema::{Dialect, Map, Name, ObjectPath, Schema};

use super::Release;
use super::build::Naming;
use names::Names;

/// A schema file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    pub text: String,
    /// What is not in it, in the order of the file.
    pub left_out: Vec<LeftOut>,
}

/// What Drizzle has no words for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub object: ObjectPath,
    /// What of the object it is and why, as a sentence without its subject.
    pub what: String,
}

/// Prints a schema for the Drizzle that will read it. Every name is written out, so that a `casing` changes nothing.
pub fn print_schema(schema: &Schema, release: Release) -> Printed {
    let mut schema = Cow::Borrowed(schema);
    if schema.dialect == Dialect::Postgres && schema.sequences.values().any(|it| it.owned_by.is_some()) {
        dialects::fold_serials(schema.to_mut());
    }
    let elsewhere = elsewhere::tables(&schema);
    if !elsewhere.is_empty() {
        let tables = &mut schema.to_mut().tables;
        elsewhere.iter().for_each(|(name, table)| drop(tables.insert(name.clone(), table.clone())));
    }
    let mut printer = Printer {
        schema: &schema,
        elsewhere: elsewhere.into_keys().collect(),
        release,
        names: Names::of(&schema),
        cyclic: cycles::cyclic(&schema),
        imports: BTreeSet::new(),
        types: BTreeSet::new(),
        uses_sql: false,
        custom: Map::default(),
        left_out: Vec::new(),
    };
    let body = printer.body();
    Printed { text: printer.imports() + &body, left_out: printer.left_out }
}

struct Printer<'s> {
    schema: &'s Schema,
    release: Release,
    /// Tables that are not the file's, and which something in it refers to.
    elsewhere: FxHashSet<Name>,
    names: Names,
    /// Foreign keys, by their table and the one they lead to, between which there is a way back.
    cyclic: FxHashSet<(Name, Name)>,
    /// What the file imports of the core of its database, as values and as types.
    imports: BTreeSet<&'static str>,
    types: BTreeSet<&'static str>,
    uses_sql: bool,
    /// Types that Drizzle has no builder for, with the name of the one made here.
    custom: Map<String, String>,
    left_out: Vec<LeftOut>,
}

impl Printer<'_> {
    fn is_postgres(&self) -> bool {
        self.schema.dialect == Dialect::Postgres
    }

    fn is_one(&self) -> bool {
        self.release == Release::One
    }

    fn naming(&self) -> Naming {
        Naming { release: self.release, dialect: self.schema.dialect }
    }

    /// An export of the database's core, which the file then imports.
    fn core(&mut self, name: &'static str) -> &'static str {
        self.imports.insert(name);
        name
    }

    /// `` sql`…` ``
    fn sql(&mut self, text: &str) -> String {
        self.uses_sql = true;
        format!("sql{}", literals::template(text))
    }

    fn body(&mut self) -> String {
        let namespaces = self.namespaces();
        let roles = self.roles();
        let enums = self.enums();
        let sequences = self.sequences();
        let tables = self.tables();
        let policies = self.linked_policies();
        let views = self.views();
        let rest = self.rest();
        let custom = self.custom_types();
        [namespaces, custom, roles, enums, sequences, tables, policies, views, rest]
            .into_iter()
            .filter(|section| !section.is_empty())
            .map(|section| format!("\n{section}"))
            .collect()
    }

    fn imports(&self) -> String {
        let mut text = String::new();
        if self.uses_sql {
            text.push_str("import { sql } from 'drizzle-orm';\n");
        }
        let values = self.imports.iter().map(|name| (*name).to_owned());
        let names: Vec<String> = values.chain(self.types.iter().map(|name| format!("type {name}"))).collect();
        let core = if self.is_postgres() { "pg-core" } else { "sqlite-core" };
        if !names.is_empty() {
            let line = format!("import {{ {} }} from 'drizzle-orm/{core}';\n", names.join(", "));
            match line.len() {
                0..=120 => text.push_str(&line),
                _ => text.push_str(&format!("import {{\n  {},\n}} from 'drizzle-orm/{core}';\n", names.join(",\n  "))),
            }
        }
        text
    }
}
