//! Which tables and enums the names of a schema file stand for: what it declares itself, and what it imports.

use languages::Origin;
use languages::typescript_tokens::{TokenKind, Tokens};
use schema::{ObjectKind, ObjectPath};
use source::Location;
use std::path::Path;

use crate::{Analysis, Project};

/// A name of the file and what it was imported as.
struct Import {
    local: String,
    name: String,
    from: String,
}

/// The imports of a text.
pub(super) struct Imports {
    names: Vec<Import>,
    /// Where a name can be added: behind the last of `import { … } from 'package'`.
    lists: Vec<(String, u32)>,
    /// Names that stand for a whole module.
    whole: Vec<(String, String)>,
}

impl Imports {
    pub(super) fn of(tokens: &Tokens<'_>) -> Imports {
        let mut found = Imports { names: Vec::new(), lists: Vec::new(), whole: Vec::new() };
        for at in 0..tokens.tokens.len() {
            let is_start = at == 0 || !matches!(tokens.kind(at - 1), Some(TokenKind::Mark(b'.')));
            if is_start && tokens.is_word(at, "import") {
                found.read(tokens, at + 1);
            }
        }
        found
    }

    fn read(&mut self, tokens: &Tokens<'_>, start: usize) {
        const LONGEST: usize = 600;
        let end =
            (start..tokens.tokens.len().min(start + LONGEST)).find(|at| tokens.kind(*at) == Some(TokenKind::String));
        let Some(end) = end.filter(|end| tokens.is_word(end - 1, "from")) else { return };
        let from = tokens.text_of(end).trim_matches(['\'', '"']).to_owned();
        if tokens.is_word(start, "type") && !tokens.is_word(start + 1, "from") {
            return;
        }
        let star = (start..end).find(|at| tokens.kind(*at) == Some(TokenKind::Mark(b'*')));
        if let Some(star) = star.filter(|star| tokens.is_word(star + 1, "as")) {
            self.whole.push((tokens.text_of(star + 2).to_owned(), from));
            return;
        }
        let Some(open) = (start..end).find(|at| tokens.kind(*at) == Some(TokenKind::Open(b'{'))) else { return };
        let mut last = None;
        let mut at = open + 1;
        while at < end && tokens.kind(at) == Some(TokenKind::Word) {
            let is_renamed = tokens.is_word(at + 1, "as");
            let local = if is_renamed { at + 2 } else { at };
            let name = tokens.text_of(at).to_owned();
            self.names.push(Import { local: tokens.text_of(local).to_owned(), name, from: from.clone() });
            last = tokens.tokens.get(local).map(|token| token.span.end);
            at = local + 1 + usize::from(tokens.kind(local + 1) == Some(TokenKind::Mark(b',')));
        }
        self.lists.extend(last.map(|end| (from, end)));
    }

    /// The local name of what a package exports.
    pub(super) fn local_of(&self, package: &str, name: &str) -> Option<&str> {
        self.names.iter().find(|it| it.from == package && it.name == name).map(|it| it.local.as_str())
    }

    /// Where a name of the package can be added to the imports.
    pub(super) fn end_of_list(&self, package: &str) -> Option<u32> {
        self.lists.iter().find(|(from, _)| from == package).map(|(_, end)| *end)
    }

    /// True where the name stands for all of the package.
    pub(super) fn is_whole(&self, name: &str, package: &str) -> bool {
        self.whole.iter().any(|(local, from)| local == name && from == package)
    }
}

/// A declaration that a file can name.
pub(super) struct InScope<'p> {
    /// As the file calls it.
    pub(super) name: String,
    pub(super) object: &'p ObjectPath,
}

/// The tables or enums that the file can name.
pub(super) fn in_scope<'p>(
    analysis: &Analysis,
    project: &'p Project,
    file: &Path,
    imports: &Imports,
    kind: ObjectKind,
) -> Vec<InScope<'p>> {
    let Some(desired) = &project.desired else { return Vec::new() };
    let declared = desired.origins.iter().filter(|(object, _)| object.kind == kind);
    let mut found = Vec::new();
    let mut elsewhere: Vec<(&str, &'p ObjectPath, &Location)> = Vec::new();
    for (object, origin) in declared {
        let Some(name) = word_at(analysis, &origin.focus) else { continue };
        if *origin.focus.file == *file {
            found.push(InScope { name: name.to_owned(), object });
        } else {
            elsewhere.push((name, object, &origin.focus));
        }
    }
    for import in imports.names.iter().filter(|import| !import.from.starts_with("drizzle-")) {
        let called = |(name, ..): &&(&str, &'p ObjectPath, &Location)| *name == import.name;
        let is_named_file = |(_, _, place): &&(&str, &'p ObjectPath, &Location)| is_file_of(place, &import.from);
        let mut all = elsewhere.iter().filter(called);
        let only = match (all.next(), all.next()) {
            (Some(only), None) => Some(only),
            // Several files export it: the one that the import names.
            _ => elsewhere.iter().filter(called).find(is_named_file),
        };
        found.extend(only.map(|(_, object, _)| InScope { name: import.local.clone(), object }));
    }
    found
}

/// True where a module path can mean the file, by its last part.
fn is_file_of(place: &Location, from: &str) -> bool {
    let last = from.rsplit('/').next().unwrap_or_default();
    let stem = last.strip_suffix(".js").or_else(|| last.strip_suffix(".ts")).unwrap_or(last);
    place.file.file_stem().is_some_and(|name| name == stem)
}

/// The name that a place starts with; None where none does.
fn word_at<'a>(analysis: &'a Analysis, place: &Location) -> Option<&'a str> {
    let text = &analysis.text(&place.file)?.text;
    let text = place.span.text(text).trim_start_matches(['\'', '"']);
    let end = text.find(|character: char| !character.is_alphanumeric() && !matches!(character, '_' | '$'));
    let word = text.get(..end.unwrap_or(text.len()))?;
    (!word.is_empty() && !word.starts_with(|first: char| first.is_ascii_digit())).then_some(word)
}

/// The property by which a column is reached: behind a spread, the one that the spread brings.
pub(super) fn key_of<'a>(analysis: &'a Analysis, origin: &Origin) -> Option<&'a str> {
    match origin.related.first() {
        Some(related) => word_at(analysis, &related.location),
        None => word_at(analysis, &origin.focus),
    }
}
