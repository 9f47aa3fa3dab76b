//! Behaviour as data: every case in `tests/specs/*.md`.
//!
//! A heading is a case. Fences: `ts before` (what the migrations record), `ts after` or `ts after NAME` (the files now, `schema.ts`
//! by default), `sql later` (a migration without a snapshot), `text findings` (what Driftlens says, a line each:
//! `file:line:column code message`, the place being the text under it). UPDATE_EXPECT=1 rewrites the findings.

use std::path::Path;
use std::sync::Arc;

use analysis::Host;
use languages::drizzle::Reader;
use source::{FilePath, MemoryFiles};

const FIRST_ID: &str = "11111111-1111-4111-8111-111111111111";
const ZERO_ID: &str = "00000000-0000-0000-0000-000000000000";

/// A case and the lines of its fences.
struct Case<'a> {
    title: &'a str,
    fences: Vec<(&'a str, String)>,
}

impl Case<'_> {
    fn fence(&self, tag: &str) -> Option<&str> {
        self.fences.iter().find(|(found, _)| *found == tag).map(|(_, text)| text.as_str())
    }
}

#[test]
fn every_spec_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let mut count = 0;
    let mut failed = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut updated = text.clone();
        for case in cases(&text) {
            count += 1;
            let found = findings(&case);
            let expected = case.fence("text findings").unwrap_or_else(|| panic!("{} has no findings", case.title));
            if found != expected {
                updated = replace_findings(&updated, case.title, &found);
                failed.push(format!("{}: {}\nexpected:\n{expected}found:\n{found}", file.display(), case.title));
            }
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() && updated != text {
            std::fs::write(&file, updated).unwrap();
        }
    }
    assert!(count >= 20, "only {count} cases were found");
    assert!(failed.is_empty(), "{} of {count} cases differ\n{}", failed.len(), failed.join("\n"));
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(tag)) => open = Some((tag, String::new())),
            (Some(_), Some(_)) => {
                let fence = open.take().unwrap();
                cases.last_mut().expect("a fence stands below a heading").fences.push(fence);
            }
            (Some((_, body)), None) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {
                if let Some(title) = line.strip_prefix("## ") {
                    cases.push(Case { title, fences: Vec::new() });
                }
            }
        }
    }
    cases
}

fn replace_findings(text: &str, title: &str, found: &str) -> String {
    let at = text.find(&format!("## {title}\n")).unwrap();
    let start = at + text[at..].find("```text findings\n").unwrap() + "```text findings\n".len();
    let end = start + text[start..].find("```").unwrap();
    format!("{}{found}{}", &text[..start], &text[end..])
}

/// What Driftlens says of a case.
fn findings(case: &Case<'_>) -> String {
    let before = case.fence("ts before").unwrap_or("");
    let is_sqlite = case.fences.iter().any(|(_, text)| text.contains("sqlite-core"));
    let dialect = if is_sqlite { "sqlite" } else { "postgresql" };
    let config: FilePath = Arc::from(Path::new("/project/drizzle.config.ts"));
    let mut files = MemoryFiles::new("");
    let only_schema = format!("export default {{ dialect: '{dialect}', schema: './schema.ts', out: './drizzle' }};\n");
    files.set(config.as_ref(), only_schema);
    files.set("/project/schema.ts", before);
    write_history(&mut files, &config, dialect, case.fence("sql later"));
    let mut names = Vec::new();
    for (tag, text) in &case.fences {
        if let Some(name) = tag.strip_prefix("ts after") {
            let name = if name.trim().is_empty() { "schema.ts" } else { name.trim() };
            files.set(format!("/project/{name}"), text.as_str());
            names.push(name);
        }
    }
    assert!(!names.is_empty(), "{} has no `ts after`", case.title);
    let analysis = Host::new().analyze(&[config], &files);
    let mut lines = String::new();
    for (file, diagnostics) in analysis.diagnostics() {
        let source = analysis.text(&file).unwrap().clone();
        for diagnostic in diagnostics {
            let at = source.lines.line_column(diagnostic.location.span.start);
            let place = diagnostic.location.span.text(&source.text).lines().next().unwrap_or_default();
            let name = file.strip_prefix("/project").unwrap().display();
            lines.push_str(&format!(
                "{name}:{}:{} {} {}\n",
                at.line + 1,
                at.column + 1,
                diagnostic.code,
                diagnostic.message
            ));
            lines.push_str(&format!("    at `{place}`\n"));
        }
    }
    lines
}

/// One migration with the snapshot of `schema.ts` as it stands; `later` is a second one without a snapshot.
fn write_history(files: &mut MemoryFiles, config: &FilePath, dialect: &str, later: Option<&str>) {
    let mut reader = Reader::new();
    let read = reader.read_config(config, files).config.unwrap();
    let desired = reader.read_schema(&read, files);
    let snapshot = history::formats::drizzle::snapshot::write(&desired.schema, FIRST_ID, ZERO_ID);
    let mut entries =
        vec![serde_json::json!({"idx": 0, "version": "7", "when": 1, "tag": "0000_first", "breakpoints": true})];
    files.set("/project/drizzle/0000_first.sql", dialects::sql_text(&desired.schema));
    files.set("/project/drizzle/meta/0000_snapshot.json", serde_json::to_string_pretty(&snapshot).unwrap());
    if let Some(sql) = later {
        files.set("/project/drizzle/0001_later.sql", sql);
        entries
            .push(serde_json::json!({"idx": 1, "version": "7", "when": 2, "tag": "0001_later", "breakpoints": true}));
    }
    let journal = serde_json::json!({"version": "7", "dialect": dialect, "entries": entries});
    files.set("/project/drizzle/meta/_journal.json", serde_json::to_string_pretty(&journal).unwrap());
}
