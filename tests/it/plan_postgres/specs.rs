//! Every case in `tests/specs/plan/postgres/*.md`.
//!
//! A heading is a case. Fences: `sql before` and `sql after` (two schemas as statements), `sql rows` (run after *before*), `text renames`
//! (a line each: `column public.t.a -> public.t.b`), and `sql plan` (the steps) or `text obstacles` (why there are none). UPDATE_EXPECT=1
//! rewrites the last two.

use std::path::Path;

use plan::{Plan, Rename};
use schema::{Dialect, Name, ObjectKind, ObjectPath, Schema};
use tests::interpreter::replay;
use tests::plan_specs::{self, Case};
use tests::postgres::{Server, Session};

use super::{
    catalog_after, catalogs_differ, is_for_no_transaction, may_fail, newest_server, reached, rename, replays, run_all,
    server, steps,
};

/// Fewer would mean that files are not found.
const MIN_CASES: usize = 128;

fn schema(case: &Case, tag: &str) -> Schema {
    let replayed = replay(Dialect::Postgres, &[case.fence(tag).unwrap_or_default()]);
    assert!(replayed.findings.is_empty(), "{}: {tag}: {:?}", case.title, replayed.findings);
    replayed.schema
}

fn renames(case: &Case) -> Vec<Rename> {
    case.fence("text renames").unwrap_or_default().lines().map(|line| rename_of(case, line)).collect()
}

fn rename_of(case: &Case, line: &str) -> Rename {
    let (kind, names) = line.split_once(' ').unwrap();
    let (from, to) = names.split_once(" -> ").unwrap();
    let path = |text: &str| {
        let parts: Vec<&str> = text.split('.').collect();
        match (kind, parts.as_slice()) {
            ("schema", [name]) => ObjectPath::global(ObjectKind::Namespace, *name),
            ("role", [name]) => ObjectPath::global(ObjectKind::Role, *name),
            ("table", [namespace, name]) => ObjectPath::new(ObjectKind::Table, &Name::new(*namespace, *name)),
            ("view", [namespace, name]) => ObjectPath::new(ObjectKind::View, &Name::new(*namespace, *name)),
            ("enum", [namespace, name]) => ObjectPath::new(ObjectKind::Enum, &Name::new(*namespace, *name)),
            ("domain", [namespace, name]) => ObjectPath::new(ObjectKind::Domain, &Name::new(*namespace, *name)),
            ("sequence", [namespace, name]) => ObjectPath::new(ObjectKind::Sequence, &Name::new(*namespace, *name)),
            ("column", [namespace, name, part]) => {
                ObjectPath::part(ObjectKind::Column, &Name::new(*namespace, *name), *part)
            }
            ("policy", [namespace, name, part]) => {
                ObjectPath::part(ObjectKind::Policy, &Name::new(*namespace, *name), *part)
            }
            ("value", [namespace, name, part]) => {
                ObjectPath::part(ObjectKind::EnumValue, &Name::new(*namespace, *name), *part)
            }
            _ => panic!("{}: {line} is no rename", case.title),
        }
    };
    rename(path(from), path(to))
}

#[test]
fn every_plan_spec_holds() {
    every_spec_holds(server());
}

#[test]
fn every_plan_spec_holds_on_postgresql_18() {
    every_spec_holds(newest_server());
}

fn every_spec_holds(server: &Server) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (n_cases, n_reversed, changed, failed) = runtime.block_on(async {
        let (mut n_cases, mut n_reversed, mut changed, mut failed) = (0, 0, Vec::new(), Vec::new());
        server.create_database("plan_specs").await;
        let mut session = Session::new(server, "plan_specs").await;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/plan/postgres");
        for case in plan_specs::read_folder(&folder) {
            n_cases += 1;
            let (before, after) = (schema(&case, "sql before"), schema(&case, "sql after"));
            let plan = plan::plan(&before, &after, &renames(&case));
            let (tag, found) = shown(&plan);
            if case.fence(tag) != Some(&found) {
                changed.push(format!("{}\nfound:\n{found}", case.full_name()));
                if std::env::var_os("UPDATE_EXPECT").is_some() {
                    plan_specs::rewrite(&case, tag, &found);
                }
            }
            if tag == "text obstacles" {
                continue;
            }
            match prove(server, &mut session, &case, &before, &after, &plan).await {
                Ok(is_reversed) => n_reversed += usize::from(is_reversed),
                Err(failure) => failed.push(format!("{}\n{failure}\n{found}", case.full_name())),
            }
        }
        (n_cases, n_reversed, changed, failed)
    });
    println!(
        "PostgreSQL {}: {} of {n_cases} plan specs hold, {n_reversed} of them the way back too with rows",
        server.major,
        n_cases - failed.len()
    );
    assert!(failed.is_empty(), "{} of {n_cases} fail\n{}", failed.len(), failed.join("\n\n"));
    assert!(changed.is_empty(), "{} of {n_cases} have another text\n{}", changed.len(), changed.join("\n\n"));
    assert!(n_cases >= MIN_CASES, "only {n_cases} cases");
}

fn shown(plan: &Plan) -> (&'static str, String) {
    if plan.obstacles.is_empty() {
        return ("sql plan", steps(plan).iter().map(|sql| format!("{sql}\n")).collect());
    }
    assert!(plan.steps.is_empty(), "steps beside obstacles");
    ("text obstacles", plan.obstacles.iter().map(|it| format!("{}: {}\n", it.object, it.reason)).collect())
}

/// All proofs but that of the text. True where the way back was gone with the rows in place.
async fn prove(
    server: &Server,
    session: &mut Session,
    case: &Case,
    before: &Schema,
    after: &Schema,
    plan: &Plan,
) -> Result<bool, String> {
    replays(before, after, plan)?;
    let back = plan::reverse(before, after, &renames(case));
    if let Some(obstacle) = back.obstacles.first() {
        return Err(format!("back: {}", obstacle.reason));
    }
    replays(&reached(before, after, plan)?, before, &back)
        .map_err(|failure| format!("back: {failure}\n{}", steps(&back).join("\n")))?;
    let text = |tag: &str| vec![case.fence(tag).unwrap_or_default().to_owned()];
    let (start, end, rows) = (text("sql before"), text("sql after"), text("sql rows"));
    let at_start = catalog_after(session, &[&start]).await.map_err(|message| format!("before: {message}"))?;
    let at_end = catalog_after(session, &[&end]).await.map_err(|message| format!("after: {message}"))?;
    let (there, and_back) = (steps(plan), steps(&back));
    let found = run(server, session, &[&start, &rows, &there], is_for_no_transaction(plan)).await?;
    let differences = catalogs_differ(&found, &at_end, before, after);
    if !differences.is_empty() {
        return Err(differences.join("\n"));
    }
    let is_alone = is_for_no_transaction(plan) || is_for_no_transaction(&back);
    let mut found = run(server, session, &[&start, &rows, &there, &and_back], is_alone).await;
    let is_reversed = found.is_ok();
    if found.is_err() && may_fail(&back) {
        found = run(server, session, &[&start, &there, &and_back], is_alone).await;
    }
    let found = found.map_err(|message| format!("back: {message}\n{}", and_back.join("\n")))?;
    let differences = catalogs_differ(&found, &at_start, after, before);
    match differences.is_empty() {
        true => Ok(is_reversed),
        false => Err(format!("back: {}\n{}", differences.join("\n"), and_back.join("\n"))),
    }
}

async fn run(server: &Server, session: &mut Session, runs: &[&[String]], is_alone: bool) -> Result<Schema, String> {
    if !is_alone {
        return catalog_after(session, runs).await;
    }
    server.create_database("plan_spec_alone").await;
    let mut session = Session::new(server, "plan_spec_alone").await;
    for run in runs {
        run_all(&mut session, run).await?;
    }
    Ok(session.read().await)
}
