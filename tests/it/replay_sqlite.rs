//! Replays against real SQLite: after the same text the replayed schema equals what the database holds.
//!
//! The texts are those of sqldef's test suite, where this machine has them (`DRIFTLENS_CONFORMANCE`), and our own in `tests/replay/sqlite`.

use std::path::Path;

use tests::sqldef;
use tests::sqlite::{Outcome, check};

/// Cases of sqldef that do not come out equal, and why. Everything else has to.
const KNOWN: &[(&str, &str)] = &[];

/// Of all comparisons, in percent.
const MIN_EQUAL: f64 = 98.0;

#[test]
fn replays_of_sqldefs_cases_equal_what_sqlite_holds() {
    let Some(cases) = sqldef::cases("sqldef_sqlite.json") else {
        println!("not run: no cases of sqldef; set DRIFTLENS_CONFORMANCE to their folder");
        return;
    };
    assert!(cases.len() > 60, "only {} cases", cases.len());
    let mut tally = Tally::default();
    for case in &cases {
        for (phase, texts) in case.texts() {
            tally.add(&case.full_name(), phase, &texts);
        }
    }
    tally.report();
    let is_known = |case: &String| KNOWN.iter().any(|(known, _)| known == case);
    let unlisted: Vec<&String> = tally.failed.iter().filter(|case| !is_known(case)).collect();
    assert!(unlisted.is_empty(), "{} of {} comparisons differ: {unlisted:?}", unlisted.len(), tally.n_compared());
    let percent = 100.0 * tally.n_equal as f64 / tally.n_compared() as f64;
    assert!(percent >= MIN_EQUAL, "only {percent:.1} % are equal");
    for (known, reason) in KNOWN {
        println!("known: {known}: {reason}");
        assert!(tally.failed.iter().any(|case| case == known), "{known} is listed, but comes out equal");
    }
}

#[test]
fn replays_of_our_scripts_equal_what_sqlite_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("replay/sqlite");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut tally = Tally::default();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        tally.add(&path.file_stem().unwrap().to_string_lossy(), "script", &[&text]);
    }
    tally.report();
    assert!(tally.refused.is_empty(), "SQLite does not take:\n{}", tally.refused.join("\n"));
    assert!(tally.failed.is_empty(), "{} of {} scripts differ", tally.failed.len(), tally.n_compared());
}

#[derive(Default)]
struct Tally {
    n_equal: usize,
    refused: Vec<String>,
    failed: Vec<String>,
}

impl Tally {
    fn add(&mut self, case: &str, phase: &str, texts: &[&str]) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        match runtime.block_on(check(texts)) {
            Outcome::Refused(message) => self.refused.push(format!("{case} ({phase}): {message}")),
            // What is not known was not compared, and is no success.
            Outcome::Compared { failures, left_out } if failures.is_empty() && left_out.n_unknown == 0 => {
                self.n_equal += 1
            }
            Outcome::Compared { failures, left_out } => {
                println!("--- {case} ({phase}), {} unknown names\n  {}", left_out.n_unknown, failures.join("\n  "));
                self.failed.push(case.to_owned());
            }
        }
    }

    fn n_compared(&self) -> usize {
        self.n_equal + self.failed.len()
    }

    fn report(&self) {
        for refused in &self.refused {
            println!("refused: {refused}");
        }
        println!(
            "SQLite: {} of {} replays equal what it holds; {} texts are refused",
            self.n_equal,
            self.n_compared(),
            self.refused.len()
        );
    }
}
