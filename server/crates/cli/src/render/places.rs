//! Places in files, as seen from the working directory.

use analysis::Analysis;
use serde_json::{Value, json};
use source::{FilePath, Location};
use std::path::Path;

/// A path as seen from a folder, with `/` between its parts.
pub(super) fn path_from(folder: &Path, file: &Path) -> String {
    let mut upward = String::new();
    for base in folder.ancestors() {
        // A path that shares nothing with the folder but the root reads better whole.
        if let Ok(rest) = file.strip_prefix(base)
            && (upward.is_empty() || base.parent().is_some())
        {
            return format!("{upward}{}", rest.display()).replace('\\', "/");
        }
        upward.push_str("../");
    }
    file.display().to_string()
}

/// Turns locations into what a person or a program reads.
pub(crate) struct Places<'a> {
    analysis: &'a Analysis,
    working_directory: FilePath,
}

impl<'a> Places<'a> {
    pub(crate) fn new(analysis: &'a Analysis) -> Places<'a> {
        Places { analysis, working_directory: workspace::Disk::normalize(Path::new(".")) }
    }

    /// A path as seen from the working directory, with `/` between its parts.
    pub(crate) fn path(&self, file: &Path) -> String {
        path_from(&self.working_directory, file)
    }

    /// `file:line`, as terminals and editors follow it.
    pub(crate) fn place(&self, location: &Location) -> String {
        let (line, _) = self.line_column(location, location.span.start);
        format!("{}:{line}", self.path(&location.file))
    }

    /// Adds `file` and `range`.
    pub(crate) fn add(&self, location: &Location, value: &mut Value) {
        if let Value::Object(map) = value {
            map.insert(String::from("file"), Value::String(self.path(&location.file)));
            let range = json!({
                "start": self.position(location, location.span.start),
                "end": self.position(location, location.span.end),
            });
            map.insert(String::from("range"), range);
        }
    }

    fn position(&self, location: &Location, offset: u32) -> Value {
        let (line, column) = self.line_column(location, offset);
        json!({ "line": line, "column": column, "offset": offset })
    }

    /// Both from 1, the column in characters.
    pub(crate) fn line_column(&self, location: &Location, offset: u32) -> (usize, usize) {
        let Some(source) = self.analysis.text(&location.file) else { return (1, 1) };
        let at = source.lines.line_column(offset);
        let start = source.lines.line_start(at.line) as usize;
        let before = source.text.get(start..start + at.column as usize).unwrap_or_default();
        (at.line as usize + 1, before.chars().count() + 1)
    }
}
