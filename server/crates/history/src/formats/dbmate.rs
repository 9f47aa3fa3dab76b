//! dbmate: `<version>_<name>.sql`, a file with a `-- migrate:up` and a `-- migrate:down` section.
//!
//! The rules are those of `pkg/dbmate/db.go` and `migration.go` (2.36): a name matches `^(\d+).*\.sql$`; files run in the order of
//! their names; the version is the digits as text, and `schema_migrations` holds it as its primary key. Other names are passed
//! over. A file needs both sections and no statement before them.

use schema::Dialect;
use source::{FilePath, Files, Span};

use super::{Folder, Format, Migration, findings, listing};

/// Reads a migrations folder.
pub(super) fn read(dialect: Dialect, path: &FilePath, files: &dyn Files) -> Folder {
    let mut folder = Folder::empty(Format::Dbmate, dialect, path);
    for entry in listing::only_files(listing::list(&mut folder, files)) {
        let version = listing::leading_digits(&entry.name).filter(|(_, rest)| rest.ends_with(".sql"));
        let Some((version, _)) = version else {
            if listing::is_sql(&entry.name) {
                folder.diagnostics.push(findings::unlisted(&entry.path, "dbmate", "it takes <version>_<name>.sql"));
            }
            continue;
        };
        if let Some((span, message)) = files.read(&entry.path).ok().and_then(|text| read_text(&text).fault) {
            folder.diagnostics.push(findings::malformed(&entry.path, span, message, STOPS));
        }
        let tag = entry.name.strip_suffix(".sql").unwrap_or(&entry.name);
        folder.migrations.push(Migration::of_file(tag, version, &entry.path));
    }
    folder.diagnostics.extend(findings::duplicate_versions(&folder.migrations, DUPLICATE));
    folder
}

const STOPS: &str = "dbmate stops at this migration, and none of the later ones runs.";
const DUPLICATE: &str = "dbmate runs both on a new database, and recording the second fails; a database that has one of them takes both for applied. Give one of them another version.";

/// What the text of a migration says.
pub(super) struct Sections {
    /// From the `-- migrate:up` to the end of its section: dbmate sends the comment too.
    pub(super) up: Span,
    pub(super) down: Option<Span>,
    pub(super) in_transaction: bool,
    /// Why dbmate stops at the file, and where.
    pub(super) fault: Option<(Span, &'static str)>,
}

/// Reads a migration's text. Of several pairs of sections the first counts: dbmate records the version after each, so the second
/// cannot be recorded, and its transaction is rolled back.
pub(super) fn read_text(text: &str) -> Sections {
    let directives = directives(text);
    let ups: Vec<&Directive> = directives.iter().filter(|directive| directive.is_up).collect();
    let Some(up) = ups.first().copied() else {
        let fault = Some((Span::default(), "the file has no line `-- migrate:up`"));
        return Sections { up: Span::default(), down: None, in_transaction: true, fault };
    };
    let end = ups.get(1).map_or(text.len(), |next| next.start);
    let down =
        directives.iter().find(|directive| !directive.is_up && up.start < directive.start && directive.start < end);
    Sections {
        up: Span::new(up.start, down.map_or(end, |down| down.start)),
        down: down.map(|down| Span::new(down.start, end)),
        in_transaction: up.in_transaction,
        fault: fault(text, &directives, up, ups.get(1).copied()),
    }
}

struct Directive {
    start: usize,
    end: usize,
    is_up: bool,
    in_transaction: bool,
}

impl Directive {
    fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// The lines `-- migrate:up` and `-- migrate:down`, with their options.
fn directives(text: &str) -> Vec<Directive> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let comment = line.strip_prefix("--").map(str::trim_start).and_then(|rest| rest.strip_prefix("migrate:"));
        let is_whole = |rest: &&str| rest.is_empty() || rest.starts_with(|next: char| next.is_ascii_whitespace());
        let section = comment.and_then(|rest| {
            let up = rest.strip_prefix("up").filter(is_whole).map(|options| (true, options));
            up.or_else(|| rest.strip_prefix("down").filter(is_whole).map(|options| (false, options)))
        });
        if let Some((is_up, options)) = section {
            let in_transaction = is_transaction_wanted(options);
            found.push(Directive { start, end: start + content.len(), is_up, in_transaction });
        }
        start += line.len();
    }
    found
}

/// The options are pairs `key:value`, of which `transaction:false` alone is known; the last one counts.
fn is_transaction_wanted(options: &str) -> bool {
    let mut values = options.split_ascii_whitespace().filter_map(|pair| pair.strip_prefix("transaction:"));
    values.rfind(|value| !value.contains(':')) != Some("false")
}

fn fault(
    text: &str,
    directives: &[Directive],
    up: &Directive,
    next: Option<&Directive>,
) -> Option<(Span, &'static str)> {
    if let Some(statement) = first_statement(text, up.start) {
        return Some((statement, "a statement stands before `-- migrate:up`"));
    }
    let mut has_down = true;
    let mut opened = up;
    for directive in directives.iter().filter(|directive| directive.start >= up.start) {
        match (directive.is_up, has_down) {
            (true, true) => opened = directive,
            (false, false) => {}
            (false, true) => return Some((directive.span(), "a second `-- migrate:down` follows one `-- migrate:up`")),
            (true, false) => break,
        }
        has_down = !directive.is_up;
    }
    if !has_down {
        return Some((opened.span(), "the section has no `-- migrate:down`"));
    }
    next.map(|next| {
        (next.span(), "a second `-- migrate:up`: dbmate cannot record its version again, and rolls it back")
    })
}

/// The first line before `end` that is neither blank nor a comment.
fn first_statement(text: &str, end: usize) -> Option<Span> {
    let mut start = 0;
    for line in text.get(..end)?.split_inclusive('\n') {
        let content = line.trim();
        if !content.is_empty() && !content.starts_with("--") {
            return Some(Span::new(start, start + line.trim_end().len()));
        }
        start += line.len();
    }
    None
}
