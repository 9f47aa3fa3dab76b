//! The reader of Drizzle schemas against the real drizzle-kit, over every project in `tests/drizzle`.
//!
//! `tests/oracle/snapshots.cjs` runs drizzle-kit and prints the snapshots it makes; ours are made without running any project code.
//! They must be the same text, key order included: whatever drizzle-kit wrote into a snapshot before must not look like a change now.
//! Cases named `…-bug` hold a defect of drizzle-kit: `findings.txt` is what we say about it. Where drizzle-kit writes nothing usable
//! at all, `expected.json` is the right snapshot, and drizzle-kit must still differ from it, so that we notice when the defect is gone.
//! `ORACLE_CASES=pg-enums,pg-views` runs only the cases whose name contains one of these words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use languages::drizzle::Reader;
use serde_json::Value;

const ZERO_ID: &str = "00000000-0000-0000-0000-000000000000";
const SHOWN_LINES: usize = 12;

#[test]
fn every_drizzle_case_reads_as_drizzle_kit_would_write_it() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = wanted_cases(&tests.join("drizzle"));
    assert!(!cases.is_empty(), "no case matches ORACLE_CASES");
    // The oracle also makes the links that stand for installed workspace packages: it has to run first.
    let theirs = ask_drizzle_kit(tests, &cases);
    let mut failed = Vec::new();
    for case in &cases {
        let folder = tests.join("drizzle").join(case);
        if let Err(difference) = check(case, &folder, &theirs[case]) {
            println!("--- {case}\n{difference}\n");
            failed.push(case.as_str());
        }
    }
    assert!(failed.is_empty(), "{} of {} cases differ: {}", failed.len(), cases.len(), failed.join(", "));
}

fn check(case: &str, folder: &Path, theirs: &Value) -> Result<(), String> {
    let theirs = pretty(theirs);
    let (ours, findings) = our_reading(folder)?;
    let expected = folder.join("expected.json");
    if !expected.exists() {
        same(&theirs, &ours)?;
    } else {
        let text = std::fs::read_to_string(&expected).map_err(|error| format!("{}: {error}", expected.display()))?;
        let expected: Value = serde_json::from_str(&text).map_err(|error| format!("expected.json: {error}"))?;
        let expected = pretty(&expected);
        if expected == theirs {
            return Err(String::from("drizzle-kit now writes what we expect: delete expected.json"));
        }
        same(&expected, &ours)?;
    }
    let path = folder.join("findings.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() && case.ends_with("-bug") {
        std::fs::write(&path, &findings).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let expected_findings = std::fs::read_to_string(&path).unwrap_or_default();
    same(&expected_findings, &findings)
}

/// Our snapshot, and what we find wrong in the schema, a line each.
fn our_reading(folder: &Path) -> Result<(String, String), String> {
    let disk = workspace::Disk::new();
    let mut reader = Reader::new();
    let reading = reader.read_config(&workspace::Disk::normalize(&folder.join("drizzle.config.ts")), &disk);
    let Some(config) = reading.config else {
        return Err(format!("the configuration cannot be worked with: {:?}", reading.diagnostics));
    };
    let desired = reader.read_schema(&config, &disk);
    if let Some(unknown) = desired.unknown.first() {
        return Err(format!("{} places cannot be evaluated, first {unknown:?}", desired.unknown.len()));
    }
    let mut findings: Vec<String> = Vec::new();
    for diagnostic in reading.diagnostics.iter().chain(&desired.diagnostics) {
        let file = &diagnostic.location.file;
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let line = source::LineIndex::new(&text).line_column(diagnostic.location.span.start).line + 1;
        let name = file.strip_prefix(folder).unwrap_or(file).display().to_string();
        findings.push(format!("{name}:{line} {} {}\n", diagnostic.code, diagnostic.message));
    }
    findings.sort();
    let snapshot = pretty(&history::formats::drizzle::snapshot::write(&desired.schema, ZERO_ID, ZERO_ID));
    Ok((snapshot, findings.concat()))
}

fn wanted_cases(folder: &Path) -> Vec<String> {
    let filter = std::env::var("ORACLE_CASES").unwrap_or_default();
    let words: Vec<&str> = filter.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    let mut cases: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("drizzle.config.ts").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| words.is_empty() || words.iter().any(|word| name.contains(word)))
        .collect();
    cases.sort();
    cases
}

fn ask_drizzle_kit(tests: &Path, cases: &[String]) -> BTreeMap<String, Value> {
    let installed: PathBuf = tests.join("node_modules").join("drizzle-kit");
    assert!(installed.exists(), "run cargo xtask test, which installs the oracle");
    let output = Command::new("node")
        .arg(tests.join("oracle").join("snapshots.cjs"))
        .args(cases)
        .current_dir(tests)
        .output()
        .expect("node is needed to ask drizzle-kit");
    assert!(output.status.success(), "the oracle fails: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the oracle prints JSON")
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

/// Ok where the texts are equal, else the first lines that differ (`-` theirs or expected, `+` ours).
fn same(expected: &str, ours: &str) -> Result<(), String> {
    if expected == ours {
        return Ok(());
    }
    let lines = changed_lines(&expected.lines().collect::<Vec<_>>(), &ours.lines().collect::<Vec<_>>());
    let mut shown = lines.iter().take(SHOWN_LINES).cloned().collect::<Vec<_>>().join("\n");
    if lines.len() > SHOWN_LINES {
        shown.push_str(&format!("\n… and {} more lines", lines.len() - SHOWN_LINES));
    }
    Err(shown)
}

/// The lines that are in only one of the texts, by their longest common subsequence.
fn changed_lines(before: &[&str], after: &[&str]) -> Vec<String> {
    let mut common = vec![vec![0u32; after.len() + 1]; before.len() + 1];
    for i in (0..before.len()).rev() {
        for j in (0..after.len()).rev() {
            common[i][j] =
                if before[i] == after[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    while i < before.len() || j < after.len() {
        if i < before.len() && j < after.len() && before[i] == after[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == after.len() || (i < before.len() && common[i + 1][j] >= common[i][j + 1]) {
            lines.push(format!("{}: - {}", i + 1, before[i].trim()));
            i += 1;
        } else {
            lines.push(format!("{}: + {}", j + 1, after[j].trim()));
            j += 1;
        }
    }
    lines
}
