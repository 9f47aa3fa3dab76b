//! Random pairs of schemas: every proof for each, on a server that has rows for some of them.
//!
//! DRIFTLENS_SEED runs the pair of one seed, DRIFTLENS_PAIRS that many.

use std::collections::BTreeMap;

use plan::{Hazard, Plan};
use schema::{Column, Dialect, Schema};
use tests::interpreter::{replay, shown};
use tests::postgres::{Server, Session, newest, of_the_machine};
use tests::random_schema_postgres::{self as random, Pair};

use super::{catalog_after, catalogs_differ, is_for_no_transaction, reached, replays, run_all, steps};

const N_PAIRS: u64 = 2_000;
const N_PAIRS_OF_NEWEST: u64 = 300;
/// How many pairs a connection is used for: the server keeps what it has read of the catalog.
const N_PER_SESSION: u64 = 250;
/// Every third pair has rows in its tables.
const ROWS_EVERY: u64 = 3;

/// What came of a pair.
enum Ran {
    Well {
        with_rows: bool,
    },
    /// Only without rows, as a step says.
    AsForetold,
    Obstacle(String),
}

#[test]
fn plans_between_random_schemas_hold() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (first, n_pairs) = pairs(N_PAIRS);
    // Roles are the whole server's: the other suites must not see these.
    runtime.block_on(run_pairs(&Server::start(&of_the_machine()), first, n_pairs));
}

#[test]
fn plans_between_random_schemas_hold_on_postgresql_18() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (first, n_pairs) = pairs(N_PAIRS_OF_NEWEST);
    runtime.block_on(run_pairs(&Server::start(&newest()), first, n_pairs));
}

/// The first seed and how many.
fn pairs(usual: u64) -> (u64, u64) {
    match std::env::var("DRIFTLENS_SEED") {
        Ok(seed) => (seed.parse().unwrap(), 1),
        Err(_) => (0, std::env::var("DRIFTLENS_PAIRS").map_or(usual, |number| number.parse().unwrap())),
    }
}

async fn run_pairs(server: &Server, first: u64, n_pairs: u64) {
    let start = std::time::Instant::now();
    let (mut n_well, mut n_with_rows, mut n_foretold) = (0, 0, 0);
    let mut obstacles: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut failures = Vec::new();
    server.create_database("plan_random").await;
    let mut session = Session::new(server, "plan_random").await;
    for seed in first..first + n_pairs {
        if seed.is_multiple_of(N_PER_SESSION) {
            session = Session::new(server, "plan_random").await;
        }
        match random_pair(server, &mut session, seed).await {
            Ok(Ran::Well { with_rows }) => {
                n_well += 1;
                n_with_rows += u64::from(with_rows);
            }
            Ok(Ran::AsForetold) => n_foretold += 1,
            Ok(Ran::Obstacle(reason)) => obstacles.entry(reason).or_default().push(seed),
            Err(failure) => failures.push(format!("seed {seed}: {failure}")),
        }
    }
    let n_obstacles = obstacles.values().map(|seeds| seeds.len() as u64).sum::<u64>();
    println!(
        "PostgreSQL {}: {n_well} of {n_pairs} pairs hold, {n_with_rows} of them with rows; {n_foretold} more only without, as foretold; \
         {n_obstacles} have obstacles; {:.0} s",
        server.major,
        start.elapsed().as_secs_f64()
    );
    obstacles.iter().for_each(|(reason, seeds)| println!("  {} {reason} Seeds {seeds:?}", seeds.len()));
    let (told, others) = failures.split_at(failures.len().min(12));
    let others = others.iter().filter_map(|failure| failure.lines().next()).map(str::to_owned);
    let shown = told.iter().cloned().chain(others).collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} of {n_pairs} pairs fail (DRIFTLENS_SEED runs one):\n{shown}", failures.len());
    assert!(n_obstacles * 20 <= n_pairs, "{n_obstacles} of {n_pairs} have obstacles");
}

async fn random_pair(server: &Server, session: &mut Session, seed: u64) -> Result<Ran, String> {
    let pair = random::pair(seed);
    let schema = |text: &str| {
        let replayed = replay(Dialect::Postgres, &[text]);
        match replayed.findings.first() {
            Some(finding) => Err(format!("the replay finds {}\n{text}", shown(finding, &[text]))),
            None => Ok(replayed.schema),
        }
    };
    let (before, after) = (schema(&pair.before)?, schema(&pair.after)?);
    let plan = plan::plan(&before, &after, &pair.renames);
    if let Some(obstacle) = plan.obstacles.first() {
        return Ok(Ran::Obstacle(obstacle.reason.replace(&obstacle.object.to_string(), "…")));
    }
    let back = plan::reverse(&before, &after, &pair.renames);
    let told = |failure: String| {
        let renames: Vec<String> = pair.renames.iter().map(|it| format!("{} -> {}", it.from, it.to)).collect();
        format!(
            "{failure}\n-- before\n{}-- after\n{}-- renames {renames:?}\n-- plan\n{}\n-- back\n{}\n",
            pair.before,
            pair.after,
            steps(&plan).join("\n"),
            steps(&back).join("\n")
        )
    };
    if let Some(obstacle) = back.obstacles.first() {
        return Err(told(format!("back: {}", obstacle.reason)));
    }
    replays(&before, &after, &plan).map_err(told)?;
    let reached = reached(&before, &after, &plan).map_err(told)?;
    replays(&reached, &before, &back).map_err(|failure| told(format!("back: {failure}")))?;
    let adds_value = |plan: &Plan| plan.steps.iter().any(|step| step.kind == "add_enum_value");
    let sides = ([&before, &after], [&plan, &back]);
    match adds_value(&plan) || adds_value(&back) {
        true => in_databases_of_its_own(server, session, &pair, sides.0, sides.1).await.map_err(told),
        false => on_the_server(session, &pair, seed, sides.0, sides.1).await.map_err(told),
    }
}

async fn on_the_server(
    session: &mut Session,
    pair: &Pair,
    seed: u64,
    [before, after]: [&Schema; 2],
    [plan, back]: [&Plan; 2],
) -> Result<Ran, String> {
    let text = |text: &String| vec![text.clone()];
    let at_end = catalog_after(session, &[&text(&pair.after)]).await.map_err(|message| format!("after: {message}"))?;
    session.run("BEGIN").await.unwrap();
    let ran = there_and_back(session, pair, seed, [before, after], [plan, back], &at_end).await;
    session.run("ROLLBACK").await.unwrap();
    ran
}

async fn there_and_back(
    session: &mut Session,
    pair: &Pair,
    seed: u64,
    [before, after]: [&Schema; 2],
    [plan, back]: [&Plan; 2],
    at_end: &Schema,
) -> Result<Ran, String> {
    session.run(&pair.before).await.map_err(|message| format!("before: {message}"))?;
    let at_start = session.read().await;
    session.run("SAVEPOINT empty").await.unwrap();
    let has_rows = seed.is_multiple_of(ROWS_EVERY) && fill(session, before).await;
    let counted = counts(before, plan);
    let n_rows = session.ask(&counted).await;
    let mut is_foretold = false;
    if let Err((at, failure)) = run_steps(session, plan).await {
        let may_fail = plan.steps[at].hazards.iter().any(|hazard| matches!(hazard, Hazard::MayFail(_)));
        // A sequence that stands outside its new bounds needs no rows for it.
        if may_fail && plan.steps[at].kind.ends_with("_sequence") {
            return Ok(Ran::AsForetold);
        }
        if !has_rows || !may_fail {
            return Err(failure);
        }
        is_foretold = true;
        session.run("ROLLBACK TO SAVEPOINT empty").await.unwrap();
        run_steps(session, plan).await.map_err(|(_, failure)| format!("without rows: {failure}"))?;
    } else if session.ask(&counted).await != n_rows {
        return Err(String::from("rows are lost that no step speaks of"));
    }
    let found = session.read().await;
    let differences = catalogs_differ(&found, at_end, before, after);
    if !differences.is_empty() {
        return Err(differences.join("\n"));
    }
    session.run("SAVEPOINT there").await.unwrap();
    if let Err((at, failure)) = run_steps(session, back).await {
        let may_fail = back.steps[at].hazards.iter().any(|hazard| matches!(hazard, Hazard::MayFail(_)));
        if may_fail && back.steps[at].kind.ends_with("_sequence") {
            return Ok(Ran::AsForetold);
        }
        if !has_rows || !may_fail || is_foretold {
            return Err(format!("back: {failure}"));
        }
        session.run("ROLLBACK TO SAVEPOINT empty").await.unwrap();
        run_steps(session, plan).await.map_err(|(_, failure)| format!("without rows: {failure}"))?;
        run_steps(session, back).await.map_err(|(_, failure)| format!("back, without rows: {failure}"))?;
    }
    let found = session.read().await;
    let differences = catalogs_differ(&found, &at_start, after, before);
    if !differences.is_empty() {
        return Err(format!("back: {}", differences.join("\n")));
    }
    Ok(if is_foretold { Ran::AsForetold } else { Ran::Well { with_rows: has_rows } })
}

/// An error has the place of its step.
async fn run_steps(session: &mut Session, plan: &Plan) -> Result<(), (usize, String)> {
    for (at, step) in plan.steps.iter().enumerate() {
        session.run(&step.sql).await.map_err(|message| (at, format!("{message}: {}", step.sql)))?;
    }
    Ok(())
}

/// How many rows the tables have, in one text, that are there before and after under one name.
fn counts(before: &Schema, plan: &Plan) -> String {
    let is_touched = |name: &schema::Name| {
        let kinds = ["drop_table", "rename_table", "move_table", "rename_schema"];
        plan.steps.iter().any(|it| {
            kinds.contains(&it.kind)
                && (it.object.name == *name || it.kind == "rename_schema" || it.kind != "drop_table")
        })
    };
    let names = before.tables.keys().filter(|name| !is_touched(name));
    let names =
        names.map(|name| format!("(SELECT count(*) FROM ONLY {})", dialects::quoted_name(Dialect::Postgres, name)));
    let counts: Vec<String> = names.collect();
    format!("SELECT concat_ws(',', 0{})", counts.iter().map(|it| format!(", {it}")).collect::<String>())
}

/// Rows for the tables that take some of simple values. True where any does.
async fn fill(session: &mut Session, schema: &Schema) -> bool {
    let mut is_filled = false;
    // A foreign key may lead to a table further on.
    for n in [1, 2, 1] {
        for table in schema.tables.values() {
            let columns = table.columns.values().filter(|it| it.generated.is_none() && it.identity.is_none());
            let (mut names, mut values) = (Vec::new(), Vec::new());
            for column in columns {
                names.push(dialects::quote_identifier(schema.dialect, &column.name));
                values.push(value(schema, column, n));
            }
            let name = dialects::postgres::statements::full_name(&table.name);
            let insert = match names.is_empty() {
                true => format!("INSERT INTO {name} DEFAULT VALUES"),
                false => format!("INSERT INTO {name} ({}) VALUES ({})", names.join(", "), values.join(", ")),
            };
            session.run("SAVEPOINT row").await.unwrap();
            if session.run(&format!("{insert}; SET CONSTRAINTS ALL IMMEDIATE")).await.is_ok() {
                is_filled = true;
            } else {
                session.run("ROLLBACK TO SAVEPOINT row").await.unwrap();
            }
        }
    }
    is_filled
}

fn value(schema: &Schema, column: &Column, n: usize) -> String {
    let sql_type = &column.sql_type;
    if sql_type.canonical.ends_with(']') {
        return String::from("'{}'");
    }
    if let Some(name) = &sql_type.enum_name {
        let values = schema.enums.get(name).map(|it| it.values.as_slice()).unwrap_or_default();
        let value = values.get(n - 1).or(values.first()).cloned().unwrap_or_default();
        return format!("'{}'", value.replace('\'', "''"));
    }
    match sql_type.canonical.split('(').next().unwrap_or_default() {
        "integer" | "bigint" | "smallint" | "serial" | "bigserial" | "smallserial" | "numeric" | "real"
        | "double precision" => n.to_string(),
        "text" | "character varying" | "character" => format!("'{n}'"),
        "boolean" => String::from("true"),
        "uuid" => format!("'00000000-0000-0000-0000-00000000000{n}'"),
        "json" | "jsonb" => String::from("'{}'"),
        "date" | "timestamp" | "timestamp with time zone" => format!("'2020-01-0{n}'"),
        "int4range" => format!("'[{n},{n}]'"),
        "interval" => String::from("'1 day'"),
        "bytea" => String::from("''"),
        "inet" => format!("'10.0.0.{n}'"),
        "time" => format!("'0{n}:00'"),
        _ if column.default.is_some() => String::from("DEFAULT"),
        _ if column.not_null => format!("'{n}'"),
        _ => String::from("NULL"),
    }
}

/// Where a type gets a value, it has to have been there before the transaction.
async fn in_databases_of_its_own(
    server: &Server,
    session: &mut Session,
    pair: &Pair,
    [before, after]: [&Schema; 2],
    [plan, back]: [&Plan; 2],
) -> Result<Ran, String> {
    let text = |text: &String| vec![text.clone()];
    let at_end = catalog_after(session, &[&text(&pair.after)]).await.map_err(|message| format!("after: {message}"))?;
    server.create_database("plan_random_alone").await;
    let mut alone = Session::new(server, "plan_random_alone").await;
    let result = alone_there_and_back(&mut alone, pair, [before, after], [plan, back], &at_end).await;
    let roles = alone
        .ask("SELECT string_agg(format('DROP ROLE %I', rolname), ';') FROM pg_roles WHERE rolname LIKE '%random %'")
        .await;
    drop(alone);
    server.drop_database("plan_random_alone").await;
    session.run(&roles.unwrap_or_default()).await.unwrap();
    result
}

async fn alone_there_and_back(
    session: &mut Session,
    pair: &Pair,
    [before, after]: [&Schema; 2],
    [plan, back]: [&Plan; 2],
    at_end: &Schema,
) -> Result<Ran, String> {
    session.run(&pair.before).await.map_err(|message| format!("before: {message}"))?;
    let at_start = session.read().await;
    run_foretold(session, plan).await?;
    let differences = catalogs_differ(&session.read().await, at_end, before, after);
    if !differences.is_empty() {
        return Err(differences.join("\n"));
    }
    run_foretold(session, back).await.map_err(|failure| format!("back: {failure}"))?;
    let differences = catalogs_differ(&session.read().await, &at_start, after, before);
    match differences.is_empty() {
        true => Ok(Ran::Well { with_rows: false }),
        false => Err(format!("back: {}", differences.join("\n"))),
    }
}

/// In one transaction, unless a step says that it cannot be.
async fn run_foretold(session: &mut Session, plan: &Plan) -> Result<(), String> {
    session.run("BEGIN").await.unwrap();
    let in_transaction = run_all(session, &steps(plan)).await;
    match (in_transaction, is_for_no_transaction(plan)) {
        (Ok(()), _) => {
            session.run("COMMIT").await?;
            Ok(())
        }
        (Err(_), true) => {
            session.run("ROLLBACK").await.unwrap();
            run_all(session, &steps(plan)).await.map_err(|failure| format!("without a transaction: {failure}"))
        }
        (Err(failure), false) => {
            session.run("ROLLBACK").await.unwrap();
            Err(format!("in a transaction of its own: {failure}"))
        }
    }
}
