//! Specs of plans as Markdown: a heading is a case, its fences are told by their tags.

use std::path::{Path, PathBuf};

/// A case: `## title`, then fences such as `sql before`.
#[derive(Clone, Debug)]
pub struct Case {
    pub file: PathBuf,
    pub title: String,
    fences: Vec<(String, String)>,
}

impl Case {
    /// The text of a fence, its last line end included.
    pub fn fence(&self, tag: &str) -> Option<&str> {
        self.fences.iter().find(|(found, _)| found == tag).map(|(_, text)| text.as_str())
    }

    /// For a failure's message.
    pub fn full_name(&self) -> String {
        format!("{}: {}", self.file.file_name().unwrap_or_default().to_string_lossy(), self.title)
    }
}

/// The cases of all files of a folder, by file name.
pub fn read_folder(folder: &Path) -> Vec<Case> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|it| it == "md")).collect();
    files.sort();
    files.iter().flat_map(|file| cases(file, &std::fs::read_to_string(file).unwrap())).collect()
}

fn cases(file: &Path, text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(tag)) => open = Some((tag.to_owned(), String::new())),
            (Some(_), Some(_)) => cases.last_mut().expect("a fence stands below a heading").fences.extend(open.take()),
            (Some((_, body)), None) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {
                if let Some(title) = line.strip_prefix("## ") {
                    cases.push(Case { file: file.to_owned(), title: title.to_owned(), fences: Vec::new() });
                }
            }
        }
    }
    cases
}

/// Writes a fence of a case anew in its file; one that is not there comes behind the others.
pub fn rewrite(case: &Case, tag: &str, body: &str) {
    let text = std::fs::read_to_string(&case.file).unwrap();
    let start = text.find(&format!("## {}\n", case.title)).unwrap();
    let end = text[start + 3..].find("\n## ").map_or(text.len(), |at| start + 3 + at + 1);
    let section = &text[start..end];
    let head = format!("```{tag}\n");
    let section = match section.find(&head) {
        Some(at) => {
            let opened = at + head.len();
            let close = opened + section[opened..].find("```").unwrap();
            format!("{}{body}{}", &section[..opened], &section[close..])
        }
        None => format!("{}\n\n{head}{body}```\n{}", section.trim_end(), if end < text.len() { "\n" } else { "" }),
    };
    std::fs::write(&case.file, format!("{}{section}{}", &text[..start], &text[end..])).unwrap();
}
