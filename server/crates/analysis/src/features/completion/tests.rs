//! What is offered where. `|` marks the cursor, and what is written before it may end anywhere.

mod drizzle;
mod sql;

use expect_test::Expect;
use source::{FilePath, MemoryFiles};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::Completion;
use crate::{Analysis, Host};

/// The project's files, with one of them replaced.
pub(super) fn analysis(project: &str, config: &str, file: &str, text: &str) -> Analysis {
    let mut files = MemoryFiles::new(project);
    files.set(file, text.to_owned());
    let config: FilePath = Arc::from(Path::new(config));
    Host::new().analyze(&[config], &files)
}

/// What is offered at the cursor of the text, which the project has been analysed with.
pub(super) fn offered(project: &str, config: &str, file: &str, text: &str) -> (Analysis, Vec<Completion>, String) {
    let offset = text.find('|').expect("the text has a cursor");
    let text = text.replacen('|', "", 1);
    let analysis = analysis(project, config, file, &text);
    let found = analysis.complete(Path::new(file), &text, u32::try_from(offset).unwrap());
    (analysis, found, text)
}

/// `label (kind) detail`, and what it does where that is not what the label says.
pub(super) fn shown(found: &[Completion], text: &str) -> String {
    let mut shown = String::new();
    for item in found {
        let _ = write!(shown, "{} ({:?}) {}", item.label, item.kind, item.detail);
        if item.text != item.label || !item.label.starts_with(item.span.text(text)) {
            let _ = write!(shown, " [{} -> {}]", item.span.text(text), item.text);
        }
        if let Some((_, import)) = &item.import {
            let _ = write!(shown, " +import{import}");
        }
        let _ = writeln!(shown);
    }
    shown
}

pub(super) fn check(project: &str, config: &str, file: &str, text: &str, expected: &Expect) {
    let (_, found, text) = offered(project, config, file, text);
    expected.assert_eq(&shown(&found, &text));
}
