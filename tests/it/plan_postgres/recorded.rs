//! drizzle-kit's own test cases, recorded: our steps beside its SQL.

use std::path::{Path, PathBuf};

use history::formats::drizzle::snapshot;
use plan::Rename;
use schema::{Name, ObjectKind, ObjectPath, Schema};
use tests::postgres::{Outcome, Session};

use super::{
    Surroundings, catalog_after, catalogs_differ, from_nothing, is_for_no_transaction, may_fail, rename, replays,
    server, steps, try_run,
};

/// Tablespaces and an access method by the names that cases use.
const MAKE_WHAT_CASES_NAME: [&str; 4] = [
    "SET allow_in_place_tablespaces = true",
    "CREATE TABLESPACE some_tablespace LOCATION ''",
    "CREATE TABLESPACE new_tablespace LOCATION ''",
    "CREATE ACCESS METHOD new_using TYPE TABLE HANDLER heap_tableam_handler",
];

struct Case {
    name: String,
    before: Schema,
    after: Schema,
    renames: Vec<Rename>,
    /// drizzle-kit's own statements.
    theirs: Vec<String>,
}

fn folder() -> Option<PathBuf> {
    let folder = match std::env::var_os("DRIFTLENS_CONFORMANCE") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/drizzle-kit"),
    };
    folder.is_dir().then_some(folder)
}

fn cases() -> Option<Vec<Case>> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder()?).unwrap().map(|entry| entry.unwrap().path()).filter(|path| is_ours(path)).collect();
    files.sort();
    let mut cases = Vec::new();
    for path in files {
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        let recorded: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for case in recorded.as_array().unwrap() {
            let texts = |key: &str| -> Vec<String> {
                case[key].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
            };
            let before = snapshot::read(&case["prev"].to_string()).unwrap();
            let after = snapshot::read(&case["cur"].to_string()).unwrap();
            let renames = renames(&before, &after, &texts("renames"));
            let name = format!("{file}: {}", case["test"].as_str().unwrap());
            cases.push(Case { name, before, after, renames, theirs: texts("sql") });
        }
    }
    Some(cases)
}

fn is_ours(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".json") && ["pg-", "rls_"].iter().any(|start| name.starts_with(start))
}

/// `public.users.name->public.users.name1`: the left side has the new names of what holds it already.
fn renames(before: &Schema, after: &Schema, texts: &[String]) -> Vec<Rename> {
    let mut renames: Vec<Rename> = Vec::new();
    for text in texts {
        let (from, to) = text.split_once("->").unwrap();
        let parts = |text: &str| text.replace('"', "").split('.').map(str::to_owned).collect::<Vec<_>>();
        let (from, to) = (parts(from), parts(to));
        let found = match (from.as_slice(), to.as_slice()) {
            ([from], [to]) => {
                let kind = if before.roles.contains_key(from) { ObjectKind::Role } else { ObjectKind::Namespace };
                Some(rename(ObjectPath::global(kind, from.as_str()), ObjectPath::global(kind, to.as_str())))
            }
            ([namespace, name], [to_namespace, to_name]) => {
                let old = back(&renames, &Name::new(namespace.as_str(), name.as_str()));
                let new = Name::new(to_namespace.as_str(), to_name.as_str());
                let kinds = [ObjectKind::Table, ObjectKind::View, ObjectKind::Enum, ObjectKind::Sequence];
                let kind = kinds.into_iter().find(|it| before.contains(&ObjectPath::new(*it, &old)));
                kind.map(|kind| rename(ObjectPath::new(kind, &old), ObjectPath::new(kind, &new)))
            }
            ([namespace, name, part], [to_namespace, to_name, to_part]) => {
                let old = back(&renames, &Name::new(namespace.as_str(), name.as_str()));
                let new = Name::new(to_namespace.as_str(), to_name.as_str());
                let has = |kind| before.contains(&ObjectPath::part(kind, &old, part.as_str()));
                let is_own = before.tables.contains_key(&old) && after.tables.contains_key(&new);
                let kind = if has(ObjectKind::Column) { ObjectKind::Column } else { ObjectKind::Policy };
                is_own.then(|| {
                    rename(ObjectPath::part(kind, &old, part.as_str()), ObjectPath::part(kind, &new, to_part.as_str()))
                })
            }
            _ => panic!("{text} is no rename"),
        };
        renames.extend(found);
    }
    renames
}

/// The name in `before` of what an earlier rename gave this one.
fn back(renames: &[Rename], name: &Name) -> Name {
    let mut old = name.clone();
    for rename in renames {
        if rename.to.kind == ObjectKind::Namespace && rename.to.name.name == old.namespace {
            old.namespace.clone_from(&rename.from.name.name);
        } else if rename.to.name == old && rename.to.part.is_none() {
            old = rename.from.name.clone();
        }
    }
    old
}

#[test]
fn recorded_cases_replay_to_what_drizzle_kit_records() {
    let Some(cases) = cases() else {
        println!("not run: no recorded cases; set DRIFTLENS_CONFORMANCE to their folder");
        return;
    };
    let (mut failures, mut n_equal_texts, mut n_same_set) = (Vec::new(), 0, 0);
    for case in &cases {
        let plan = plan::plan(&case.before, &case.after, &case.renames);
        if let Some(obstacle) = plan.obstacles.first() {
            failures.push(format!("{}: {}", case.name, obstacle.reason));
            continue;
        }
        if let Err(failure) = replays(&case.before, &case.after, &plan) {
            failures.push(format!("{}: {failure}\n{}", case.name, steps(&plan).join("\n")));
        }
        let theirs: Vec<String> = case
            .theirs
            .iter()
            .flat_map(|it| it.split("--> statement-breakpoint"))
            .map(|it| it.trim().to_owned())
            .collect();
        let ours: Vec<String> = steps(&plan).iter().map(|it| it.trim().to_owned()).collect();
        let sorted = |texts: &[String]| {
            let mut texts = texts.to_vec();
            texts.sort();
            texts
        };
        if ours == theirs {
            n_equal_texts += 1;
        } else if sorted(&ours) == sorted(&theirs) {
            n_same_set += 1;
        } else if std::env::var_os("PLAN_TEXTS").is_some() {
            println!("--- {}\n{}\n--- theirs\n{}", case.name, ours.join("\n"), theirs.join("\n"));
        }
    }
    let n = cases.len();
    println!(
        "{} of {n} recorded cases replay to what drizzle-kit records; {n_equal_texts} have drizzle-kit's text, {n_same_set} more in another order",
        n - failures.len()
    );
    assert!(n >= 260, "only {n} cases");
    assert!(failures.is_empty(), "{} of {n} cases fail:\n{}", failures.len(), failures.join("\n\n"));
}

/// Any two schemas that drizzle-kit's tests have, one after the other: many changes at once, and back again.
#[test]
fn schemas_of_recorded_cases_lead_to_each_other() {
    let Some(cases) = cases() else {
        println!("not run: no recorded cases; set DRIFTLENS_CONFORMANCE to their folder");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (n, n_on_server, n_torn, failures) = runtime.block_on(async {
        server().create_database("recorded_pairs").await;
        let mut session = Session::new(server(), "recorded_pairs").await;
        let (mut n, mut n_on_server, mut n_torn, mut failures) = (0, 0, 0, Vec::new());
        for (at, case) in cases.iter().enumerate() {
            let other = &cases[(at * 7 + 3) % cases.len()];
            for (before, after) in
                [(&case.after, &case.before), (&case.before, &other.after), (&other.after, &case.after)]
            {
                // What is somebody else's in one and one's own in the other belongs to no project.
                if is_torn(before, after) || is_torn(after, before) {
                    n_torn += 1;
                    continue;
                }
                n += 1;
                match pair(&mut session, before, after).await {
                    Ok(is_run) => n_on_server += usize::from(is_run),
                    Err(failure) => failures.push(format!("{} / {}: {failure}", case.name, other.name)),
                }
            }
        }
        (n, n_on_server, n_torn, failures)
    });
    println!(
        "{} of {n} pairs of recorded schemas lead to each other in memory, {n_on_server} of them on a server too; {n_torn} more do not fit together",
        n - failures.len()
    );
    assert!(failures.is_empty(), "{} of {n} pairs fail:\n{}", failures.len(), failures.join("\n\n"));
}

/// True where a stock server holds both.
async fn pair(session: &mut Session, before: &Schema, after: &Schema) -> Result<bool, String> {
    let plan = plan::plan(before, after, &[]);
    if let Some(obstacle) = plan.obstacles.first() {
        return Err(obstacle.reason.clone());
    }
    let ours = steps(&plan);
    replays(before, after, &plan).map_err(|failure| format!("{failure}\n{}", ours.join("\n")))?;
    let Surroundings { sql: surroundings, others } = Surroundings::of(&[before, after]);
    let mut start = steps(&from_nothing(before));
    start.extend(others);
    let Ok(expected) = catalog_after(session, &[&surroundings, &steps(&from_nothing(after))]).await else {
        return Ok(false);
    };
    if try_run(session, &[&surroundings, &start]).await.is_err() || is_for_no_transaction(&plan) {
        return Ok(false);
    }
    let found = catalog_after(session, &[&surroundings, &start, &ours]).await?;
    let differences = catalogs_differ(&found, &expected, before, after);
    match differences.is_empty() {
        true => Ok(true),
        false => Err(format!("{}\n{}", differences.join("\n"), ours.join("\n"))),
    }
}

/// True where one schema has as its own what the other says is somebody else's.
fn is_torn(schema: &Schema, other: &Schema) -> bool {
    let tables = schema.policies.values().any(|linked| other.tables.contains_key(&linked.on));
    tables || schema.views.values().any(|it| it.existing && !other.namespaces.contains(&it.name.namespace))
}

#[derive(Default)]
struct Tally {
    n_equal: usize,
    n_without_rows: usize,
    n_theirs_same: usize,
    theirs_fail: Vec<String>,
    theirs_differ: Vec<String>,
    skipped: Vec<String>,
    failures: Vec<String>,
}

#[test]
fn recorded_cases_lead_a_server_to_the_catalog_of_what_drizzle_kit_records() {
    let Some(cases) = cases() else {
        println!("not run: no recorded cases; set DRIFTLENS_CONFORMANCE to their folder");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let tally = runtime.block_on(async {
        let mut tally = Tally::default();
        server().create_database("recorded").await;
        let mut session = Session::new(server(), "recorded").await;
        for sql in MAKE_WHAT_CASES_NAME {
            session.run(sql).await.unwrap();
        }
        for case in &cases {
            check(&mut session, case, &mut tally).await;
        }
        tally
    });
    let n = cases.len();
    for (what, names) in [
        ("skipped", &tally.skipped),
        ("drizzle-kit's SQL fails", &tally.theirs_fail),
        ("drizzle-kit's SQL leads elsewhere", &tally.theirs_differ),
    ] {
        names.iter().for_each(|name| println!("{what}: {name}"));
    }
    println!(
        "{} of {n} recorded cases lead the server to the catalog of `cur` ({} of them only without rows, where the plan says that it may \
         fail), {} are skipped; drizzle-kit's own SQL leads there in {}, fails in {} and leads elsewhere in {}",
        tally.n_equal,
        tally.n_without_rows,
        tally.skipped.len(),
        tally.n_theirs_same,
        tally.theirs_fail.len(),
        tally.theirs_differ.len()
    );
    assert!(tally.failures.is_empty(), "{} of {n} cases fail:\n{}", tally.failures.len(), tally.failures.join("\n\n"));
    assert!(tally.skipped.len() <= 20, "{} cases are skipped", tally.skipped.len());
}

async fn check(session: &mut Session, case: &Case, tally: &mut Tally) {
    let plan = plan::plan(&case.before, &case.after, &case.renames);
    let (make_before, make_after) = (from_nothing(&case.before), from_nothing(&case.after));
    for made in [&make_before, &make_after] {
        if let Some(obstacle) = made.obstacles.first() {
            tally.skipped.push(format!("{}: {}", case.name, obstacle.reason));
            return;
        }
    }
    let Surroundings { sql: surroundings, others } = Surroundings::of(&[&case.before, &case.after]);
    let expected = match catalog_after(session, &[&surroundings, &steps(&make_after)]).await {
        Ok(expected) => expected,
        Err(message) => {
            tally.skipped.push(format!("{}: {message}", case.name));
            return;
        }
    };
    let differences = made_and_replayed(session, &surroundings, &steps(&make_after)).await;
    if !differences.is_empty() {
        tally.failures.push(format!("{}: made of nothing:\n{}", case.name, differences.join("\n")));
        return;
    }
    let mut start = steps(&make_before);
    start.extend(others);
    if let Err(message) = try_run(session, &[&surroundings, &start]).await {
        tally.skipped.push(format!("{}: {message}", case.name));
        return;
    }
    let rows = rows(session, &surroundings, &start, &case.before).await;
    let ours = steps(&plan);
    let mut found = if is_for_no_transaction(&plan) {
        in_a_database_of_its_own(&[&surroundings, &start, &rows, &ours]).await
    } else {
        catalog_after(session, &[&surroundings, &start, &rows, &ours]).await
    };
    let mut is_without_rows = false;
    if found.is_err() && may_fail(&plan) && !rows.is_empty() {
        found = catalog_after(session, &[&surroundings, &start, &ours]).await;
        is_without_rows = true;
    }
    match found {
        Err(message) => tally.failures.push(format!("{}: {message}", case.name)),
        Ok(found) => {
            let differences = catalogs_differ(&found, &expected, &case.before, &case.after);
            if differences.is_empty() {
                tally.n_equal += 1;
                tally.n_without_rows += usize::from(is_without_rows);
            } else {
                tally.failures.push(format!("{}:\n{}\n{}", case.name, differences.join("\n"), ours.join("\n")));
            }
        }
    }
    let theirs: Vec<String> =
        case.theirs.iter().flat_map(|it| it.split("--> statement-breakpoint")).map(str::to_owned).collect();
    let rows = if is_without_rows { Vec::new() } else { rows };
    match catalog_after(session, &[&surroundings, &start, &rows, &theirs]).await {
        Err(message) => tally.theirs_fail.push(format!("{}: {message}", case.name)),
        Ok(found) => {
            let differences = catalogs_differ(&found, &expected, &case.before, &case.after);
            match differences.first() {
                None => tally.n_theirs_same += 1,
                Some(first) => tally.theirs_differ.push(format!("{}: {first}", case.name)),
            }
        }
    }
}

/// Where the catalog differs from the replay of the same statements, which equals the snapshot.
async fn made_and_replayed(session: &mut Session, surroundings: &[String], made: &[String]) -> Vec<String> {
    let texts = [surroundings.join(";\n"), made.join("\n")];
    match session.check(&[&texts[0], &texts[1]]).await {
        Outcome::Compared(compared) => compared.failures,
        Outcome::Refused(message) => vec![message],
    }
}

/// A row for every table that takes one of simple values.
async fn rows(session: &mut Session, surroundings: &[String], start: &[String], schema: &Schema) -> Vec<String> {
    session.run("BEGIN").await.unwrap();
    super::run_all(session, surroundings).await.unwrap();
    super::run_all(session, start).await.unwrap();
    let mut rows = Vec::new();
    for table in schema.tables.values() {
        let columns: Vec<_> =
            table.columns.values().filter(|it| it.generated.is_none() && it.identity.is_none()).collect();
        if columns.is_empty() {
            continue;
        }
        let names: Vec<String> =
            columns.iter().map(|it| dialects::quote_identifier(schema.dialect, &it.name)).collect();
        let values: Vec<String> = columns.iter().map(|it| value(schema, &it.sql_type)).collect();
        let name = dialects::postgres::statements::full_name(&table.name);
        let insert = format!("INSERT INTO {name} ({}) VALUES ({})", names.join(", "), values.join(", "));
        session.run("SAVEPOINT row").await.unwrap();
        if session.run(&insert).await.is_ok() {
            rows.push(insert);
        } else {
            session.run("ROLLBACK TO row").await.unwrap();
        }
    }
    session.run("ROLLBACK").await.unwrap();
    rows
}

fn value(schema: &Schema, sql_type: &schema::SqlType) -> String {
    if sql_type.canonical.ends_with(']') {
        return String::from("'{}'");
    }
    if let Some(name) = &sql_type.enum_name {
        let first = schema.enums.get(name).and_then(|it| it.values.first()).cloned().unwrap_or_default();
        return format!("'{}'", first.replace('\'', "''"));
    }
    match sql_type.canonical.split('(').next().unwrap_or_default() {
        "integer" | "bigint" | "smallint" | "serial" | "bigserial" | "smallserial" | "numeric" | "real" => {
            String::from("22")
        }
        "text" | "character varying" | "character" => String::from("'value1'"),
        "boolean" => String::from("true"),
        _ => String::from("DEFAULT"),
    }
}

async fn in_a_database_of_its_own(runs: &[&[String]]) -> Result<Schema, String> {
    server().create_database("recorded_alone").await;
    let mut session = Session::new(server(), "recorded_alone").await;
    for run in runs {
        super::run_all(&mut session, run).await?;
    }
    Ok(session.read().await)
}
