//! Expressions that look different: the server is asked whether they mean the same.
//!
//! PostgreSQL prints expressions in its own words. Where our text and the catalog's differ, the object is built from our text beside
//! the one that is there, and the two prints of the server are compared. Where they are equal, our text means what the catalog holds.

use std::sync::Arc;

use dialects::quote_identifier;
use schema::{Dialect, Domain, Expression, Index, IndexKey, Name, PartitionOf, Policy, Scalar, Schema, Table, View};

use super::Session;

const PROBE: &str = "driftlens_probe";

/// How the expressions that are on both sides compare.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settled {
    /// In canonical form.
    pub n_equal: usize,
    /// Only the server knows that they are.
    pub n_same_meaning: usize,
    pub n_different: usize,
    /// Queries of views, which are told by the server alone.
    pub n_equal_views: usize,
    pub n_different_views: usize,
}

impl Settled {
    pub fn add(&mut self, other: Settled) {
        self.n_equal += other.n_equal;
        self.n_same_meaning += other.n_same_meaning;
        self.n_different += other.n_different;
        self.n_equal_views += other.n_equal_views;
        self.n_different_views += other.n_different_views;
    }
}

impl Session {
    /// Replaces, in what was read from the catalog, each expression that means the same as ours by ours.
    /// Whatever is built for that is taken back; the session is left in a transaction.
    pub async fn settle(&mut self, ours: &Schema, theirs: &mut Schema) -> Settled {
        let mut settled = Settled::default();
        self.run("BEGIN").await.unwrap();
        for (name, theirs) in &mut theirs.domains {
            if let Some(ours) = ours.domains.get(name) {
                self.settle_domain(ours, Arc::make_mut(theirs), &mut settled).await;
            }
        }
        for (name, theirs) in &mut theirs.tables {
            if let Some(ours) = ours.tables.get(name).filter(|table| !table.opaque) {
                self.settle_table(ours, Arc::make_mut(theirs), &mut settled).await;
            }
        }
        for (name, theirs) in &theirs.views {
            if let Some(ours) = ours.views.get(name) {
                self.settle_view(ours, theirs, &mut settled).await;
            }
        }
        settled
    }

    async fn settle_domain(&mut self, ours: &Domain, theirs: &mut Domain, settled: &mut Settled) {
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
            self.settle_pair(pair, &question(&check.name), &change, &question(PROBE), settled).await;
        }
        if let (Some(our_default), Some(default)) = (&ours.default, &mut theirs.default) {
            let question =
                format!("SELECT pg_get_expr(typdefaultbin, 0) FROM pg_type WHERE oid = {}::regtype", literal(&domain));
            let change = format!("ALTER DOMAIN {domain} SET DEFAULT {}", our_default.text);
            self.settle_pair((our_default, default), &question, &change, &question, settled).await;
        }
    }

    async fn settle_table(&mut self, ours: &Table, theirs: &mut Table, settled: &mut Settled) {
        let table = quoted(&ours.name);
        let class = format!("{}::regclass", literal(&table));
        self.settle_columns(ours, theirs, settled).await;
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
            let pair = (&our_check.expression, &mut check.expression);
            self.settle_pair(pair, &constraint(name), &change, &constraint(PROBE), settled).await;
        }
        for (name, exclusion) in &mut theirs.exclusions {
            let Some(our_exclusion) = ours.exclusions.get(name) else { continue };
            let change =
                format!("ALTER TABLE {table} ADD CONSTRAINT {PROBE} EXCLUDE {}", our_exclusion.definition.text);
            let pair = (&our_exclusion.definition, &mut exclusion.definition);
            self.settle_pair(pair, &constraint(name), &change, &constraint(PROBE), settled).await;
        }
        for (name, index) in &mut theirs.indexes {
            let Some(our_index) = ours.indexes.get(name) else { continue };
            let full_name = quoted(&Name::new(ours.name.namespace.as_str(), name.as_str()));
            let question = format!("SELECT pg_get_indexdef({}::regclass)", literal(&full_name));
            let change = format!("ALTER INDEX {full_name} RENAME TO {PROBE}; {}", create_index(our_index, &table));
            self.settle_pair((our_index, index), &question, &change, &question, settled).await;
        }
        for (name, policy) in &mut theirs.policies {
            let Some(our_policy) = ours.policies.get(name) else { continue };
            self.settle_policy(our_policy, policy, &table, settled).await;
        }
        if let (Some(our_key), Some(key)) = (&ours.partition_by, &mut theirs.partition_by) {
            let change = format!("CREATE TEMP TABLE {PROBE} (LIKE {table}) PARTITION BY {}", our_key.text);
            let after = format!("SELECT pg_get_partkeydef('pg_temp.{PROBE}'::regclass)");
            self.settle_pair((our_key, key), &format!("SELECT pg_get_partkeydef({class})"), &change, &after, settled)
                .await;
        }
        if let (Some(our_part), Some(part)) = (&ours.partition_of, &mut theirs.partition_of) {
            self.settle_bound(our_part, part, &table, settled).await;
        }
    }

    async fn settle_columns(&mut self, ours: &Table, theirs: &mut Table, settled: &mut Settled) {
        let table = quoted(&ours.name);
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
                self.settle_pair((our_default, default), &question, &change, &question, settled).await;
            }
            if let (Some(our_generated), Some(generated)) = (&our_column.generated, &mut column.generated) {
                let change = format!(
                    "ALTER TABLE {table} RENAME COLUMN {quoted_column} TO {PROBE}; \
                     ALTER TABLE {table} ADD COLUMN {quoted_column} {} GENERATED ALWAYS AS ({}) STORED",
                    column.sql_type.canonical, our_generated.expression.text
                );
                let pair = (&our_generated.expression, &mut generated.expression);
                self.settle_pair(pair, &question, &change, &question, settled).await;
            }
        }
    }

    async fn settle_policy(&mut self, ours: &Policy, theirs: &mut Policy, table: &str, settled: &mut Settled) {
        let name = quote_identifier(Dialect::Postgres, &ours.name);
        let question = |column: &str| {
            format!(
                "SELECT pg_get_expr({column}, polrelid) FROM pg_policy WHERE polrelid = {}::regclass AND polname = {}",
                literal(table),
                literal(&ours.name)
            )
        };
        for (column, clause, our_text, text) in [
            ("polqual", "USING", &ours.using, &mut theirs.using),
            ("polwithcheck", "WITH CHECK", &ours.with_check, &mut theirs.with_check),
        ] {
            let (Some(our_text), Some(text)) = (our_text, text) else { continue };
            let change = format!("ALTER POLICY {name} ON {table} {clause} ({})", our_text.text);
            let question = question(column);
            self.settle_pair((our_text, text), &question, &change, &question, settled).await;
        }
    }

    async fn settle_bound(&mut self, ours: &PartitionOf, theirs: &mut PartitionOf, table: &str, settled: &mut Settled) {
        let question =
            format!("SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = {}::regclass", literal(table));
        let parent = quoted(&theirs.parent);
        let change = format!(
            "ALTER TABLE {parent} DETACH PARTITION {table}; ALTER TABLE {parent} ATTACH PARTITION {table} {}",
            ours.bound.text
        );
        self.settle_pair((&ours.bound, &mut theirs.bound), &question, &change, &question, settled).await;
    }

    /// A view's query is not compared beside this: a text differs from the server's in too much that means nothing.
    async fn settle_view(&mut self, ours: &View, theirs: &View, settled: &mut Settled) {
        let Some(query) = &ours.definition else { return };
        let names: Vec<String> = theirs.columns.keys().map(|name| quote_identifier(Dialect::Postgres, name)).collect();
        let columns = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
        let question = |name: &str| format!("SELECT pg_get_viewdef({}::regclass)", literal(name));
        let change = format!("CREATE TEMP VIEW {PROBE}{columns} AS {}", query.text);
        let is_same =
            self.is_same(&question(&quoted(&ours.name)), &change, &question(&format!("pg_temp.{PROBE}"))).await;
        settled.n_equal_views += usize::from(is_same);
        settled.n_different_views += usize::from(!is_same);
    }

    async fn settle_pair<T: Clone + PartialEq>(
        &mut self,
        (ours, theirs): (&T, &mut T),
        before: &str,
        change: &str,
        after: &str,
        settled: &mut Settled,
    ) {
        if ours == theirs {
            settled.n_equal += 1;
        } else if self.is_same(before, change, after).await {
            settled.n_same_meaning += 1;
            *theirs = ours.clone();
        } else {
            settled.n_different += 1;
        }
    }

    /// True where the question `after` has, after the change, the answer that `before` had before it.
    async fn is_same(&mut self, before: &str, change: &str, after: &str) -> bool {
        self.run(&format!("SAVEPOINT {PROBE}")).await.unwrap();
        let answer_before = self.ask(before).await;
        let answer_after = match self.run(change).await {
            Ok(()) => self.ask(after).await,
            Err(_) => None,
        };
        self.run(&format!("ROLLBACK TO SAVEPOINT {PROBE}; RELEASE SAVEPOINT {PROBE}")).await.unwrap();
        answer_before.is_some() && answer_before == answer_after
    }
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

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
