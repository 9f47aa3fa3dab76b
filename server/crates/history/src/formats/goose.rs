//! goose: `<version>_<name>.sql`, a file with a `-- +goose Up` and a `-- +goose Down` section.
//!
//! The rules are those of `migrate.go`, `migration.go`, `provider_collect.go` and `internal/sqlparser/parser.go` (3.27): the text
//! before the first `_` is an `i64` above zero; versions are ordered as numbers, Go migrations among them; two of one version are
//! an error. A `.sql` name without a version stops the `goose` command, and goose's Provider passes over it.
//! `goose_db_version` holds the version alone.

use schema::Dialect;
use source::{Diagnostic, FilePath, Files, Span, codes};

use super::{Folder, Format, Migration, findings, listing};

/// Reads a migrations folder.
pub(super) fn read(dialect: Dialect, path: &FilePath, files: &dyn Files) -> Folder {
    let mut folder = Folder::empty(Format::Goose, dialect, path);
    let mut migrations: Vec<(i64, Migration)> = Vec::new();
    let mut in_go: Vec<(i64, Migration)> = Vec::new();
    for entry in listing::only_files(listing::list(&mut folder, files)) {
        let number = entry.name.split_once('_').and_then(|(version, _)| version.parse().ok());
        let version = number.filter(|version: &i64| *version > 0);
        let stem = entry.name.strip_suffix(".sql");
        let migration = |tag: &str, version: i64| Migration::of_file(tag, version.to_string(), &entry.path);
        match (stem, version) {
            (Some(tag), Some(version)) => {
                if let Some((span, message)) = files.read(&entry.path).ok().and_then(|text| read_text(&text).fault) {
                    folder.diagnostics.push(findings::malformed(&entry.path, span, message, STOPS));
                }
                migrations.push((version, migration(tag, version)));
            }
            (Some(_), None) => folder.diagnostics.push(findings::unlisted(&entry.path, "goose", NAME)),
            (None, Some(version)) if entry.name.ends_with(".go") && !entry.name.ends_with("_test.go") => {
                in_go.push((version, migration(entry.name.trim_end_matches(".go"), version)));
            }
            (None, _) => {}
        }
    }
    migrations.sort_by_key(|(version, _)| *version);
    folder.diagnostics.extend(in_go.first().map(|(_, first)| not_sql(first, in_go.len())));
    let both = migrations.iter().chain(&in_go).map(|(version, migration)| (*version, migration));
    folder.diagnostics.extend(findings::duplicates(both, DUPLICATE));
    folder.migrations = migrations.into_iter().map(|(_, migration)| migration).collect();
    folder
}

const NAME: &str =
    "it takes <version>_<name>.sql with a version above zero, and the goose command stops at any other name";
const STOPS: &str = "goose stops at this migration, and none of the later ones runs.";
const DUPLICATE: &str = "goose refuses the folder before any migration runs. Give one of them another version.";

fn not_sql(first: &Migration, count: usize) -> Diagnostic {
    let which = match count {
        1 => format!("{} is", first.tag),
        _ => format!("{} and {} more are", first.tag, count - 1),
    };
    let message = format!("{which} written in Go, and what that does to the schema is not known");
    Diagnostic::new(codes::PARTLY_UNKNOWN, first.listed_at.clone(), message)
}

/// What the text of a migration says.
pub(super) struct Sections {
    /// Between the line `-- +goose Up` and the line `-- +goose Down`, or the end.
    pub(super) up: Span,
    pub(super) down: Option<Span>,
    pub(super) in_transaction: bool,
    /// Why goose stops at the file, and where.
    pub(super) fault: Option<(Span, &'static str)>,
}

/// Reads a migration's text, a line at a time as goose does.
pub(super) fn read_text(text: &str) -> Sections {
    let mut reader =
        Reader { state: State::Start, in_transaction: true, up: None, down: None, query: None, fault: None };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let content = line.strip_suffix('\n').unwrap_or(line);
        reader.line(content.strip_suffix('\r').unwrap_or(content), start, end);
        start = end;
    }
    reader.finish(text.len())
}

/// True where the text has the section that every migration of goose's needs.
pub(super) fn has_up(text: &str) -> bool {
    read_text(text).up.start > 0
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Up,
    /// Between StatementBegin and StatementEnd.
    UpStatement,
    Down,
    DownStatement,
}

struct Reader {
    state: State,
    in_transaction: bool,
    /// Where the section's first line starts.
    up: Option<usize>,
    /// The line `-- +goose Down`.
    down: Option<Span>,
    /// Where the query starts that is not yet ended, and whether it holds more than blanks.
    query: Option<(usize, bool)>,
    fault: Option<(Span, &'static str)>,
}

impl Reader {
    fn line(&mut self, line: &str, start: usize, end: usize) {
        let trimmed = line.trim();
        let is_comment = trimmed.starts_with("--");
        let span = Span::new(start, start + line.len());
        if is_comment && line.contains("+goose") {
            self.annotation(line, span, end);
            return;
        }
        if self.query.is_none() && (is_comment || line.is_empty()) {
            return;
        }
        match self.state {
            State::Start if trimmed.is_empty() => {}
            State::Start => self.fail(span, "a statement stands before `-- +goose Up`"),
            State::Up | State::UpStatement => {
                let (from, has_text) = self.query.unwrap_or((start, false));
                let is_ended = self.state == State::Up && ends_with_semicolon(line);
                self.query = (!is_ended).then_some((from, has_text || !trimmed.is_empty()));
            }
            State::Down | State::DownStatement => {}
        }
    }

    fn annotation(&mut self, line: &str, span: Span, end: usize) {
        if line.starts_with([' ', '\t']) {
            self.fail(span, "goose takes an annotation only at the start of a line");
        }
        let words = line.replace("--", "").replacen("+goose", "", 1);
        let name = words.trim().to_ascii_lowercase();
        match (name.as_str(), self.state) {
            ("up", State::Start) => {
                self.state = State::Up;
                self.up = Some(end);
            }
            ("up", _) => self.fail(span, "the file has a second `-- +goose Up`"),
            ("down", State::Up) => {
                self.end_of_queries(span.start as usize);
                self.state = State::Down;
                self.down = Some(Span::new(span.start as usize, end));
            }
            ("down", _) => self.fail(span, "`-- +goose Down` does not follow a `-- +goose Up`"),
            ("statementbegin", State::Up) => self.state = State::UpStatement,
            ("statementbegin", State::Down) => self.state = State::DownStatement,
            ("statementbegin", _) => self.fail(span, "`-- +goose StatementBegin` stands outside of a section"),
            ("statementend", State::UpStatement) => {
                self.state = State::Up;
                self.query = None;
            }
            ("statementend", State::DownStatement) => self.state = State::Down,
            ("statementend", _) => self.fail(span, "`-- +goose StatementEnd` lacks its StatementBegin"),
            ("no transaction", _) => self.in_transaction = false,
            ("envsub on" | "envsub off", _) => {}
            _ => self.fail(span, "goose does not know this annotation"),
        }
    }

    fn end_of_queries(&mut self, end: usize) {
        if let Some((start, true)) = self.query.take() {
            self.fail(Span::new(start, end), "the last statement of the section lacks its semicolon");
        }
    }

    fn fail(&mut self, span: Span, message: &'static str) {
        self.fault.get_or_insert((span, message));
    }

    fn finish(mut self, end: usize) -> Sections {
        match self.state {
            State::Start => self.fail(Span::default(), "the file has no line `-- +goose Up`"),
            State::UpStatement | State::DownStatement => {
                self.fail(Span::new(end, end), "the file ends before `-- +goose StatementEnd`");
            }
            State::Up => self.end_of_queries(end),
            State::Down => {}
        }
        let up_end = self.down.map_or(end, |line| line.start as usize);
        Sections {
            up: self.up.map_or(Span::default(), |start| Span::new(start, up_end)),
            down: self.down.map(|line| Span::new(line.end as usize, end)),
            in_transaction: self.in_transaction,
            fault: self.fault,
        }
    }
}

/// True where the last word of a line, a comment at its end left out, ends with a semicolon.
fn ends_with_semicolon(line: &str) -> bool {
    let words = line.split_whitespace().take_while(|word| !word.starts_with("--"));
    words.last().is_some_and(|word| word.ends_with(';'))
}
