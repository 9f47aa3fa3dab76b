//! sqldef's cases: from `current` to `desired`, by our steps instead of its own.

use tests::interpreter::replay;
use tests::postgres::Session;
use tests::sqldef;

use schema::Dialect;

use super::{catalog_after, catalogs_differ, is_for_no_transaction, replays, server, steps};

/// Of the cases that are planned, in percent.
const MIN_EQUAL: f64 = 99.0;

#[test]
fn sqldefs_cases_lead_a_server_from_current_to_desired() {
    let Some(cases) = sqldef::cases("sqldef_pg.json") else {
        println!("not run: no cases of sqldef; set DRIFTLENS_CONFORMANCE to their folder");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let tally = runtime.block_on(async {
        server().create_database("plan_sqldef").await;
        let mut session = Session::new(server(), "plan_sqldef").await;
        let mut tally = Tally::default();
        let wanted = cases.iter().filter(|case| case.runs_on(server().major) && case.flags.user.is_none());
        for case in wanted.filter(|case| !case.current.trim().is_empty()) {
            check(&mut session, case, &mut tally).await;
        }
        tally
    });
    tally.failures.iter().for_each(|failure| println!("--- {failure}"));
    let n = tally.n_equal + tally.failures.len();
    let percent = 100.0 * tally.n_equal as f64 / n.max(1) as f64;
    println!(
        "{} of {n} of sqldef's changes lead the server to `desired` ({percent:.1} %); {} more are not planned (text known by name only), \
         {} have texts that the server or the replay does not take",
        tally.n_equal, tally.n_obstacles, tally.n_refused
    );
    assert!(percent >= MIN_EQUAL, "only {percent:.1} % lead to `desired`");
}

#[derive(Default)]
struct Tally {
    n_equal: usize,
    n_obstacles: usize,
    n_refused: usize,
    failures: Vec<String>,
}

async fn check(session: &mut Session, case: &sqldef::Case, tally: &mut Tally) {
    let (current, desired) = (replay(Dialect::Postgres, &[&case.current]), replay(Dialect::Postgres, &[&case.desired]));
    let text = |text: &String| vec![text.clone()];
    let start = text(&case.current);
    let (before, after) = (current.schema, desired.schema);
    let expected = catalog_after(session, &[&text(&case.desired)]).await;
    let (Ok(expected), true) = (expected, super::try_run(session, &[&start]).await.is_ok()) else {
        tally.n_refused += 1;
        return;
    };
    let plan = plan::plan(&before, &after, &[]);
    if !plan.obstacles.is_empty() {
        tally.n_obstacles += 1;
        return;
    }
    if is_for_no_transaction(&plan) {
        tally.n_refused += 1;
        return;
    }
    let ours = steps(&plan);
    let failure = match replays(&before, &after, &plan) {
        Err(failure) => Some(failure),
        Ok(()) => match catalog_after(session, &[&start, &ours]).await {
            Err(message) => Some(message),
            Ok(found) => {
                let differences = catalogs_differ(&found, &expected, &before, &after);
                (!differences.is_empty()).then(|| differences.join("\n"))
            }
        },
    };
    match failure {
        None => tally.n_equal += 1,
        Some(failure) => tally.failures.push(format!("{}: {failure}\n{}", case.full_name(), ours.join("\n"))),
    }
}
