//! Expressions that look different: the server is asked whether they mean the same.
//!
//! PostgreSQL prints expressions in its own words. Where our text and the catalog's differ, the object is built from our text beside
//! the one that is there, and the two prints of the server are compared. Where they are equal, our text means what the catalog holds.
//! Everything is taken back; a lock or a build that takes too long proves nothing, and is said. On a connection that may only read, what the
//! server has said before counts (`witness.rs`), then the planner is asked, which knows less.

use std::sync::Arc;

use dialects::postgres::statements::{literal, routine_name};
use dialects::{Create, create_object, quote_identifier};
use schema::{
    Dialect, Domain, Expression, Index, IndexKey, Name, ObjectKind, ObjectPath, OpaqueObject, PartitionOf, Policy,
    Scalar, Schema, Table, View,
};

use crate::connection::Connection;
use crate::error::Error;

use super::planned::{PLAN_SAVEPOINT, Planned};
use super::witness::{Asked, Meaning, Witness, columns_of};

pub(super) const PROBE: &str = "driftlens_probe";

/// How the expressions that are on both sides compare.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// In canonical form.
    pub n_equal: usize,
    /// Only the server knows that they are.
    pub n_same_meaning: usize,
    pub n_different: usize,
    /// Expressions that could not be asked about in time.
    pub n_unproved: usize,
    /// What these belong to. They are taken for equal, so nothing is made of them unsaid.
    pub unproved: Vec<ObjectPath>,
    /// What the server has said now, by making the objects.
    pub proved: Vec<Witness>,
}

impl Settled {
    pub fn add(&mut self, other: Settled) {
        self.n_equal += other.n_equal;
        self.n_same_meaning += other.n_same_meaning;
        self.n_different += other.n_different;
        self.n_unproved += other.n_unproved;
        self.unproved.extend(other.unproved);
        self.proved.extend(other.proved);
    }
}

impl Settled {
    fn name(&mut self, n_before: usize, path: ObjectPath) {
        if self.n_unproved > n_before {
            self.unproved.push(path);
        }
    }
}

/// In a transaction that is taken back.
pub(crate) async fn settle(connection: &mut Connection, ours: &Schema, theirs: &mut Schema) -> Result<Settled, Error> {
    connection.execute("BEGIN; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10s'").await?;
    let settled = connection.settle_inside(ours, theirs).await;
    connection.execute("ROLLBACK").await?;
    settled
}

impl Connection {
    /// Replaces, in what was read from the catalog of PostgreSQL, each expression that means the same as ours by ours. Within a
    /// transaction of the caller's; whatever is built for that is taken back.
    pub async fn settle_inside(&mut self, ours: &Schema, theirs: &mut Schema) -> Result<Settled, Error> {
        self.execute(&format!("SAVEPOINT {PLAN_SAVEPOINT}")).await?;
        let settled = self.settle_each(ours, theirs).await?;
        self.execute(&format!("RELEASE SAVEPOINT {PLAN_SAVEPOINT}")).await?;
        Ok(settled)
    }

    async fn settle_each(&mut self, ours: &Schema, theirs: &mut Schema) -> Result<Settled, Error> {
        let mut settled = Settled::default();
        for (name, theirs) in &mut theirs.domains {
            if let Some(ours) = ours.domains.get(name) {
                let n_unproved = settled.n_unproved;
                self.settle_domain(ours, Arc::make_mut(theirs), &mut settled).await?;
                settled.name(n_unproved, ObjectPath::new(ObjectKind::Domain, name));
            }
        }
        for (name, theirs) in &mut theirs.tables {
            if let Some(ours) = ours.tables.get(name).filter(|table| !table.opaque) {
                let n_unproved = settled.n_unproved;
                self.settle_table(ours, Arc::make_mut(theirs), &mut settled).await?;
                settled.name(n_unproved, ObjectPath::new(ObjectKind::Table, name));
            }
        }
        for (name, theirs) in &mut theirs.views {
            if let Some(ours) = ours.views.get(name) {
                let n_unproved = settled.n_unproved;
                self.settle_view(ours, Arc::make_mut(theirs), &mut settled).await?;
                settled.name(n_unproved, ObjectPath::new(ObjectKind::View, name));
            }
        }
        for (key, theirs) in &mut theirs.opaque {
            if let Some(ours) = ours.opaque.get(key) {
                let n_unproved = settled.n_unproved;
                self.settle_definition(ours, Arc::make_mut(theirs), &mut settled).await?;
                settled.name(n_unproved, key.path());
            }
        }
        Ok(settled)
    }

    /// A function is replaced by ours, a trigger made anew, and both prints compared.
    async fn settle_definition(
        &mut self,
        ours: &OpaqueObject,
        theirs: &mut OpaqueObject,
        settled: &mut Settled,
    ) -> Result<(), Error> {
        let (Some(our_definition), Some(definition)) = (&ours.definition, &mut theirs.definition) else {
            return Ok(());
        };
        if our_definition == definition {
            return Ok(());
        }
        let key = &ours.key;
        let (question, how, dropped, about) = match &key.on {
            Some(table) => {
                let (table, name) = (quoted(table), &key.name.name);
                let question = format!(
                    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = {}::regclass AND tgname = {}",
                    literal(&table),
                    literal(name)
                );
                let dropped = format!("DROP TRIGGER {} ON {table}; ", quote_identifier(Dialect::Postgres, name));
                (question, Create::New, dropped, columns_of(&format!("{}::regclass", literal(&table))))
            }
            None => {
                let name = literal(&routine_name(&key.name));
                let question = format!("SELECT pg_get_functiondef({name}::regprocedure)");
                // Of a body in statements the server keeps what they stood for when it was made.
                let about = columns_of(&format!(
                    "SELECT refobjid FROM pg_depend WHERE classid = 'pg_proc'::regclass AND refclassid = 'pg_class'::regclass \
                     AND objid = {name}::regprocedure"
                ));
                (question, Create::OrReplace, String::new(), about)
            }
        };
        let Some(create) = create_object(Dialect::Postgres, ours, how) else { return Ok(()) };
        let change = format!("{dropped}{create}");
        let asked = Asked { before: &question, change: &change, after: &question, about: &about };
        self.settle_pair((our_definition, definition), asked, None, settled).await
    }

    async fn settle_domain(&mut self, ours: &Domain, theirs: &mut Domain, settled: &mut Settled) -> Result<(), Error> {
        let domain = quoted(&ours.name);
        for check in &mut theirs.checks {
            let Some(our_check) = ours.checks.iter().find(|it| it.name == check.name) else { continue };
            let question = |name: &str| {
                format!(
                    "SELECT pg_get_expr(conbin, 0) FROM pg_constraint WHERE contypid = {}::regtype AND conname = {}",
                    literal(&domain),
                    literal(name)
                )
            };
            let change =
                format!("ALTER DOMAIN {domain} ADD CONSTRAINT {PROBE} CHECK ({}) NOT VALID", our_check.expression.text);
            let pair = (&our_check.expression, &mut check.expression);
            let (before, after) = (question(&check.name), question(PROBE));
            let asked = Asked { before: &before, change: &change, after: &after, about: "" };
            self.settle_pair(pair, asked, None, settled).await?;
        }
        if let (Some(our_default), Some(default)) = (&ours.default, &mut theirs.default) {
            let question =
                format!("SELECT pg_get_expr(typdefaultbin, 0) FROM pg_type WHERE oid = {}::regtype", literal(&domain));
            let change = format!("ALTER DOMAIN {domain} SET DEFAULT {}", our_default.text);
            let planned = Planned::default(our_default, default, &domain);
            let asked = Asked { before: &question, change: &change, after: &question, about: "" };
            self.settle_pair((our_default, default), asked, Some(planned), settled).await?;
        }
        Ok(())
    }

    async fn settle_table(&mut self, ours: &Table, theirs: &mut Table, settled: &mut Settled) -> Result<(), Error> {
        let table = quoted(&ours.name);
        let class = format!("{}::regclass", literal(&table));
        let about = columns_of(&class);
        self.settle_columns(ours, theirs, settled).await?;
        let constraint = |name: &str| {
            format!(
                "SELECT coalesce(pg_get_expr(conbin, conrelid), pg_get_constraintdef(oid)) FROM pg_constraint \
                 WHERE conrelid = {class} AND conname = {}",
                literal(name)
            )
        };
        for (name, check) in &mut theirs.checks {
            let Some(our_check) = ours.checks.get(name) else { continue };
            let no_inherit = if check.no_inherit { " NO INHERIT" } else { "" };
            let text = &our_check.expression.text;
            let change = format!("ALTER TABLE {table} ADD CONSTRAINT {PROBE} CHECK ({text}){no_inherit} NOT VALID");
            let planned = Planned::of_rows(&our_check.expression, &check.expression, &table);
            let pair = (&our_check.expression, &mut check.expression);
            let (before, after) = (constraint(name), constraint(PROBE));
            let asked = Asked { before: &before, change: &change, after: &after, about: &about };
            self.settle_pair(pair, asked, Some(planned), settled).await?;
        }
        for (name, exclusion) in &mut theirs.exclusions {
            let Some(our_exclusion) = ours.exclusions.get(name) else { continue };
            let change =
                format!("ALTER TABLE {table} ADD CONSTRAINT {PROBE} EXCLUDE {}", our_exclusion.definition.text);
            let pair = (&our_exclusion.definition, &mut exclusion.definition);
            let (before, after) = (constraint(name), constraint(PROBE));
            let asked = Asked { before: &before, change: &change, after: &after, about: &about };
            self.settle_pair(pair, asked, None, settled).await?;
        }
        for (name, index) in &mut theirs.indexes {
            let Some(our_index) = ours.indexes.get(name) else { continue };
            // How it is to be built is no part of what is there.
            index.concurrently = our_index.concurrently;
            let full_name = quoted(&Name::new(ours.name.namespace.as_str(), name.as_str()));
            let question = format!("SELECT pg_get_indexdef({}::regclass)", literal(&full_name));
            let change = format!("ALTER INDEX {full_name} RENAME TO {PROBE}; {}", create_index(our_index, &table));
            let planned = Planned::of_index(our_index, index, &table);
            let asked = Asked { before: &question, change: &change, after: &question, about: &about };
            self.settle_pair((our_index, index), asked, planned, settled).await?;
        }
        for (name, policy) in &mut theirs.policies {
            let Some(our_policy) = ours.policies.get(name) else { continue };
            self.settle_policy(our_policy, policy, &table, settled).await?;
        }
        if let (Some(our_key), Some(key)) = (&ours.partition_by, &mut theirs.partition_by) {
            let change = format!("CREATE TEMP TABLE {PROBE} (LIKE {table}) PARTITION BY {}", our_key.text);
            let after = format!("SELECT pg_get_partkeydef('pg_temp.{PROBE}'::regclass)");
            let before = format!("SELECT pg_get_partkeydef({class})");
            let asked = Asked { before: &before, change: &change, after: &after, about: &about };
            self.settle_pair((our_key, key), asked, None, settled).await?;
        }
        if let (Some(our_part), Some(part)) = (&ours.partition_of, &mut theirs.partition_of) {
            self.settle_bound(our_part, part, &table, settled).await?;
        }
        Ok(())
    }

    async fn settle_columns(&mut self, ours: &Table, theirs: &mut Table, settled: &mut Settled) -> Result<(), Error> {
        let table = quoted(&ours.name);
        let about = columns_of(&format!("{}::regclass", literal(&table)));
        for (name, column) in &mut theirs.columns {
            let Some(our_column) = ours.columns.get(name) else { continue };
            let quoted_column = quote_identifier(Dialect::Postgres, name);
            let question = format!(
                "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum \
                 WHERE attrelid = {}::regclass AND attname = {}",
                literal(&table),
                literal(name)
            );
            if let (Some(our_default), Some(default)) = (&our_column.default, &mut column.default) {
                let change =
                    format!("ALTER TABLE {table} ALTER COLUMN {quoted_column} SET DEFAULT {}", our_default.text);
                let planned = Planned::default(our_default, default, &column.sql_type.canonical);
                let asked = Asked { before: &question, change: &change, after: &question, about: &about };
                self.settle_pair((our_default, default), asked, Some(planned), settled).await?;
            }
            if let (Some(our_generated), Some(generated)) = (&our_column.generated, &mut column.generated) {
                let change = format!(
                    "ALTER TABLE {table} RENAME COLUMN {quoted_column} TO {PROBE}; \
                     ALTER TABLE {table} ADD COLUMN {quoted_column} {} GENERATED ALWAYS AS ({}) STORED",
                    column.sql_type.canonical, our_generated.expression.text
                );
                let planned = Planned::of_rows(&our_generated.expression, &generated.expression, &table);
                let pair = (&our_generated.expression, &mut generated.expression);
                let asked = Asked { before: &question, change: &change, after: &question, about: &about };
                self.settle_pair(pair, asked, Some(planned), settled).await?;
            }
        }
        Ok(())
    }

    async fn settle_policy(
        &mut self,
        ours: &Policy,
        theirs: &mut Policy,
        table: &str,
        settled: &mut Settled,
    ) -> Result<(), Error> {
        let name = quote_identifier(Dialect::Postgres, &ours.name);
        let question = |column: &str| {
            format!(
                "SELECT pg_get_expr({column}, polrelid) FROM pg_policy WHERE polrelid = {}::regclass AND polname = {}",
                literal(table),
                literal(&ours.name)
            )
        };
        // It may ask other tables.
        let about = columns_of(&format!(
            "SELECT refobjid FROM pg_depend JOIN pg_policy ON pg_policy.oid = objid WHERE classid = 'pg_policy'::regclass \
             AND refclassid = 'pg_class'::regclass AND polrelid = {}::regclass AND polname = {}",
            literal(table),
            literal(&ours.name)
        ));
        for (column, clause, our_text, text) in [
            ("polqual", "USING", &ours.using, &mut theirs.using),
            ("polwithcheck", "WITH CHECK", &ours.with_check, &mut theirs.with_check),
        ] {
            let (Some(our_text), Some(text)) = (our_text, text) else { continue };
            let change = format!("ALTER POLICY {name} ON {table} {clause} ({})", our_text.text);
            let question = question(column);
            let planned = Planned::of_rows(our_text, text, table);
            let asked = Asked { before: &question, change: &change, after: &question, about: &about };
            self.settle_pair((our_text, text), asked, Some(planned), settled).await?;
        }
        Ok(())
    }

    async fn settle_bound(
        &mut self,
        ours: &PartitionOf,
        theirs: &mut PartitionOf,
        table: &str,
        settled: &mut Settled,
    ) -> Result<(), Error> {
        let question =
            format!("SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = {}::regclass", literal(table));
        let parent = quoted(&theirs.parent);
        let change = format!(
            "ALTER TABLE {parent} DETACH PARTITION {table}; ALTER TABLE {parent} ATTACH PARTITION {table} {}",
            ours.bound.text
        );
        let about = columns_of(&format!("{}::regclass", literal(table)));
        let asked = Asked { before: &question, change: &change, after: &question, about: &about };
        self.settle_pair((&ours.bound, &mut theirs.bound), asked, None, settled).await
    }

    /// A text differs from the server's in much that means nothing, so the server is asked about nearly every one.
    async fn settle_view(&mut self, ours: &View, theirs: &mut View, settled: &mut Settled) -> Result<(), Error> {
        let (Some(our_query), Some(query)) = (&ours.definition, &mut theirs.definition) else { return Ok(()) };
        let names: Vec<String> = theirs.columns.keys().map(|name| quote_identifier(Dialect::Postgres, name)).collect();
        let columns = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
        let question = |name: &str| format!("SELECT pg_get_viewdef({}::regclass)", literal(name));
        let change = format!("CREATE TEMP VIEW {PROBE}{columns} AS {}", our_query.text);
        let (before, after) = (question(&quoted(&ours.name)), question(&format!("pg_temp.{PROBE}")));
        // What `*` stands for is settled when a view is made.
        let about = columns_of(&format!(
            "SELECT refobjid FROM pg_depend JOIN pg_rewrite ON pg_rewrite.oid = objid WHERE classid = 'pg_rewrite'::regclass \
             AND refclassid = 'pg_class'::regclass AND ev_class = {}::regclass",
            literal(&quoted(&ours.name))
        ));
        if let Some((names, inner)) = with_names(&our_query.text)
            && our_query != query
        {
            // As it is made by `CREATE VIEW v (a, b) AS …`; below, as we spell it out.
            let change = format!("CREATE TEMP VIEW {PROBE} ({names}) AS {inner}");
            let asked = Asked { before: &before, change: &change, after: &after, about: &about };
            if self.meaning(asked, None, settled).await? == Meaning::Same {
                settled.n_same_meaning += 1;
                *query = our_query.clone();
                return Ok(());
            }
        }
        let asked = Asked { before: &before, change: &change, after: &after, about: &about };
        self.settle_pair((our_query, query), asked, None, settled).await
    }
}

/// The names and the query of a view that names its columns beside its query: `WITH v (a, b) AS (…) SELECT a, b FROM v`.
fn with_names(text: &str) -> Option<(&str, &str)> {
    let (head, rest) = text.strip_prefix("WITH ")?.split_once(") AS (\n")?;
    let (view, names) = head.split_once(" (")?;
    let inner = rest.strip_suffix(&format!("\n) SELECT {names} FROM {view}"))?;
    Some((names, inner))
}

fn create_index(index: &Index, table: &str) -> String {
    let identifier = |name: &String| quote_identifier(Dialect::Postgres, name);
    let keys: Vec<String> = index
        .columns
        .iter()
        .map(|column| {
            let key = match &column.key {
                IndexKey::Column(name) => identifier(name),
                IndexKey::Expression(Expression { text, .. }) => format!("({text})"),
            };
            let collation = column.collation.as_ref().map(|it| format!(" COLLATE {it}")).unwrap_or_default();
            let opclass = column.opclass.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
            let order = match (column.ascending, column.nulls_first) {
                // Only some methods have an order, and take the words.
                (true, false) => "",
                (true, true) => " NULLS FIRST",
                (false, true) => " DESC",
                (false, false) => " DESC NULLS LAST",
            };
            format!("{key}{collation}{opclass}{order}")
        })
        .collect();
    let list = |word: &str, items: Vec<String>| match items.is_empty() {
        true => String::new(),
        false => format!(" {word} ({})", items.join(", ")),
    };
    let option = |(name, value): (&String, &Scalar)| format!("{name} = {}", value.text);
    format!(
        "CREATE {}INDEX {} ON ONLY {table} USING {}{}{}{}{}{}",
        if index.unique { "UNIQUE " } else { "" },
        identifier(&index.name),
        index.method,
        list("", keys),
        list("INCLUDE", index.include.iter().map(identifier).collect()),
        if index.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" },
        list("WITH", index.with.iter().map(option).collect()),
        index.predicate.as_ref().map(|it| format!(" WHERE {}", it.text)).unwrap_or_default(),
    )
}

fn quoted(name: &Name) -> String {
    let identifier = |text: &str| quote_identifier(Dialect::Postgres, text);
    format!("{}.{}", identifier(&name.namespace), identifier(&name.name))
}
