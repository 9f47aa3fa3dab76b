//! Files cut off at any byte: no reader panics, and no half-typed table looks as if it had lost columns.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use languages::drizzle::Reader;
use source::{FilePath, Files as _, MemoryFiles};

/// Every file of a project below `folder`, as it is on disk.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "node_modules" {
            found.extend(files_below(&path));
        } else if path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn memory_of(folder: &Path) -> MemoryFiles {
    let mut files = MemoryFiles::new("");
    for path in files_below(folder) {
        if let Ok(text) = std::fs::read_to_string(&path) {
            let inside = Path::new("/project").join(path.strip_prefix(folder).unwrap());
            files.set(inside, text);
        }
    }
    files
}

/// The offsets at which a text of this project is cut. Cutting inside a character is cutting before it.
fn cuts(text: &str) -> BTreeSet<usize> {
    (0..text.len()).filter(|offset| text.is_char_boundary(*offset)).collect()
}

/// Feeds every prefix of every script of a case to the readers.
fn feed(folder: &Path) {
    let mut files = memory_of(folder);
    let config: FilePath = Arc::from(Path::new("/project/drizzle.config.ts"));
    let mut reader = Reader::new();
    let Some(read) = reader.read_config(&config, &files).config else { return };
    let whole = reader.read_schema(&read, &files);
    for file in whole.read_files.clone() {
        let text = files.read(&file).unwrap().to_string();
        for cut in cuts(&text) {
            files.set(file.as_ref(), text[..cut].to_owned());
            if file == config {
                reader.read_config(&config, &files);
                continue;
            }
            let desired = reader.read_schema(&read, &files);
            for (name, table) in &desired.schema.tables {
                let lost = whole.schema.tables.get(name).is_some_and(|all| all.columns.len() > table.columns.len());
                let is_open = table.is_open(schema::ObjectKind::Column);
                assert!(!lost || is_open, "{}: {name} has lost columns in {file:?} cut at {cut}", folder.display());
            }
        }
        files.set(file.as_ref(), text);
    }
}

#[test]
fn no_prefix_of_any_schema_file_breaks_a_reader() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("drizzle");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("drizzle.config.ts").exists());
    folders.sort();
    assert!(folders.len() >= 60, "only {} cases", folders.len());
    // Two threads: the work is the same for each case, and a stack overflow in either ends the test.
    std::thread::scope(|scope| {
        for half in [0, 1] {
            let folders = &folders;
            scope.spawn(move || folders.iter().skip(half).step_by(2).for_each(|folder| feed(folder)));
        }
    });
}

#[test]
fn no_prefix_of_a_journal_or_snapshot_breaks_the_history() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/crates/cli/demo/drizzle");
    let mut files = memory_of(&folder);
    let out: FilePath = Arc::from(Path::new("/project"));
    for name in ["/project/meta/_journal.json", "/project/meta/0003_snapshot.json"] {
        let text = files.read(Path::new(name)).unwrap().to_string();
        for cut in cuts(&text) {
            files.set(name, text[..cut].to_owned());
            let history = history::read(history::Format::Drizzle, schema::Dialect::Sqlite, &out, &files);
            assert!(!history.diagnostics.is_empty(), "{name} cut at {cut} is told");
        }
        files.set(name, text);
    }
}
