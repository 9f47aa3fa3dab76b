//! drizzle-kit's own test cases, recorded: a diff is empty exactly where drizzle-kit writes no SQL.

use std::fs;
use std::path::{Path, PathBuf};

use history::formats::drizzle::snapshot;

/// Cases where drizzle-kit writes no SQL for a real change, by file and the end of the test's name, with the reason.
/// Ours must report a change in each of them.
const WRITES_TOO_LITTLE: &[(&str, &str, &str)] = &[
    (
        "sqlite-generated.json",
        "add column with stored generated constraint",
        "SQLite cannot add a stored column: skipped",
    ),
    (
        "sqlite-generated.json",
        "add generated constraint to an exisiting column as stored",
        "needs a new table: skipped",
    ),
    ("sqlite-generated.json", "change generated constraint type from virtual to stored", "needs a new table: skipped"),
    ("sqlite-generated.json", "change stored generated constraint", "needs a new table: skipped"),
    ("pg-views.json", "set existing - materialized", "the answered rename hides that a managed view is dropped"),
    ("pg-views.json", "set existing", "the answered rename hides that a managed view is dropped"),
];

#[test]
fn a_diff_is_empty_exactly_where_drizzle_kit_writes_no_sql() {
    let Some(folder) = folder() else {
        println!("not run: no recorded cases; set DRIFTLENS_CONFORMANCE to their folder");
        return;
    };
    let mut failures = Vec::new();
    let mut n_cases = 0;
    let mut n_listed = 0;
    for path in case_files(&folder) {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let cases: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for case in cases.as_array().unwrap() {
            let test = case["test"].as_str().unwrap();
            let is_listed = WRITES_TOO_LITTLE.iter().any(|(at, name, _)| *at == file && test.ends_with(name));
            n_cases += 1;
            n_listed += usize::from(is_listed);
            if let Err(failure) = check(case, is_listed) {
                failures.push(format!("{file}: {test}: {failure}"));
            }
        }
    }
    println!("{n_cases} cases, {} failed; {n_listed} are listed, where drizzle-kit writes too little", failures.len());
    assert!(n_cases > 300, "only {n_cases} cases in {}", folder.display());
    assert!(n_listed >= WRITES_TOO_LITTLE.len(), "a listed case is gone");
    assert!(failures.is_empty(), "{} of {n_cases} cases fail:\n{}", failures.len(), failures.join("\n"));
}

fn check(case: &serde_json::Value, is_listed: bool) -> Result<(), String> {
    let before = snapshot::read(&case["prev"].to_string()).map_err(|error| format!("prev: {}", error.message))?;
    let after = snapshot::read(&case["cur"].to_string()).map_err(|error| format!("cur: {}", error.message))?;
    for (side, schema) in [("prev", &before), ("cur", &after)] {
        if !diff::diff(schema, schema).changes.is_empty() {
            return Err(format!("{side} differs from itself"));
        }
    }
    let writes_sql = !case["sql"].as_array().unwrap().is_empty();
    if is_listed && writes_sql {
        return Err(String::from("listed as a fault of drizzle-kit, yet it writes SQL"));
    }
    let changes = diff::diff(&before, &after).changes;
    match (writes_sql || is_listed, changes.is_empty()) {
        (true, true) => Err(format!("nothing differs, but drizzle-kit writes {}", case["sql"])),
        (false, false) => Err(format!("drizzle-kit writes nothing, but {changes:?}")),
        _ => Ok(()),
    }
}

fn folder() -> Option<PathBuf> {
    let folder = match std::env::var_os("DRIFTLENS_CONFORMANCE") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/drizzle-kit"),
    };
    folder.is_dir().then_some(folder)
}

fn case_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".json") && ["pg-", "rls_", "sqlite-"].iter().any(|start| name.starts_with(start))
        })
        .collect();
    files.sort();
    files
}
