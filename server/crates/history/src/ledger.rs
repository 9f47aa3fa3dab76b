//! A folder of migrations beside what a database's ledger says of it.

use rustc_hash::FxHashSet;

use crate::formats::Format;
use crate::reader::History;

/// One row of a ledger, as far as its tool fills it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerRow {
    /// What the tool calls the migration: its version, or its name.
    pub key: String,
    /// Milliseconds since 1970, where the tool orders by them.
    pub when: Option<u64>,
    /// In hexadecimal, as [`Format::checksum`] gives it.
    pub checksum: Option<String>,
    /// True where it was begun and did not end well.
    pub is_failed: bool,
}

/// How a migration of the folder stands to a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MigrationState {
    Applied,
    /// Applied, but its file says something else now.
    Modified,
    Unapplied,
    /// Not applied, though a later one is: most tools pass over it without a word.
    Skipped,
    /// Begun, and not ended well.
    Failed,
}

impl MigrationState {
    pub fn is_applied(self) -> bool {
        matches!(self, MigrationState::Applied | MigrationState::Modified)
    }
}

/// A whole folder beside a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderState {
    /// One for each migration of the folder.
    pub states: Vec<MigrationState>,
    /// What the ledger has and the folder has not.
    pub missing: Vec<String>,
    /// Rows of drizzle-orm 0.x beside a folder of 1.0, with the names that 1.0 gives them.
    pub unnamed: Vec<(LedgerRow, String)>,
}

impl FolderState {
    /// The positions of the migrations in a state.
    pub fn positions(&self, state: MigrationState) -> Vec<usize> {
        self.states.iter().enumerate().filter(|(_, it)| **it == state).map(|(position, _)| position).collect()
    }

    /// What was begun and did not end well counts as not applied, so that it is gone on with.
    pub fn take_up_failed(&mut self) {
        for state in self.states.iter_mut().filter(|state| **state == MigrationState::Failed) {
            *state = MigrationState::Unapplied;
        }
    }
}

/// How each migration stands to a database whose ledger has these rows; no rows where there is no ledger.
pub fn folder_state(history: &History, rows: &[LedgerRow]) -> FolderState {
    let format = history.folder.format;
    let mut used: FxHashSet<usize> = FxHashSet::default();
    let mut states = Vec::with_capacity(history.folder.migrations.len());
    let mut unnamed = Vec::new();
    let second = |when: Option<u64>| when.map(|it| it / 1000);
    for (position, migration) in history.folder.migrations.iter().enumerate() {
        let text = history.steps.get(position).and_then(|step| step.text.clone());
        let checksum = text.as_deref().and_then(|text| format.checksum(text));
        let is_same = |row: &LedgerRow| row.checksum.is_some() && row.checksum == checksum;
        // drizzle-orm/src/up-migrations: several of one second are told apart by their texts.
        let is_alone =
            || history.folder.migrations.iter().filter(|it| second(it.when) == second(migration.when)).count() == 1;
        let is_it = |row: &LedgerRow| match format {
            Format::Drizzle => row.when == migration.when,
            // Rows that an older migrator wrote have no name.
            Format::Drizzle1 if row.key.is_empty() => {
                second(row.when) == second(migration.when) && (is_alone() || is_same(row))
            }
            Format::Drizzle1 => row.key == migration.tag,
            Format::Plain | Format::Prisma => row.key == migration.tag,
            // One row stands for all up to it.
            Format::GolangMigrate => number(&migration.version) <= number(&row.key) && !row.key.is_empty(),
            _ => {
                row.key == migration.version
                    || (number(&row.key).is_some() && number(&row.key) == number(&migration.version))
            }
        };
        // A migration that only got another time is the one that was applied.
        let found = rows.iter().position(is_it).or_else(|| {
            matches!(format, Format::Drizzle | Format::Drizzle1).then(|| rows.iter().position(is_same)).flatten()
        });
        let row = found.and_then(|it| rows.get(it));
        used.extend(found);
        if let Some(row) = row.filter(|row| format == Format::Drizzle1 && row.key.is_empty()) {
            unnamed.push((row.clone(), migration.tag.clone()));
        }
        states.push(match row {
            None => MigrationState::Unapplied,
            Some(row)
                if row.is_failed
                    && (format != Format::GolangMigrate || number(&row.key) == number(&migration.version)) =>
            {
                MigrationState::Failed
            }
            Some(row) if row.checksum.is_some() && checksum.is_some() && !is_same(row) => MigrationState::Modified,
            Some(_) => MigrationState::Applied,
        });
    }
    let last = states.iter().rposition(|state| state.is_applied());
    for state in states.iter_mut().take(last.unwrap_or_default()) {
        if *state == MigrationState::Unapplied {
            *state = MigrationState::Skipped;
        }
    }
    let rest = rows.iter().enumerate().filter(|(position, row)| !used.contains(position) && !is_nothing(format, row));
    let missing = rest
        .map(|(_, row)| if row.key.is_empty() { row.checksum.clone().unwrap_or_default() } else { row.key.clone() });
    FolderState { missing: missing.collect(), states, unnamed }
}

/// Rows that stand for no migration: goose's first one.
fn is_nothing(format: Format, row: &LedgerRow) -> bool {
    format == Format::Goose && row.key == "0"
}

fn number(text: &str) -> Option<u128> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|_| text.chars().all(|it| it.is_ascii_digit() || it == '-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use MigrationState::{Applied, Modified, Skipped, Unapplied};
    use schema::Dialect;
    use source::{FilePath, MemoryFiles};

    fn check(format: Format, fixture: &str, rows: &[LedgerRow], states: &[MigrationState], missing: &[&str]) {
        let path = FilePath::from(std::path::Path::new("/p/m"));
        let history = crate::read(format, Dialect::Postgres, &path, &MemoryFiles::new(fixture));
        let found = folder_state(&history, rows);
        assert_eq!(found.states, states);
        assert_eq!(found.missing, missing);
    }

    fn row(key: &str, checksum: Option<String>) -> LedgerRow {
        LedgerRow { key: key.to_owned(), checksum, ..LedgerRow::default() }
    }

    #[test]
    fn a_version_is_looked_for_as_a_number() {
        let three = "//- /p/m/0001_a.sql\nSELECT 1;\n//- /p/m/0002_b.sql\nSELECT 2;\n//- /p/m/0003_c.sql\nSELECT 3;\n";
        let sum = |text: &str| Format::Sqlx.checksum(text);
        let rows = [row("1", sum("SELECT 1;\n")), row("3", sum("other")), row("9", None)];
        check(Format::Sqlx, three, &rows, &[Applied, Skipped, Modified], &["9"]);
        check(Format::Sqlx, three, &[], &[Unapplied; 3], &[]);
    }

    #[test]
    fn one_row_of_golang_migrate_stands_for_all_before_it() {
        let three = "//- /p/m/1_a.up.sql\n;\n//- /p/m/2_b.up.sql\n;\n//- /p/m/3_c.up.sql\n;\n";
        check(Format::GolangMigrate, three, &[row("2", None)], &[Applied, Applied, Unapplied], &[]);
    }

    #[test]
    fn rows_of_an_older_drizzle_get_the_names_of_their_migrations() {
        let fixture = "//- /p/m/20240101000000_a/migration.sql\nSELECT 1;\n//- /p/m/20240101000000_b/migration.sql\nSELECT 2;\n\
            //- /p/m/20240101000001_c/migration.sql\nSELECT 3;\n";
        let path = FilePath::from(std::path::Path::new("/p/m"));
        let history = crate::read(Format::Drizzle1, Dialect::Postgres, &path, &MemoryFiles::new(fixture));
        let row = |when: u64, text: &str| LedgerRow {
            when: Some(when),
            checksum: Format::Drizzle1.checksum(text),
            ..LedgerRow::default()
        };
        let first = 1_704_067_200_000;
        let rows = [row(first + 7, "SELECT 2;\n"), row(first + 1_500, "edited"), row(5, "gone")];
        let found = folder_state(&history, &rows);
        assert_eq!(found.states, [Skipped, Applied, Modified]);
        let names: Vec<&str> = found.unnamed.iter().map(|(_, tag)| tag.as_str()).collect();
        assert_eq!((names, found.missing.len()), (vec!["20240101000000_b", "20240101000001_c"], 1));
    }

    #[test]
    fn drizzle_goes_by_time_and_by_hash_where_the_time_was_changed() {
        let journal = r#"{"entries":[{"idx":0,"when":10,"tag":"0000_a"},{"idx":1,"when":20,"tag":"0001_b"},{"idx":2,"when":30,"tag":"0002_c"}]}"#;
        let fixture = format!(
            "//- /p/m/meta/_journal.json\n{journal}\n//- /p/m/0000_a.sql\nSELECT 1;\n//- /p/m/0001_b.sql\nSELECT 2;\n//- /p/m/0002_c.sql\nSELECT 3;\n"
        );
        let row = |when: u64, text: &str| LedgerRow {
            when: Some(when),
            checksum: Format::Drizzle.checksum(text),
            ..LedgerRow::default()
        };
        check(
            Format::Drizzle,
            &fixture,
            &[row(10, "SELECT 1;\n"), row(25, "SELECT 2;\n")],
            &[Applied, Applied, Unapplied],
            &[],
        );
        let gone = Format::Drizzle.checksum("gone").unwrap();
        check(
            Format::Drizzle,
            &fixture,
            &[row(10, "edited"), row(30, "SELECT 3;\n"), row(5, "gone")],
            &[Modified, Skipped, Applied],
            &[&gone],
        );
    }
}
