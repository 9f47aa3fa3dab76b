//! A new migration as drizzle-kit 1.0 writes it: a folder with the snapshot and the SQL, and the bundle of some drivers.

use serde_json::Value;
use source::{Diagnostic, FilePath, Files, Location, ReadError, codes};

use super::graph::Graph;
use super::{integrity, listing, snapshot};
use crate::formats::Folder;
use crate::formats::addition::{AddedFile, Addition, Content, Manner, Moment, date_digits};
use crate::formats::drizzle::migration_text;

pub(in crate::formats) fn add(
    folder: &Folder,
    name: &str,
    content: Content<'_>,
    manner: &Manner,
    moment: &Moment,
    files: &dyn Files,
) -> Result<Addition, Box<Diagnostic>> {
    let members = match listing::read(&folder.path, files) {
        Ok(members) => members,
        Err(ReadError::NotFound) => Vec::new(),
        Err(error) => return Err(Box::new(crate::formats::unreadable_folder(&folder.path, &error))),
    };
    let migrations: Vec<_> = members.iter().map(super::migration).collect();
    let graph = Graph::read(&migrations, files);
    if let Some(conflict) = integrity::conflict(folder.dialect, &graph, files) {
        return Err(Box::new(conflict));
    }
    // Later than every other by a second at least, which is as fine as names tell.
    let times = members.iter().filter_map(|member| listing::milliseconds(&member.name)).map(|ms| ms + 1_000);
    let tag = format!("{}_{name}", date_digits(times.fold(moment.unix_ms, u64::max)));
    if let Some(last) = members.last().filter(|last| !listing::sorts_after(&tag, &last.name)) {
        let message = format!("the new migration {tag} would not sort behind {}", last.name);
        let help = "The migrator runs folders in the order of their names. Nothing was written: give that folder a name of 14 digits, `_` and words, as drizzle-kit 1.0 does.";
        let finding = Diagnostic::new(codes::OUT_OF_ORDER, Location::start_of(&last.sql), message).with_help(help);
        return Err(Box::new(finding));
    }
    let snapshot = snapshot::next(folder.dialect, &graph, &moment.id, content, files)?;
    let own = |file: &str| FilePath::from(folder.path.join(&tag).join(file));
    let file = |path: FilePath, text: String| AddedFile { path, text, replaces: false };
    let mut added = vec![file(own("snapshot.json"), pretty(&snapshot))];
    if let Some(down) = content.down {
        added.push(file(own(listing::DOWN), down.iter().map(|it| format!("{}\n", it.trim_end())).collect()));
    }
    if let Some(driver @ ("expo" | "durable-sqlite")) = manner.driver.as_deref() {
        let path = FilePath::from(folder.path.join("migrations.js"));
        let tags = members.iter().filter(|member| member.has_sql).map(|member| member.name.as_str());
        let text = bundle(tags.chain(std::iter::once(tag.as_str())), driver);
        let replaces = files.read_head(&path, 1).is_ok();
        added.push(AddedFile { path, text, replaces });
    }
    added.push(file(own(listing::SQL), migration_text(content, manner)));
    Ok(Addition { tag, files: added, removed: Vec::new() })
}

/// As `JSON.stringify(value, null, 2)` writes it.
pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// drizzle-kit's `embeddedMigrations`.
fn bundle<'t>(tags: impl Iterator<Item = &'t str>, driver: &str) -> String {
    let head = match driver {
        "expo" => {
            "// This file is required for Expo/React Native SQLite migrations - https://orm.drizzle.team/quick-sqlite/expo\n\n"
        }
        _ => "",
    };
    let (mut imports, mut names) = (String::new(), Vec::new());
    for (number, tag) in tags.enumerate() {
        imports.push_str(&format!("import m{number:04} from './{tag}/migration.sql';\n"));
        names.push(format!("\"{tag}\": m{number:04}"));
    }
    format!("{head}{imports}\n  export default {{\n    migrations: {{\n      {}\n}}\n  }}\n  ", names.join(",\n"))
}
