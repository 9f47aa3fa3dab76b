//! SQLite's plans: drizzle-kit's recorded cases, our specs and random pairs, each run on real SQLite with rows.

use std::fs;
use std::path::{Path, PathBuf};

use history::formats::drizzle::snapshot;
use plan::{Hazard, Plan, Rename};
use schema::{Dialect, Name, ObjectKind, ObjectPath, Schema};
use tests::interpreter::replay;
use tests::plan_specs::{self, Case};
use tests::random_schema_sqlite::{self as random, RenamedTable};
use tests::sqlite_plans::{self as plans, Database, Ran};

const N_ROWS: usize = 3;

/// The random pairs that every run looks at: `DRIFTLENS_PAIRS` asks for another number, `DRIFTLENS_SEED` for one pair alone.
const N_PAIRS: u64 = 2_000;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// What an empty database needs to hold the schema.
fn creation(schema: &Schema) -> Plan {
    plan::plan(&Schema::new(Dialect::Sqlite), schema, &[])
}

async fn made(database: &mut Database, schema: &Schema) -> Result<(), String> {
    for step in creation(schema).steps {
        database.run(&step.sql).await.map_err(|error| format!("{error} at {}", step.sql))?;
    }
    Ok(())
}

/// A database that holds the schema and rows for each table.
async fn filled(schema: &Schema, n_rows: usize) -> Result<Database, String> {
    let mut database = Database::open().await;
    made(&mut database, schema).await?;
    database.run("PRAGMA foreign_keys=OFF").await?;
    for insert in plans::filling(schema, n_rows) {
        database.run(&insert).await.map_err(|error| format!("{error} at {insert}"))?;
    }
    database.run("PRAGMA foreign_keys=ON").await?;
    Ok(database)
}

// drizzle-kit's cases

/// Cases whose schemas SQLite does not hold, by the end of the test's name.
const NOT_HELD: &[(&str, &str)] =
    &[("alter column drop generated", "its generated column is `drizzle is the best`, which is no expression")];

#[derive(Default)]
struct Tally {
    n_cases: usize,
    n_replayed: usize,
    n_run: usize,
    n_run_empty: usize,
    n_same_text: usize,
    n_theirs_wrong: usize,
    failures: Vec<String>,
}

#[test]
fn plans_of_drizzle_kits_cases_hold() {
    let Some(folder) = cases_folder() else {
        println!("not run: no recorded cases; set DRIFTLENS_CONFORMANCE to their folder");
        return;
    };
    let mut tally = Tally::default();
    for file in ["checks", "columns", "generated", "tables", "views"] {
        let path = folder.join(format!("sqlite-{file}.json"));
        let cases: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for case in cases.as_array().unwrap() {
            tally.n_cases += 1;
            let name = format!("{file}: {}", case["test"].as_str().unwrap());
            if let Err(failure) = drizzle_case(case, &name, &mut tally) {
                tally.failures.push(format!("{name}: {failure}"));
            }
        }
    }
    let Tally { n_cases, n_replayed, n_run, n_run_empty, n_same_text, n_theirs_wrong, failures } = tally;
    println!("{n_replayed} of {n_cases} replay; {n_run} of {n_cases} run on SQLite with rows, {n_run_empty} without");
    println!("{n_same_text} of {n_cases} have drizzle-kit's text; in {n_theirs_wrong} its own does not lead there");
    assert!(n_cases >= 90, "only {n_cases} cases");
    assert!(n_same_text >= 54, "only {n_same_text} have drizzle-kit's text");
    assert!(failures.is_empty(), "{} of {n_cases} fail:\n{}", failures.len(), failures.join("\n"));
}

fn drizzle_case(case: &serde_json::Value, name: &str, tally: &mut Tally) -> Result<(), String> {
    let before = snapshot::read(&case["prev"].to_string()).map_err(|error| error.message)?;
    let after = snapshot::read(&case["cur"].to_string()).map_err(|error| error.message)?;
    let texts = case["renames"].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
    let renames: Vec<Rename> = texts.filter(|text| text.starts_with("public.")).map(drizzle_rename).collect();
    let plan = plan::plan(&before, &after, &renames);
    let theirs: Vec<String> =
        case["sql"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().trim_end().to_owned()).collect();
    if let Some(obstacle) = plan.obstacles.first() {
        println!("skipped: {name}: {}", obstacle.reason);
        return match obstacle.reason.starts_with("SQLite has no tables without columns") {
            true => Ok(()),
            false => Err(obstacle.reason.clone()),
        };
    }
    plans::replays(&plan, &before, &after)?;
    tally.n_replayed += 1;
    let ours: Vec<&str> = plan.steps.iter().map(|step| step.sql.as_str()).collect();
    let is_same_text = ours == theirs;
    tally.n_same_text += usize::from(is_same_text);
    if !creation(&before).obstacles.is_empty() {
        println!("not run: {name}: SQLite has no tables without columns");
        return Ok(());
    }
    if let Some((_, reason)) = NOT_HELD.iter().find(|(end, _)| name.ends_with(end)) {
        println!("not run: {name}: {reason}");
        return Ok(());
    }
    match block_on(run(&plan, &before, &after, &renames))? {
        Ran::Well => tally.n_run += 1,
        Ran::AsForetold(failure) => {
            println!("run without rows: {name}: {failure}");
            tally.n_run_empty += 1;
        }
    }
    let wrong = block_on(run_theirs(&theirs, &plan, &before, &after, &renames));
    if let Err(wrong) = &wrong {
        tally.n_theirs_wrong += 1;
        println!("theirs: {name}: {}", wrong.lines().next().unwrap_or_default());
    }
    if !is_same_text && wrong.is_ok() {
        println!("other text: {name}:\n  {}\n  theirs:\n  {}", ours.join("\n  "), theirs.join("\n  "));
    }
    Ok(())
}

/// With rows, or without them where a step says that rows may make it fail.
async fn run(plan: &Plan, before: &Schema, after: &Schema, renames: &[Rename]) -> Result<Ran, String> {
    let mut database = filled(before, N_ROWS).await?;
    let ran = plans::runs(&mut database, plan, before, after, renames).await?;
    if let Ran::AsForetold(_) = ran {
        let mut database = filled(before, 0).await?;
        if let Ran::AsForetold(failure) = plans::runs(&mut database, plan, before, after, renames).await? {
            return Err(format!("fails without rows too: {failure}"));
        }
    }
    Ok(ran)
}

async fn run_theirs(
    theirs: &[String],
    ours: &Plan,
    before: &Schema,
    after: &Schema,
    renames: &[Rename],
) -> Result<(), String> {
    let mut plan = ours.clone();
    let step = plan.steps.first().cloned().unwrap_or(plan::Step {
        object: ObjectPath::global(ObjectKind::Table, ""),
        kind: "theirs",
        sql: String::new(),
        locks: Vec::new(),
        hazards: Vec::new(),
    });
    let without_hazards = plan::Step { hazards: Vec::new(), ..step };
    plan.steps = theirs.iter().map(|sql| plan::Step { sql: sql.clone(), ..without_hazards.clone() }).collect();
    // Where ours does not take rows either, theirs are not asked to.
    let n_rows = match run(ours, before, after, renames).await? {
        Ran::Well => N_ROWS,
        Ran::AsForetold(_) => 0,
    };
    let mut database = filled(before, n_rows).await?;
    plans::runs(&mut database, &plan, before, after, renames).await.map(|_| ())
}

/// `public.users.name->public.users.name1`.
fn drizzle_rename(text: &str) -> Rename {
    plans::rename(&text.replace("public.", ""))
}

fn cases_folder() -> Option<PathBuf> {
    let folder = match std::env::var_os("DRIFTLENS_CONFORMANCE") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/drizzle-kit"),
    };
    folder.is_dir().then_some(folder)
}

// Specs

#[test]
fn every_spec_of_a_sqlite_plan_holds() {
    let cases = plan_specs::read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/plan/sqlite"));
    let mut failures = Vec::new();
    let mut n_with_steps = 0;
    for case in &cases {
        match spec(case) {
            Ok(has_steps) => n_with_steps += usize::from(has_steps),
            Err(failure) => failures.push(format!("{}: {failure}", case.full_name())),
        }
    }
    println!("{} of {} specs hold, {n_with_steps} with all proofs", cases.len() - failures.len(), cases.len());
    assert!(cases.len() >= 60, "only {} specs", cases.len());
    assert!(failures.is_empty(), "{} of {} fail:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// True where there are steps to prove.
fn spec(case: &Case) -> Result<bool, String> {
    let fence = |tag: &str| case.fence(tag).unwrap_or_else(|| panic!("{} has no `{tag}`", case.full_name()));
    let schema = |tag: &str| replay(Dialect::Sqlite, &[fence(tag)]).schema;
    let (before, after) = (schema("sql before"), schema("sql after"));
    let renames: Vec<Rename> = case.fence("text renames").unwrap_or_default().lines().map(plans::rename).collect();
    let plan = plan::plan(&before, &after, &renames);
    let (found, expected) = (plans::text(&plan), fence("sql plan"));
    if std::env::var_os("UPDATE_EXPECT").is_some() && found != expected {
        plan_specs::rewrite(case, "sql plan", &found);
    } else if found != expected {
        return Err(format!("the plan is another:\n{found}"));
    }
    if !plan.obstacles.is_empty() {
        return Ok(false);
    }
    plans::replays(&plan, &before, &after)?;
    block_on(run_spec(case, &plan, &before, &after, &renames))?;
    let back = plan::reverse(&before, &after, &renames);
    let no_way_back = case.fence("text no way back").unwrap_or_default();
    let reasons: String = back.obstacles.iter().map(|it| format!("{}\n", it.reason)).collect();
    if reasons != no_way_back {
        return Err(format!("no way back: {reasons}"));
    }
    if !reasons.is_empty() {
        return Ok(true);
    }
    plans::replays(&back, &after, &before).map_err(|failure| format!("back: {failure}"))?;
    let back_renames: Vec<Rename> = renames.iter().map(Rename::reversed).collect();
    block_on(run_back(fence("sql after"), &back, &before, &after, &back_renames))
        .map_err(|failure| format!("back: {failure}"))?;
    Ok(true)
}

async fn run_spec(case: &Case, plan: &Plan, before: &Schema, after: &Schema, renames: &[Rename]) -> Result<(), String> {
    // drizzle-orm's migrator runs a file inside a transaction.
    let mut database = before_spec(case).await?;
    plans::foretells_transaction(&mut database, plan, before, after, renames).await?;
    let mut database = before_spec(case).await?;
    match plans::runs(&mut database, plan, before, after, renames).await? {
        Ran::Well => {}
        Ran::AsForetold(failure) => return Err(failure),
    }
    // What the rows look like then, where the spec says it.
    if let Some(query) = case.fence("sql check") {
        let (query, expected) = query.split_once("-- ").unwrap_or((query, ""));
        let found = database.value(query).await?;
        if found != expected.trim() {
            return Err(format!("the check gives {found}"));
        }
    }
    Ok(())
}

async fn before_spec(case: &Case) -> Result<Database, String> {
    let mut database = Database::open().await;
    database.run(case.fence("sql before").unwrap()).await?;
    database.run(case.fence("sql rows").unwrap_or_default()).await.map_err(|error| format!("rows: {error}"))?;
    Ok(database)
}

async fn run_back(
    after_text: &str,
    back: &Plan,
    before: &Schema,
    after: &Schema,
    renames: &[Rename],
) -> Result<(), String> {
    let mut database = Database::open().await;
    database.run(after_text).await?;
    match plans::runs(&mut database, back, after, before, renames).await? {
        Ran::Well => Ok(()),
        Ran::AsForetold(failure) => Err(failure),
    }
}

// Random pairs

#[test]
fn plans_between_random_schemas_hold() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (first, n_pairs) = match std::env::var("DRIFTLENS_SEED") {
        Ok(seed) => (seed.parse().unwrap(), 1),
        Err(_) => (0, std::env::var("DRIFTLENS_PAIRS").map_or(N_PAIRS, |number| number.parse().unwrap())),
    };
    let (mut n_well, mut n_foretold, mut n_obstacles) = (0, 0, 0);
    let mut failures = Vec::new();
    for seed in first..first + n_pairs {
        match runtime.block_on(random_pair(seed)) {
            Ok(Some(Ran::Well)) => n_well += 1,
            Ok(Some(Ran::AsForetold(_))) => n_foretold += 1,
            Ok(None) => n_obstacles += 1,
            Err(failure) => failures.push(format!("seed {seed}: {failure}")),
        }
    }
    println!(
        "{n_well} of {n_pairs} pairs run with rows, {n_foretold} only without, as foretold; {n_obstacles} have obstacles"
    );
    let shown = failures.iter().take(12).cloned().collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} of {n_pairs} pairs fail (DRIFTLENS_SEED runs one):\n{shown}", failures.len());
    assert!(n_pairs == 1 || n_well * 10 >= n_pairs * 7, "too few of the pairs say anything");
}

/// A database that the text made, with rows for each table.
async fn filled_by_text(text: &str, schema: &Schema, n_rows: usize) -> Result<Database, String> {
    let mut database = Database::open().await;
    database.run(&format!("PRAGMA foreign_keys=OFF;{text}")).await.map_err(|error| format!("before: {error}"))?;
    for insert in plans::filling(schema, n_rows) {
        database.run(&insert).await.map_err(|error| format!("{error} at {insert}"))?;
    }
    database.run("PRAGMA foreign_keys=ON").await?;
    Ok(database)
}

/// None where the plan has obstacles.
async fn random_pair(seed: u64) -> Result<Option<Ran>, String> {
    let pair = random::pair(seed);
    let [before, after] = [&pair.before, &pair.after].map(|text| replay(Dialect::Sqlite, &[text]).schema);
    let path = |it: &RenamedTable| {
        let table = Name::new("", it.table.as_str());
        match &it.column {
            Some(column) => ObjectPath::part(ObjectKind::Column, &table, column.as_str()),
            None => ObjectPath::new(ObjectKind::Table, &table),
        }
    };
    let renames: Vec<Rename> =
        pair.renames.iter().map(|(from, to)| Rename { from: path(from), to: path(to) }).collect();
    let plan = plan::plan(&before, &after, &renames);
    if !plan.obstacles.is_empty() {
        let is_trigger = plan.obstacles.iter().all(|it| it.object.kind == ObjectKind::Opaque);
        return if is_trigger { Ok(None) } else { Err(format!("{:?}", plan.obstacles)) };
    }
    let told = |failure: String| {
        let plan = plans::text(&plan);
        format!(
            "{failure}\n-- before\n{}-- after\n{}-- renames {:?}\n-- plan\n{plan}",
            pair.before, pair.after, pair.renames
        )
    };
    plans::replays(&plan, &before, &after).map_err(told)?;
    let minds = |hazard: &Hazard| matches!(hazard, Hazard::NotInTransaction(_));
    if plan.steps.iter().any(|step| step.hazards.iter().any(minds)) {
        let mut database = filled_by_text(&pair.before, &before, N_ROWS).await.map_err(told)?;
        plans::foretells_transaction(&mut database, &plan, &before, &after, &renames).await.map_err(told)?;
    }
    let mut ran = Ran::Well;
    for n_rows in [N_ROWS, 0] {
        let mut database = filled_by_text(&pair.before, &before, n_rows).await.map_err(told)?;
        match (plans::runs(&mut database, &plan, &before, &after, &renames).await.map_err(told)?, n_rows) {
            (Ran::Well, _) => break,
            (Ran::AsForetold(failure), 0) => return Err(told(format!("without rows: {failure}"))),
            (foretold, _) => ran = foretold,
        }
    }
    Ok(Some(ran))
}
