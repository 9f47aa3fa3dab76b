//! Plans for PostgreSQL, proved: in memory, where the steps replayed over *before* give *after*, and by a real server, which takes them
//! on tables with rows and whose catalog then equals the one that *after* makes of nothing.

mod random;
mod recorded;
mod specs;
mod sqldef_cases;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use languages::sql::{State, apply, statements};
use plan::{Hazard, Plan, Rename};
use schema::{Dialect, LinkedPolicy, Name, Schema, Table, View};
use tests::comparison::{differences, normalize};
use tests::postgres::{Server, Session, newest, of_the_machine};

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&of_the_machine()))
}

fn newest_server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&newest()))
}

fn steps(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|step| step.sql.clone()).collect()
}

fn from_nothing(schema: &Schema) -> Plan {
    plan::plan(&Schema::new(Dialect::Postgres), schema, &[])
}

/// The steps replayed over `before`: nothing is left to do then, and no step says anything that cannot be followed.
fn replays(before: &Schema, after: &Schema, plan: &Plan) -> Result<(), String> {
    let reached = reached(before, after, plan)?;
    let left = plan::plan(&reached, after, &[]);
    if let Some(obstacle) = left.obstacles.first() {
        return Err(format!("in memory, {}", obstacle.reason));
    }
    match left.steps.is_empty() {
        true => Ok(()),
        false => Err(format!("in memory, this is left to do: {:?}", steps(&left))),
    }
}

/// What the steps make of `before`, in memory.
fn reached(before: &Schema, after: &Schema, plan: &Plan) -> Result<Schema, String> {
    let linked: BTreeSet<Name> =
        [before, after].iter().flat_map(|it| it.policies.values()).map(|it| it.on.clone()).collect();
    let mut spelled_out = dialects::spelled_out(before);
    linked.iter().for_each(|on| with_policies_inside(&mut spelled_out, on));
    let mut state = State::from_schema(spelled_out);
    for sql in steps(plan) {
        for statement in statements(Dialect::Postgres, &sql) {
            apply(&mut state, &statement);
        }
        if let Some(finding) = state.take_diagnostics().first() {
            return Err(format!("in memory, {}: {sql}", finding.message));
        }
    }
    let mut reached = state.into_schema();
    linked.iter().filter(|on| !after.tables.contains_key(*on)).for_each(|on| with_policies_outside(&mut reached, on));
    if !reached.unknown.is_empty() {
        return Err(format!("in memory, nothing is known of {:?}", reached.unknown));
    }
    Ok(reached)
}

/// A table of somebody else, with the policies that the schema declares on it.
fn with_policies_inside(schema: &mut Schema, on: &Name) {
    if !schema.tables.contains_key(on) {
        let mut table = Table::new(on.clone());
        let policies = schema.policies.values().filter(|it| it.on == *on).map(|it| it.policy.clone());
        table.policies.extend(policies.map(|policy| (policy.name.clone(), policy)));
        schema.tables.insert(on.clone(), Arc::new(table));
    }
}

fn with_policies_outside(schema: &mut Schema, on: &Name) {
    if let Some(table) = schema.tables.shift_remove(on) {
        schema.policies.retain(|_, linked| linked.on != *on);
        for policy in table.policies.values().cloned() {
            schema.policies.insert(policy.name.clone(), LinkedPolicy { policy, on: on.clone() });
        }
    }
}

/// What the server has to hold that no schema describes.
#[derive(Clone, Debug, Default)]
struct Surroundings {
    sql: Vec<String>,
    /// Views of others: there at the start, and no part of what is compared in the end.
    others: Vec<String>,
}

impl Surroundings {
    /// Roles that policies name, tables of others that policies are on or views read, views of others, and namespaces.
    fn of(schemas: &[&Schema]) -> Surroundings {
        let mut roles = BTreeSet::new();
        let mut tables = BTreeSet::new();
        let mut namespaces = BTreeSet::new();
        for schema in schemas {
            let names = schema.enums.keys().chain(schema.sequences.keys()).chain(schema.tables.keys());
            let names = names.chain(schema.views.keys()).map(|name| name.namespace.clone());
            namespaces.extend(
                names.filter(|it| it != "public" && schemas.iter().all(|schema| !schema.namespaces.contains(it))),
            );
            let users = Name::new("public", "users");
            let reads_users =
                |view: &Arc<View>| view.definition.as_ref().is_some_and(|it| it.text.contains("\"users\""));
            if schema.views.values().any(reads_users) && schemas.iter().all(|it| it.tables.is_empty()) {
                tables.insert(users);
            }
            let linked = schema.policies.values();
            tables.extend(linked.clone().map(|it| it.on.clone()).filter(|on| !schema.tables.contains_key(on)));
            let policies = schema.tables.values().flat_map(|table| table.policies.values());
            let named = policies.chain(linked.map(|it| &it.policy)).flat_map(|policy| policy.to.iter());
            roles.extend(named.chain(schema.grants.values().map(|it| &it.to)).cloned());
        }
        let is_word =
            |role: &String| ["public", "current_user", "current_role", "session_user"].contains(&role.as_str());
        let is_own = |role: &String| schemas.iter().any(|schema| schema.roles.contains_key(role));
        let mut sql: Vec<String> = namespaces.iter().map(|it| format!("CREATE SCHEMA \"{it}\"")).collect();
        let roles = roles.iter().filter(|it| !is_word(it) && !is_own(it)).map(|it| format!("CREATE ROLE \"{it}\""));
        sql.extend(roles);
        for Name { namespace, name } in tables {
            sql.push(format!("CREATE SCHEMA IF NOT EXISTS \"{namespace}\""));
            sql.push(format!("CREATE TABLE \"{namespace}\".\"{name}\" (id integer)"));
        }
        let mut others = Vec::new();
        let existing = schemas.iter().take(1).flat_map(|before| before.views.values()).filter(|view| view.existing);
        for View { name, materialized, .. } in existing.map(|view| &**view) {
            let class = if *materialized { "MATERIALIZED VIEW" } else { "VIEW" };
            let name = dialects::postgres::statements::full_name(name);
            others.push(format!("CREATE {class} {name} AS SELECT 1 AS one"));
        }
        Surroundings { sql, others }
    }
}

async fn run_all(session: &mut Session, statements: &[String]) -> Result<(), String> {
    for sql in statements {
        session.run(sql).await.map_err(|message| format!("{message}: {sql}"))?;
    }
    Ok(())
}

/// What a run leads to, in a transaction that is taken back; in a database of its own where the steps cannot run in one.
async fn catalog_after(session: &mut Session, runs: &[&[String]]) -> Result<Schema, String> {
    session.run("BEGIN").await.unwrap();
    let mut result = Ok(());
    for run in runs {
        result = run_all(session, run).await;
        if result.is_err() {
            break;
        }
    }
    let catalog = match result {
        Ok(()) => Ok(session.read().await),
        Err(message) => Err(message),
    };
    session.run("ROLLBACK").await.unwrap();
    catalog
}

/// Whether a run succeeds, taken back at once.
async fn try_run(session: &mut Session, runs: &[&[String]]) -> Result<(), String> {
    session.run("BEGIN").await.unwrap();
    let mut result = Ok(());
    for run in runs {
        if result.is_ok() {
            result = run_all(session, run).await;
        }
    }
    session.run("ROLLBACK").await.unwrap();
    result
}

fn is_for_no_transaction(plan: &Plan) -> bool {
    plan.steps.iter().flat_map(|step| &step.hazards).any(|hazard| matches!(hazard, Hazard::NotInTransaction(_)))
}

fn may_fail(plan: &Plan) -> bool {
    plan.steps.iter().flat_map(|step| &step.hazards).any(|hazard| matches!(hazard, Hazard::MayFail(_)))
}

/// Both in one shape; empty where they are equal. Views of somebody else are no part of it.
fn catalogs_differ(found: &Schema, expected: &Schema, before: &Schema, after: &Schema) -> Vec<String> {
    let is_of_others = |name: &Name| {
        [before, after].iter().any(|it| it.views.get(name).is_some_and(|view| view.existing))
            && after.views.get(name).is_none_or(|view| view.existing)
    };
    let (mut found, mut expected) = (found.clone(), expected.clone());
    for schema in [&mut found, &mut expected] {
        dialects::fold_serials(schema);
        schema.views.retain(|name, _| !is_of_others(name));
        // A key that nobody named keeps the name that it got with its table's first one.
        let is_unnamed = |name: &Name| {
            let key = after.tables.get(name).and_then(|table| table.primary_key.as_ref());
            key.is_some_and(|key| key.name.is_none())
        };
        for (_, table) in schema.tables.iter_mut().filter(|(name, _)| is_unnamed(name)) {
            if let Some(key) = &mut Arc::make_mut(table).primary_key {
                (key.name, key.server_name) = (None, None);
            }
        }
    }
    normalize(&mut found, &mut expected);
    differences(&found, &expected).iter().map(ToString::to_string).collect()
}

fn rename(from: schema::ObjectPath, to: schema::ObjectPath) -> Rename {
    Rename { from, to }
}
