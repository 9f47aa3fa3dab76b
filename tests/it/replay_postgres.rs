//! Replays against real PostgreSQL servers: after the same text the replayed schema equals what the catalog holds.
//!
//! The texts are those of sqldef's test suite, where this machine has them (`DRIFTLENS_CONFORMANCE`), and our own in `tests/replay/postgres`.
//! `REPLAY_CASES=Partition,Domain` runs only the cases whose name contains one of these words.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use tests::comparison::LeftOut;
use tests::postgres::{Installed, Outcome, Server, Session, Settled, newest, of_the_machine};
use tests::sqldef::{self, ROLES};

/// Cases of sqldef that do not come out equal, and why. Everything else has to.
const KNOWN: &[(&str, &str)] = &[];

/// Texts that the server itself does not take: they rest on what sqldef does before it runs them.
const MAX_REFUSED: usize = 30;

/// Definitions that the replays of our scripts do not know: a type that one of them names gets another name.
const MAX_UNKNOWN_DEFINITIONS: usize = 1;

/// Of all comparisons, in percent.
const MIN_EQUAL: f64 = 98.0;

const CONNECTIONS: usize = 3;

/// What is run and replayed before the texts of a case that has a user of its own.
const SEARCH_PATH: &str = "SET search_path = foo, public;\n";

#[test]
fn replays_of_sqldefs_cases_equal_the_catalog() {
    sqldefs_cases(machines_server());
}

#[test]
fn replays_of_sqldefs_cases_equal_the_catalog_of_postgresql_18() {
    sqldefs_cases(newest_server());
}

#[test]
fn replays_of_our_scripts_equal_the_catalog() {
    our_scripts(machines_server());
}

#[test]
fn replays_of_our_scripts_equal_the_catalog_of_postgresql_18() {
    our_scripts(newest_server());
}

fn machines_server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| start(&of_the_machine()))
}

fn newest_server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| start(&newest()))
}

fn start(installed: &Installed) -> Server {
    println!("PostgreSQL {} in {}", installed.major, installed.bin.display());
    Server::start(installed)
}

/// One thing to compare.
struct Task {
    case: String,
    phase: &'static str,
    texts: Vec<String>,
}

#[derive(Default)]
struct Tally {
    n_equal: usize,
    settled: Settled,
    left_out: LeftOut,
    refused: Vec<String>,
    /// By case and phase.
    failed: Vec<(String, &'static str, Vec<String>)>,
}

fn sqldefs_cases(server: &'static Server) {
    let Some(cases) = sqldef::cases("sqldef_pg.json") else {
        println!("not run: no cases of sqldef; set DRIFTLENS_CONFORMANCE to their folder");
        return;
    };
    assert!(cases.len() > 800, "only {} cases", cases.len());
    let mut tasks = Vec::new();
    for case in cases.iter().filter(|case| case.runs_on(server.major) && is_wanted(&case.full_name())) {
        for (phase, texts) in case.texts() {
            let texts: Vec<String> = match case.flags.user.is_some() {
                true => {
                    let in_foo = texts.into_iter().map(|text| format!("{SEARCH_PATH}{text}"));
                    std::iter::once(String::from("CREATE SCHEMA foo;")).chain(in_foo).collect()
                }
                false => texts.into_iter().map(str::to_owned).collect(),
            };
            tasks.push(Task { case: case.full_name(), phase, texts });
        }
    }
    let tally = run(server, "sqldef", tasks);
    let n_compared = tally.n_equal + tally.failed.len();
    report(server, &tally);
    assert!(tally.refused.len() <= MAX_REFUSED, "the server refuses {} texts", tally.refused.len());
    let mut unlisted = Vec::new();
    for (case, phase, _) in &tally.failed {
        match KNOWN.iter().find(|(known, _)| known == case) {
            Some((_, reason)) => println!("known: {case} ({phase}): {reason}"),
            None => unlisted.push(format!("{case} ({phase})")),
        }
    }
    assert!(unlisted.is_empty(), "{} of {n_compared} comparisons differ:\n{}", unlisted.len(), unlisted.join("\n"));
    assert!(percent(&tally) >= MIN_EQUAL, "only {:.1} % are equal", percent(&tally));
    for (known, _) in KNOWN.iter().filter(|(known, _)| is_wanted(known)) {
        assert!(tally.failed.iter().any(|(case, ..)| case == known), "{known} is listed, but comes out equal");
    }
}

fn our_scripts(server: &'static Server) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("replay/postgres");
    let mut tasks = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let case = path.file_stem().unwrap().to_string_lossy().into_owned();
        if is_wanted(&case) {
            tasks.push(Task { case, phase: "script", texts: vec![std::fs::read_to_string(&path).unwrap()] });
        }
    }
    let n_scripts = tasks.len();
    let tally = run(server, "scripts", tasks);
    report(server, &tally);
    assert!(tally.refused.is_empty(), "the server does not take:\n{}", tally.refused.join("\n"));
    let n_definitions = tally.left_out.n_definitions;
    assert!(n_definitions <= MAX_UNKNOWN_DEFINITIONS, "{n_definitions} definitions are not known");
    let failed: Vec<&str> = tally.failed.iter().map(|(case, ..)| case.as_str()).collect();
    assert!(failed.is_empty(), "{} of {n_scripts} scripts differ: {}", failed.len(), failed.join(", "));
}

fn is_wanted(name: &str) -> bool {
    let words = std::env::var("REPLAY_CASES").unwrap_or_default();
    let mut words = words.split(',').map(str::trim).filter(|word| !word.is_empty()).peekable();
    words.peek().is_none() || words.any(|word| name.contains(word))
}

/// Works through the tasks over several connections, each in a database of its own.
fn run(server: &'static Server, purpose: &str, mut tasks: Vec<Task>) -> Tally {
    tasks.sort_by(|a, b| (&a.case, a.phase).cmp(&(&b.case, b.phase)));
    let (tasks, next, tally) = (Arc::new(tasks), Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Tally::default())));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        create_roles(server).await;
        let mut workers = tokio::task::JoinSet::new();
        for worker_idx in 0..CONNECTIONS {
            let (tasks, next, tally) = (Arc::clone(&tasks), Arc::clone(&next), Arc::clone(&tally));
            let database = format!("{purpose}_{worker_idx}");
            workers.spawn(async move {
                server.create_database(&database).await;
                let mut session = Session::new(server, &database).await;
                while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let texts: Vec<&str> = task.texts.iter().map(String::as_str).collect();
                    let outcome = session.check(&texts).await;
                    tally.lock().unwrap().add(task, outcome);
                }
            });
        }
        while let Some(worker) = workers.join_next().await {
            worker.unwrap();
        }
    });
    let mut tally = std::mem::take(&mut *tally.lock().unwrap());
    tally.failed.sort();
    tally.refused.sort();
    tally
}

async fn create_roles(server: &Server) {
    // Roles are the cluster's: the other test may have made them.
    static MADE: tokio::sync::Mutex<Vec<u32>> = tokio::sync::Mutex::const_new(Vec::new());
    let mut made = MADE.lock().await;
    if !made.contains(&server.major) {
        let mut session = Session::new(server, "postgres").await;
        for role in ROLES {
            session.run(&format!("CREATE ROLE \"{role}\"")).await.unwrap();
        }
        made.push(server.major);
    }
}

impl Tally {
    fn add(&mut self, task: &Task, outcome: Outcome) {
        match outcome {
            Outcome::Refused(message) => self.refused.push(format!("{} ({}): {message}", task.case, task.phase)),
            Outcome::Compared(compared) => {
                self.settled.add(compared.settled);
                self.left_out.n_opaque_tables += compared.left_out.n_opaque_tables;
                self.left_out.n_unknown += compared.left_out.n_unknown;
                self.left_out.n_definitions += compared.left_out.n_definitions;
                // What is not known was not compared, and is no success.
                if compared.failures.is_empty() && compared.left_out.n_unknown == 0 {
                    self.n_equal += 1;
                } else {
                    self.failed.push((task.case.clone(), task.phase, compared.failures));
                }
            }
        }
    }
}

fn percent(tally: &Tally) -> f64 {
    let n_compared = tally.n_equal + tally.failed.len();
    100.0 * tally.n_equal as f64 / n_compared.max(1) as f64
}

fn report(server: &Server, tally: &Tally) {
    for (case, phase, failures) in &tally.failed {
        println!("--- {case} ({phase})\n  {}", failures.join("\n  "));
    }
    for refused in &tally.refused {
        println!("refused: {refused}");
    }
    let Settled { n_equal, n_same_meaning, n_different, n_unproved, .. } = tally.settled;
    println!(
        "PostgreSQL {}: {} of {} replays equal the catalog ({:.1} %), {} texts are refused by the server; {n_equal} expressions and \
         queries are equal, {n_same_meaning} more by the server's word, {n_different} are not, {n_unproved} cannot be told; {} opaque tables, {} unknown names, \
         {} unknown definitions",
        server.major,
        tally.n_equal,
        tally.n_equal + tally.failed.len(),
        percent(tally),
        tally.refused.len(),
        tally.left_out.n_opaque_tables,
        tally.left_out.n_unknown,
        tally.left_out.n_definitions,
    );
}
