//! Plans for PostgreSQL, proved: in memory, where the steps replayed over *before* give *after*, and by a real server, which takes them
//! on tables with rows and whose catalog then equals the one that *after* makes of nothing.

mod recorded;
mod specs;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use languages::sql::{State, apply, statements};
use plan::{Hazard, Plan, Rename};
use schema::{Dialect, Name, Schema};
use tests::comparison::{differences, normalize};
use tests::postgres::{Server, Session, of_the_machine};

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&of_the_machine()))
}

fn steps(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|step| step.sql.clone()).collect()
}

fn from_nothing(schema: &Schema) -> Plan {
    plan::plan(&Schema::new(Dialect::Postgres), schema, &[])
}

/// The steps replayed over `before`: nothing is left to do then, and no step says anything that cannot be followed.
fn replays(before: &Schema, after: &Schema, plan: &Plan) -> Result<(), String> {
    let mut state = State::from_schema(dialects::spelled_out(before));
    for sql in steps(plan) {
        for statement in statements(Dialect::Postgres, &sql) {
            apply(&mut state, &statement);
        }
        if let Some(finding) = state.take_diagnostics().first() {
            return Err(format!("in memory, {}: {sql}", finding.message));
        }
    }
    let mut replayed = state.into_schema();
    if !replayed.unknown.is_empty() {
        return Err(format!("in memory, nothing is known of {:?}", replayed.unknown));
    }
    dialects::fold_serials(&mut replayed);
    let left = plan::plan(&replayed, after, &[]);
    if let Some(obstacle) = left.obstacles.first() {
        return Err(format!("in memory, {}", obstacle.reason));
    }
    match left.steps.is_empty() {
        true => Ok(()),
        false => Err(format!("in memory, this is left to do: {:?}", steps(&left))),
    }
}

/// What the server has to hold that no schema describes.
#[derive(Clone, Debug, Default)]
struct Surroundings {
    sql: Vec<String>,
}

impl Surroundings {
    /// Roles that policies name, and tables of others that policies are on.
    fn of(schemas: &[&Schema]) -> Surroundings {
        let mut roles = BTreeSet::new();
        let mut tables = BTreeSet::new();
        for schema in schemas {
            let linked = schema.policies.values();
            tables.extend(linked.clone().map(|it| it.on.clone()).filter(|on| !schema.tables.contains_key(on)));
            let policies = schema.tables.values().flat_map(|table| table.policies.values());
            let named = policies.chain(linked.map(|it| &it.policy)).flat_map(|policy| policy.to.iter());
            roles.extend(named.chain(schema.grants.values().map(|it| &it.to)).cloned());
        }
        let is_word =
            |role: &String| ["public", "current_user", "current_role", "session_user"].contains(&role.as_str());
        let is_own = |role: &String| schemas.iter().any(|schema| schema.roles.contains_key(role));
        let mut sql: Vec<String> =
            roles.iter().filter(|it| !is_word(it) && !is_own(it)).map(|it| format!("CREATE ROLE \"{it}\"")).collect();
        for Name { namespace, name } in tables {
            sql.push(format!("CREATE SCHEMA IF NOT EXISTS \"{namespace}\""));
            sql.push(format!("CREATE TABLE \"{namespace}\".\"{name}\" (id integer)"));
        }
        Surroundings { sql }
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

fn is_for_no_transaction(plan: &Plan) -> bool {
    plan.steps.iter().flat_map(|step| &step.hazards).any(|hazard| matches!(hazard, Hazard::NotInTransaction(_)))
}

fn may_fail(plan: &Plan) -> bool {
    plan.steps.iter().flat_map(|step| &step.hazards).any(|hazard| matches!(hazard, Hazard::MayFail(_)))
}

/// Both in one shape; empty where they are equal. Views of somebody else are no part of it.
fn catalogs_differ(found: &Schema, expected: &Schema, after: &Schema) -> Vec<String> {
    let (mut found, mut expected) = (found.clone(), expected.clone());
    for schema in [&mut found, &mut expected] {
        dialects::fold_serials(schema);
        schema.views.retain(|name, _| after.views.get(name).is_none_or(|view| !view.existing));
    }
    normalize(&mut found, &mut expected);
    differences(&found, &expected).iter().map(ToString::to_string).collect()
}

fn rename(from: schema::ObjectPath, to: schema::ObjectPath) -> Rename {
    Rename { from, to }
}
