//! A migration as it is sent to a database: its parts, whether they can run in one transaction, and what they lose.

use std::sync::Arc;

use languages::sql::statement::{AlterAction, Kind, QName, Statement, Transaction};
use languages::sql::tokens::{TokenKind, tokens};
use languages::sql::{Effect, statements};
use schema::{Dialect, Name, ObjectKind, ObjectPath};
use source::{FilePath, Files, Location, Span};

use crate::formats::{Format, Migration};
use crate::reader::History;
use crate::replay::read;
use crate::script_losses::losses;

/// drizzle-orm/src/migrator.ts: what it splits a file at.
const BREAKPOINT: &str = "--> statement-breakpoint";

/// What of a migration is run, the way there or back.
#[derive(Clone, Debug)]
pub struct Script {
    pub tag: String,
    pub version: String,
    /// The version of the migration before it, for the tool that keeps only the newest.
    pub previous: Option<String>,
    /// Milliseconds since 1970, where the ledger holds them.
    pub when: Option<u64>,
    /// Of the text that applies it, in hexadecimal, where the ledger holds it.
    pub checksum: Option<String>,
    /// The file that the text is of.
    pub file: FilePath,
    pub text: Arc<str>,
    /// What is sent as one message each, in this order.
    pub parts: Vec<Span>,
    pub statements: Vec<Span>,
    /// Why it cannot run in one transaction; None where it can.
    pub alone: Option<&'static str>,
    /// The tables and columns that go for good with what they hold.
    pub loses: Vec<ObjectPath>,
}

/// Why a migration cannot be run, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoScript {
    pub location: Location,
    pub reason: &'static str,
}

impl Script {
    /// Of its first statements, whatever stands between them, in hexadecimal. None where it has less.
    pub fn checksum_of_first(&self, n_statements: usize) -> Option<String> {
        let spans = self.statements.get(..n_statements)?.iter();
        let texts = spans.map(|span| self.text.get(span.start as usize..span.end as usize));
        Format::Plain.checksum(&texts.collect::<Option<Vec<&str>>>()?.join("\0"))
    }

    /// What is sent as one message each: the whole, where the markers between its parts can be taken for the comments that they are to the
    /// server, else part by part.
    pub fn messages(&self, dialect: Dialect) -> Vec<Span> {
        match self.parts.as_slice() {
            [first, .., last] if dialect == Dialect::Postgres && self.is_cut_between_statements() => {
                vec![Span { start: first.start, end: last.end }]
            }
            parts => parts.to_vec(),
        }
    }

    /// True where each part ends with the end of a statement, and the next one begins with a line.
    fn is_cut_between_statements(&self) -> bool {
        let text = |span: Span| self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let begins_a_line = |part: &Span| text(*part).lines().next().is_none_or(|first| first.trim().is_empty());
        // A backslash may be an escape or not, as the server is set: with one it cannot be told here where a string ends.
        if self.text.contains('\\')
            || self.text.contains("standard_conforming_strings")
            || !self.parts.iter().skip(1).all(begins_a_line)
        {
            return false;
        }
        let mut n_between = 0;
        let mut depth = 0_usize;
        let mut last = TokenKind::Mark(b';');
        for token in tokens(Dialect::Postgres, &self.text) {
            match token.kind {
                TokenKind::Breakpoint if depth > 0 || last != TokenKind::Mark(b';') => return false,
                TokenKind::Breakpoint => {
                    n_between += 1;
                    continue;
                }
                // Of a body in statements, which end with the same mark.
                TokenKind::Word if text(token.span).eq_ignore_ascii_case("atomic") => return false,
                TokenKind::Mark(b'(') => depth += 1,
                TokenKind::Mark(b')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            last = token.kind;
        }
        n_between == self.text.matches(BREAKPOINT).count()
    }

    /// Blanks the statements that make one of these roles, so that places in the text stay. The names of those that were left out.
    pub fn leave_out_roles(&mut self, dialect: Dialect, roles: &[String]) -> Vec<String> {
        let mut left_out = Vec::new();
        for statement in statements(dialect, &self.text.clone()) {
            let Kind::CreateRole { name, .. } = &statement.kind else { continue };
            let range = statement.span.start as usize..statement.span.end as usize;
            if !roles.contains(&name.text) || !self.statements.contains(&statement.span) {
                continue;
            }
            let mut text = self.text.to_string();
            let blank: String = text.get(range.clone()).unwrap_or_default().chars().map(blank).collect();
            if blank.len() == range.len() {
                text.replace_range(range, &blank);
                self.text = Arc::from(text);
                self.statements.retain(|span| *span != statement.span);
                left_out.push(name.text.clone());
            }
        }
        left_out
    }
}

/// As long as the character, and a line end where it is one.
fn blank(character: char) -> &'static str {
    match (character, character.len_utf8()) {
        ('\n', _) => "\n",
        (_, 1) => " ",
        (_, 2) => "  ",
        (_, 3) => "   ",
        _ => "    ",
    }
}

impl History {
    /// What applies the migration at `position`.
    pub fn script(&self, position: usize) -> Result<Script, NoScript> {
        let nothing =
            NoScript { location: Location::start_of(&self.folder.path), reason: "there is no such migration" };
        let (migration, step) = self.folder.migrations.get(position).zip(self.steps.get(position)).ok_or(nothing)?;
        let Some(text) = &step.text else {
            return Err(NoScript { location: Location::start_of(&migration.file), reason: "the file cannot be read" });
        };
        self.script_of(migration, &migration.file, text, step.up, &step.effects)
    }

    /// What takes the migration at `position` back: its file or section for that. None where it has none.
    pub fn script_back(&self, position: usize, files: &dyn Files) -> Option<Result<Script, NoScript>> {
        let (migration, step) = self.folder.migrations.get(position).zip(self.steps.get(position))?;
        if let Some(file) = &migration.down {
            let Ok(text) = read(file, files) else {
                return Some(Err(NoScript { location: Location::start_of(file), reason: "the file cannot be read" }));
            };
            let whole = Span::new(0, text.len());
            return Some(self.script_of(migration, file, &text, whole, &[]));
        }
        let text = step.text.as_ref()?;
        let span = self.folder.format.down(text)?;
        Some(self.script_of(migration, &migration.file, text, span, &[]))
    }

    /// What a text that nobody wrote into a file does to take the migration at `position` back.
    pub fn script_back_of(&self, position: usize, text: &str) -> Option<Script> {
        let migration = self.folder.migrations.get(position)?;
        let mut script =
            self.script_of(migration, &migration.file, &Arc::from(text), Span::new(0, text.len()), &[]).ok()?;
        script.parts = vec![Span::new(0, text.len())];
        Some(script)
    }

    /// The renames that the migration at `position` makes, the old path first.
    pub fn renames_of(&self, position: usize) -> Vec<(ObjectPath, ObjectPath)> {
        let Some(step) = self.steps.get(position) else { return Vec::new() };
        let Some(text) = &step.text else { return Vec::new() };
        let (before, after) = (self.unfolded_before(position), self.unfolded_before(position + 1));
        let default = self.folder.dialect.default_namespace();
        let name_of = |name: &QName| {
            Name::new(name.namespace.as_ref().map_or(default, |it| it.text.as_str()), name.name.text.as_str())
        };
        let moved = |name: &QName, to: &str| Name::new(name_of(name).namespace, to);
        let mut renames = Vec::new();
        for statement in statements(self.folder.dialect, text).iter().filter(|it| it.span.end <= step.up.end) {
            match &statement.kind {
                Kind::AlterRelation { name, actions, .. } => {
                    for action in actions {
                        match action {
                            AlterAction::RenameColumn { from, to } => renames.push((
                                ObjectPath::part(ObjectKind::Column, &name_of(name), from.text.as_str()),
                                ObjectPath::part(ObjectKind::Column, &name_of(name), to.text.as_str()),
                            )),
                            AlterAction::RenameTo { to } => {
                                for kind in [ObjectKind::Table, ObjectKind::View, ObjectKind::Sequence] {
                                    let from = ObjectPath::new(kind, &name_of(name));
                                    renames.push((from, ObjectPath::new(kind, &moved(name, &to.text))));
                                }
                            }
                            _ => {}
                        }
                    }
                }
                Kind::Rename { object, to } if object.part.is_none() => {
                    let from = ObjectPath::new(ObjectKind::Enum, &name_of(&object.name));
                    renames.push((from, ObjectPath::new(ObjectKind::Enum, &moved(&object.name, &to.text))));
                }
                _ => {}
            }
        }
        renames.retain(|(from, to)| before.contains(from) && after.contains(to) && !after.contains(from));
        renames
    }

    /// True where the migration at `position` changes rows, as far as its statements tell.
    pub fn changes_rows(&self, position: usize) -> bool {
        const WORDS: [&str; 8] = ["INSERT", "UPDATE", "DELETE", "TRUNCATE", "MERGE", "COPY", "WITH", "REPLACE"];
        let Some(step) = self.steps.get(position) else { return false };
        let Some(text) = &step.text else { return false };
        statements(self.folder.dialect, text).iter().any(|statement| {
            let own = text.get(statement.span.start as usize..statement.span.end as usize).unwrap_or_default();
            let first = first_words(own).into_iter().next().unwrap_or_default();
            statement.kind == Kind::Nothing && statement.span.end <= step.up.end && WORDS.contains(&first.as_str())
        })
    }

    fn script_of(
        &self,
        migration: &Migration,
        file: &FilePath,
        text: &Arc<str>,
        span: Span,
        effects: &[Effect],
    ) -> Result<Script, NoScript> {
        let Migration { tag, version, when, .. } = migration;
        let dialect = self.folder.dialect;
        let end = span.end as usize;
        let all = statements(dialect, text.get(..end).unwrap_or(text));
        let within: Vec<&Statement> = all.iter().filter(|it| it.span.start >= span.start).collect();
        let location = |statement: &Statement| Location { file: file.clone(), span: statement.span };
        for statement in &within {
            let reason = match &statement.kind {
                Kind::Psql { .. } => "a line for psql or the sqlite3 shell, which no database takes",
                Kind::CopyData => "the rows of COPY … FROM stdin, which only psql sends",
                _ => continue,
            };
            return Err(NoScript { location: location(statement), reason });
        }
        let position = self.position_of_file(&migration.file);
        let applied = position.and_then(|position| self.steps.get(position)?.text.as_deref());
        let previous = position.and_then(|position| self.folder.migrations.get(position.checked_sub(1)?));
        let alone = match self.tool_says_alone(migration, text) {
            true => Some("its tool runs it outside of a transaction"),
            false => alone(dialect, text, &within),
        };
        Ok(Script {
            tag: tag.clone(),
            version: version.clone(),
            previous: previous.map(|it| it.version.clone()),
            when: *when,
            checksum: applied.and_then(|text| self.folder.format.checksum(text)),
            file: file.clone(),
            text: text.clone(),
            parts: parts(self.folder.format, text, span),
            statements: within.iter().map(|statement| statement.span).collect(),
            alone,
            loses: losses(effects, &all),
        })
    }

    /// True where a marker says so; tools that send a text as it comes say nothing of the kind.
    fn tool_says_alone(&self, migration: &Migration, text: &str) -> bool {
        let sends_as_it_is = matches!(self.folder.format, Format::GolangMigrate | Format::Prisma | Format::Plain);
        let says_nothing = sends_as_it_is && migration.in_transaction.is_none();
        !(says_nothing || self.folder.is_in_transaction(migration, text))
    }
}

/// Where the tool sends one message after the other, as it does; a byte order mark is no part of any.
fn parts(format: Format, text: &str, span: Span) -> Vec<Span> {
    let (mut start, end) = (span.start as usize, span.end as usize);
    if start == 0 && text.starts_with('\u{feff}') {
        start = '\u{feff}'.len_utf8();
    }
    if !matches!(format, Format::Drizzle | Format::Drizzle1) {
        return vec![Span::new(start, end)];
    }
    let mut parts = Vec::new();
    let mut at = start;
    for piece in text.get(start..end).unwrap_or_default().split(BREAKPOINT) {
        if !piece.trim().is_empty() {
            parts.push(Span::new(at, at + piece.len()));
        }
        at += piece.len() + BREAKPOINT.len();
    }
    parts
}

/// Why these cannot run in one transaction.
fn alone(dialect: Dialect, text: &str, all: &[&Statement]) -> Option<&'static str> {
    let mut values: Vec<&str> = Vec::new();
    for statement in all {
        let own = text.get(statement.span.start as usize..statement.span.end as usize).unwrap_or_default();
        match &statement.kind {
            Kind::Transaction(Transaction::Begin | Transaction::Commit | Transaction::Rollback) => {
                return Some("it begins or ends transactions of its own");
            }
            _ if dialect == Dialect::Sqlite => {
                if first_words(own).first().is_some_and(|word| word == "VACUUM") {
                    return Some("VACUUM cannot run in a transaction");
                }
                continue;
            }
            Kind::CreateIndex(index) if index.concurrently => {
                return Some("CREATE INDEX CONCURRENTLY cannot run in a transaction");
            }
            Kind::AddEnumValue { value, .. } => {
                values.push(&value.text);
                continue;
            }
            _ => {}
        }
        if values.iter().any(|value| own.contains(&format!("'{}'", value.replace('\'', "''")))) {
            return Some("it uses a value that it adds to an enum, which PostgreSQL does not allow in one transaction");
        }
        let words = first_words(own);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["DROP", "INDEX", "CONCURRENTLY", ..] => {
                return Some("DROP INDEX CONCURRENTLY cannot run in a transaction");
            }
            ["VACUUM", ..] => return Some("VACUUM cannot run in a transaction"),
            ["CREATE" | "DROP", "DATABASE" | "TABLESPACE" | "SUBSCRIPTION", ..] | ["ALTER", "SYSTEM", ..] => {
                return Some(
                    "it changes what no transaction holds: a database, a tablespace, a subscription, the system",
                );
            }
            ["REINDEX", rest @ ..]
                if rest.iter().any(|it| ["CONCURRENTLY", "DATABASE", "SCHEMA", "SYSTEM"].contains(it)) =>
            {
                return Some("REINDEX CONCURRENTLY, SCHEMA and DATABASE cannot run in a transaction");
            }
            ["ALTER", "TABLE", ..] if own.to_ascii_uppercase().contains(" CONCURRENTLY") => {
                return Some("DETACH PARTITION CONCURRENTLY cannot run in a transaction");
            }
            _ => {}
        }
    }
    None
}

/// The first few words, in capitals.
fn first_words(text: &str) -> Vec<String> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    text.split(|character| !is_part(character))
        .filter(|word| !word.is_empty())
        .take(5)
        .map(str::to_ascii_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use source::MemoryFiles;
    use std::path::Path;

    use super::*;

    fn history(format: Format, dialect: Dialect, fixture: &str) -> History {
        crate::read(format, dialect, &FilePath::from(Path::new("/p/m")), &MemoryFiles::new(fixture))
    }

    fn last(format: Format, dialect: Dialect, fixture: &str) -> Result<Script, NoScript> {
        let history = history(format, dialect, fixture);
        history.script(history.steps.len() - 1)
    }

    #[test]
    fn what_cannot_run_in_a_transaction_is_known_by_its_words() {
        for (sql, is_alone) in [
            ("CREATE TABLE t (a int); CREATE INDEX i ON t (a);", false),
            ("CREATE TABLE t (a int); -- one\nCREATE UNIQUE INDEX CONCURRENTLY i ON t (a);", true),
            ("DROP INDEX CONCURRENTLY IF EXISTS i;", true),
            ("VACUUM ANALYZE;", true),
            ("REINDEX TABLE CONCURRENTLY t;", true),
            ("REINDEX TABLE t;", false),
            ("BEGIN; SELECT 1; COMMIT;", true),
            ("ALTER TYPE mood ADD VALUE 'new'; INSERT INTO t VALUES ('old');", false),
            ("ALTER TYPE mood ADD VALUE 'new'; INSERT INTO t VALUES ('new');", true),
            ("REFRESH MATERIALIZED VIEW CONCURRENTLY v;", false),
            ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ BEGIN; COMMIT; VACUUM $$;", false),
        ] {
            let script = last(Format::Plain, Dialect::Postgres, &format!("//- /p/m/1_a.sql\n{sql}\n")).unwrap();
            assert_eq!(script.alone.is_some(), is_alone, "{sql}: {:?}", script.alone);
        }
        let sql = "-- no-transaction\nSELECT 1;";
        assert!(last(Format::Sqlx, Dialect::Postgres, &format!("//- /p/m/1_a.sql\n{sql}")).unwrap().alone.is_some());
        let refused = last(Format::Plain, Dialect::Postgres, "//- /p/m/1_a.sql\nSELECT 1;\n\\connect x\n").unwrap_err();
        assert!(refused.reason.contains("psql") && refused.location.span.start == 10, "{refused:?}");
    }

    #[test]
    fn drizzles_parts_are_between_its_breakpoints() {
        let fixture = "//- /p/m/meta/_journal.json\n{\"entries\":[{\"idx\":0,\"when\":10,\"tag\":\"0000_a\"}]}\n\
            //- /p/m/0000_a.sql\nSELECT 1;\n--> statement-breakpoint\nSELECT 2;--> statement-breakpoint\n\n";
        let script = last(Format::Drizzle, Dialect::Postgres, fixture).unwrap();
        let parts: Vec<&str> =
            script.parts.iter().map(|it| script.text[it.start as usize..it.end as usize].trim()).collect();
        assert_eq!(parts, ["SELECT 1;", "SELECT 2;"]);
        assert_eq!((script.when, script.checksum), (Some(10), Format::Drizzle.checksum(&script.text)));
    }

    #[test]
    fn drizzles_parts_are_sent_as_one_where_that_changes_nothing() {
        const MARK: &str = "--> statement-breakpoint";
        for (sql, expected) in [
            (format!("SELECT 1;\n{MARK}\nSELECT 2;{MARK}\nSELECT '3'"), 1),
            // Without an end the two would be one statement, in one string, or a comment.
            (format!("SELECT 1\n{MARK}\nSELECT 2;"), 2),
            (format!("SELECT 'a\n{MARK}\nb';"), 2),
            (format!("SELECT $$ a\n{MARK}\n$$;"), 2),
            (format!("/* SELECT 1;\n{MARK}\nSELECT 2; */ SELECT 3;"), 2),
            (format!("SELECT 1;{MARK} SELECT 2;"), 2),
            (format!("CREATE RULE r AS ON INSERT TO t DO (SELECT 1;\n{MARK}\nSELECT 2);"), 2),
            (format!("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;\n{MARK}\nSELECT 2; END;"), 2),
            (format!("SELECT 1;{MARK}\nSELECT 2\n{MARK}\nSELECT 3;"), 3),
            // How the server is set decides whether this string ends.
            (format!("SELECT 'a\\';\n{MARK}\nSELECT 2;"), 2),
            (format!("SET standard_conforming_strings = off;\n{MARK}\nSELECT 2;"), 2),
        ] {
            let fixture = format!(
                "//- /p/m/meta/_journal.json\n{{\"entries\":[{{\"idx\":0,\"when\":10,\"tag\":\"0000_a\"}}]}}\n//- /p/m/0000_a.sql\n{sql}\n"
            );
            let script = last(Format::Drizzle, Dialect::Postgres, &fixture).unwrap();
            assert_eq!(script.messages(Dialect::Postgres).len(), expected, "{sql}: {:?}", script.statements);
        }
    }

    #[test]
    fn what_goes_for_good_is_named_and_what_is_renamed_or_made_anew_is_not() {
        let first = "CREATE TABLE a (id int, b int, c int); CREATE TABLE d (id int);";
        for (dialect, sql, expected) in [
            (Dialect::Postgres, "ALTER TABLE a DROP COLUMN b; ALTER TABLE a RENAME COLUMN c TO e;", "public.a.b"),
            (Dialect::Postgres, "DROP TABLE d; ALTER TABLE a RENAME TO d;", "public.d"),
            (Dialect::Postgres, "ALTER TABLE d RENAME TO e;", ""),
            (Dialect::Postgres, "DROP SCHEMA public CASCADE;", "public.a public.d"),
            (Dialect::Postgres, "CREATE TABLE n (id int); DROP TABLE n;", ""),
            (
                Dialect::Sqlite,
                "CREATE TABLE n (id int, c int); INSERT INTO n SELECT id, c FROM a; DROP TABLE a; ALTER TABLE n RENAME TO a;",
                "a.b",
            ),
        ] {
            let fixture = format!("//- /p/m/1_a.sql\n{first}\n//- /p/m/2_b.sql\n{sql}\n");
            let script = last(Format::Plain, dialect, &fixture).unwrap();
            let lost: Vec<String> = script.loses.iter().map(ObjectPath::short).collect();
            let full: Vec<String> = script.loses.iter().map(ToString::to_string).collect();
            assert!(lost.join(" ") == expected || full.join(" ") == expected, "{sql}: {lost:?} {full:?}");
        }
    }

    #[test]
    fn a_role_that_is_there_is_left_out_and_places_stay() {
        let sql = "CREATE ROLE \"é\";\nCREATE ROLE other;\nSELECT 1;\n";
        let mut script = last(Format::Plain, Dialect::Postgres, &format!("//- /p/m/1_a.sql\n{sql}")).unwrap();
        assert_eq!(script.leave_out_roles(Dialect::Postgres, &[String::from("é")]), ["é"]);
        assert_eq!((script.text.len(), script.statements.len()), (sql.len(), 2));
        assert!(script.text.trim_start().starts_with(";\nCREATE ROLE other"), "{}", script.text);
    }

    #[test]
    fn the_way_back_is_a_file_or_a_section() {
        let files =
            MemoryFiles::new("//- /p/m/1_a.up.sql\nCREATE TABLE a (id int);\n//- /p/m/1_a.down.sql\nDROP TABLE a;\n");
        let path = FilePath::from(Path::new("/p/m"));
        let history = crate::read(Format::Sqlx, Dialect::Postgres, &path, &files);
        let back = history.script_back(0, &files).unwrap().unwrap();
        assert!(back.file.ends_with("1_a.down.sql") && &*back.text == "DROP TABLE a;\n");
        assert_eq!(back.checksum, Format::Sqlx.checksum("CREATE TABLE a (id int);\n"));
        let files = MemoryFiles::new(
            "//- /p/m/1_a.sql\n-- migrate:up\nCREATE TABLE a (id int);\n-- migrate:down\nDROP TABLE a;\n",
        );
        let history = crate::read(Format::Dbmate, Dialect::Postgres, &path, &files);
        let back = history.script_back(0, &files).unwrap().unwrap();
        assert_eq!(back.statements.len(), 1);
    }
}
