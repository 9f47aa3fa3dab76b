//! A schema printed as a Drizzle schema file and read again is the same schema: over every project in `tests/drizzle`, every spec, and
//! drizzle-kit's own recorded test cases.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use history::formats::drizzle::snapshot;
use languages::drizzle::{Printed, Reader, Release, print_schema};
use schema::{Dialect, Schema};
use source::{FilePath, MemoryFiles};

/// Schemas of which the printed file says something else, by the start of their names, and why.
const KNOWN: [(&str, &str); 2] = [
    ("pg-enums: ", "a column has the type of an enum that is not exported: its values are not known"),
    ("pg-unexported: ", "as above"),
];

/// What a printed file is read as; an error where not all of it is known.
fn read(text: &str, dialect: Dialect, release: Release) -> Result<Schema, String> {
    let config: FilePath = Arc::from(Path::new("/project/drizzle.config.ts"));
    let mut files = MemoryFiles::new("");
    let said =
        format!("export default {{ dialect: '{}', schema: './schema.ts', out: './drizzle' }};\n", dialect.as_str());
    files.set(config.as_ref(), said);
    files.set("/project/schema.ts", text);
    let mut reader = Reader::new();
    let mut config = reader.read_config(&config, &files).config.ok_or("no configuration")?;
    config.release = release;
    let desired = reader.read_schema(&config, &files);
    match (desired.diagnostics.first(), desired.unknown.first(), desired.schema.open) {
        (None, None, false) => Ok(desired.schema),
        (Some(finding), _, _) => Err(format!("{}: {}", finding.code, finding.message)),
        (_, unknown, _) => Err(format!("not known: {unknown:?}")),
    }
}

fn check(schema: &Schema, release: Release) -> Result<Printed, String> {
    let printed = print_schema(schema, release);
    let again = read(&printed.text, schema.dialect, release).map_err(|error| format!("{error}\n{}", printed.text))?;
    let (before, after) = analysis::comparable(schema, &again);
    let changes = diff::diff(&before, &after).changes;
    if !changes.is_empty() {
        return Err(format!("{changes:#?}\n{}", printed.text));
    }
    // Printed once more, it is the same text: nothing is lost on the way that a comparison does not see. Drizzle orders by name.
    let twice = print_schema(&again, release);
    match sections(&twice.text) == sections(&printed.text) {
        true => Ok(printed),
        false => Err(format!("printed twice it differs\n{}\n=====\n{}", printed.text, twice.text)),
    }
}

fn sections(text: &str) -> Vec<&str> {
    let mut sections: Vec<&str> = text
        .split("\n\n")
        .flat_map(|it| it.split("\nexport "))
        .map(|it| it.trim().trim_start_matches("export "))
        .collect();
    sections.sort_unstable();
    sections
}

#[derive(Default)]
struct Tally {
    n_equal: usize,
    n_left_out: usize,
    failed: Vec<String>,
}

impl Tally {
    fn check(&mut self, name: &str, schema: &Schema, release: Release) {
        match check(schema, release) {
            Ok(printed) => {
                self.n_equal += 1;
                self.n_left_out += printed.left_out.len();
                assert!(printed.left_out.is_empty(), "{name}: Drizzle said it: {:?}", printed.left_out);
            }
            Err(failure) => self.failed.push(format!("{name}: {failure}")),
        }
    }

    fn report(&self, what: &str, at_least: usize) {
        let unlisted: Vec<&String> =
            self.failed.iter().filter(|it| !KNOWN.iter().any(|(name, _)| it.starts_with(name))).collect();
        println!("{what}: {} schemas are printed and read as the same, {} are not", self.n_equal, self.failed.len());
        assert!(
            unlisted.is_empty(),
            "{} differ:\n{}",
            unlisted.len(),
            unlisted.iter().map(|it| it.as_str()).collect::<Vec<_>>().join("\n----\n")
        );
        assert!(self.n_equal >= at_least, "only {} schemas", self.n_equal);
    }
}

#[test]
fn the_projects_that_drizzle_kit_reads_too() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("drizzle");
    let mut tally = Tally::default();
    let mut cases: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path()).collect();
    cases.sort();
    for case in cases.iter().filter(|case| case.join("drizzle.config.ts").exists()) {
        let disk = workspace::Disk::new();
        let mut reader = Reader::new();
        let config = reader.read_config(&workspace::Disk::normalize(&case.join("drizzle.config.ts")), &disk).config;
        let config = config.unwrap();
        let desired = reader.read_schema(&config, &disk);
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        tally.check(&name, &desired.schema, config.release);
    }
    tally.report("projects of tests/drizzle", 90);
}

#[test]
fn the_recorded_cases_of_drizzle_kit() {
    let folder = match std::env::var_os("DRIFTLENS_CONFORMANCE") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/drizzle-kit"),
    };
    if !folder.is_dir() {
        println!("not run: no recorded cases; set DRIFTLENS_CONFORMANCE to their folder");
        return;
    }
    let mut tally = Tally::default();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if !["pg-", "rls_", "sqlite-"].iter().any(|start| name.starts_with(start)) {
            continue;
        }
        let cases: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        for case in cases.as_array().unwrap() {
            for side in ["prev", "cur"] {
                let schema = snapshot::read(&case[side].to_string()).unwrap();
                let name = format!("{name}: {}, {side}", case["test"].as_str().unwrap());
                tally.check(&name, &schema, Release::BeforeOne);
            }
        }
    }
    tally.report("recorded snapshots of drizzle-kit", 600);
}
