//! One file or folder a migrations-folder format: which migrations there are, in which order the tool runs them, what is wrong with the folder.
//!
//! A format does not interpret SQL; it says which part of a file is run, and what the tool's ledger would call it.

mod addition;
mod dbmate;
pub mod detect;
mod diesel;
pub mod drizzle;
mod drizzle_1;
mod findings;
mod flyway;
mod golang_migrate;
mod goose;
mod json_merge;
mod listing;
mod new_file;
mod plain;
mod prisma;
mod rebase;
mod snapshot_text;
mod sqlx;
mod staged;
mod supabase;

pub use addition::{AddedFile, Addition, Content, Manner, Moment, add, file_name_part, rebuild_snapshots};
pub use rebase::{Branch, Rebased, rebase, snapshot_ids};
pub use staged::{STAGED_FOLDER, STAGED_LIST, Staged};

use schema::{Dialect, Schema};
use source::{Diagnostic, FilePath, Files, Location, ReadError, Span, codes};

/// The formats that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// drizzle-kit 0.x: a journal, a file a migration, snapshots.
    Drizzle,
    /// drizzle-kit 1.0: a folder a migration, with its snapshot.
    Drizzle1,
    /// sqlx: `<version>_<description>.sql`, or `.up.sql` with `.down.sql`.
    Sqlx,
    /// Diesel: a folder a migration, `<version>_<name>/{up,down}.sql`.
    Diesel,
    /// Numbered `.sql` files of no known tool.
    Plain,
    /// dbmate: a file with a `-- migrate:up` and a `-- migrate:down` section.
    Dbmate,
    /// golang-migrate: `<version>_<title>.up.sql` and `.down.sql`.
    GolangMigrate,
    /// goose: a file with a `-- +goose Up` and a `-- +goose Down` section.
    Goose,
    /// The Supabase CLI: `supabase/migrations/<timestamp>_<name>.sql`.
    Supabase,
    /// Flyway: `V<version>__<description>.sql`, `R__<description>.sql`.
    Flyway,
    /// Prisma Migrate: a folder a migration, `<timestamp>_<name>/migration.sql`.
    Prisma,
}

/// Every format with the name that a configuration calls it.
pub const FORMATS: &[(&str, Format)] = &[
    ("drizzle", Format::Drizzle),
    ("drizzle-1", Format::Drizzle1),
    ("sqlx", Format::Sqlx),
    ("diesel", Format::Diesel),
    ("plain", Format::Plain),
    ("dbmate", Format::Dbmate),
    ("golang-migrate", Format::GolangMigrate),
    ("goose", Format::Goose),
    ("supabase", Format::Supabase),
    ("flyway", Format::Flyway),
    ("prisma", Format::Prisma),
];

/// One recorded migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// What a person calls it: the file's name without its ending, or the folder's name, such as `0003_brave_hulk`.
    pub tag: String,
    /// What the tool orders by and its ledger holds, such as `20240102030405`; the tag where the tool has nothing shorter.
    pub version: String,
    /// The `.sql` file, whether it exists or not.
    pub file: FilePath,
    /// Where it is listed: the journal's entry; the start of the file where the folder itself is the list.
    pub listed_at: Location,
    /// Milliseconds since 1970, where the tool orders by them.
    pub when: Option<u64>,
    /// Of the state after this migration.
    pub snapshot: Option<FilePath>,
    /// The file that takes it back, where that is a file of its own; a section of the same file is found by [`Format::down`].
    pub down: Option<FilePath>,
    /// Whether it runs in a transaction, where a file beside it or the tool's driver says so and not the text.
    pub in_transaction: Option<bool>,
}

impl Migration {
    /// A migration of a format in which the folder itself is the list.
    fn of_file(tag: impl Into<String>, version: impl Into<String>, file: &FilePath) -> Migration {
        Migration {
            tag: tag.into(),
            version: version.into(),
            file: file.clone(),
            listed_at: Location::start_of(file),
            when: None,
            snapshot: None,
            down: None,
            in_transaction: None,
        }
    }
}

/// A migrations folder as its format has it.
#[derive(Clone, Debug)]
pub struct Folder {
    pub format: Format,
    pub dialect: Dialect,
    pub path: FilePath,
    /// In the order in which the tool runs them on an empty database.
    pub migrations: Vec<Migration>,
    pub diagnostics: Vec<Diagnostic>,
    /// The journal, where the format has one and the folder holds it.
    pub journal: Option<FilePath>,
    /// True where it cannot be told which migrations there are (an unreadable journal).
    pub unreadable: bool,
}

impl Folder {
    /// A folder without migrations.
    pub fn empty(format: Format, dialect: Dialect, path: &FilePath) -> Folder {
        Folder {
            format,
            dialect,
            path: path.clone(),
            migrations: Vec::new(),
            diagnostics: Vec::new(),
            journal: None,
            unreadable: false,
        }
    }

    /// The state that the snapshot of the migration at `position` records; None where it has none.
    pub fn read_snapshot(&self, position: usize, files: &dyn Files) -> Option<Result<Schema, Box<Diagnostic>>> {
        let file = self.migrations.get(position)?.snapshot.as_ref()?;
        match self.format {
            Format::Drizzle => Some(drizzle::read_snapshot(self.dialect, file, files)),
            Format::Drizzle1 => Some(drizzle_1::read_snapshot(self, position, files)),
            Format::Sqlx | Format::Diesel | Format::Plain | Format::Dbmate | Format::GolangMigrate => None,
            Format::Goose | Format::Supabase | Format::Flyway | Format::Prisma => None,
        }
    }

    /// The folder as one whose migrations cannot be told.
    fn given_up(mut self, finding: Diagnostic) -> Folder {
        self.diagnostics.push(finding);
        self.unreadable = true;
        self
    }

    /// True where a new migration can have a file or a section for the way back that the tool does not run as a migration.
    pub fn takes_ways_back(&self) -> bool {
        match self.format {
            Format::Diesel | Format::Dbmate | Format::Goose | Format::GolangMigrate => true,
            Format::Drizzle | Format::Drizzle1 | Format::Plain | Format::Prisma => true,
            // sqlx-cli reverts all migrations of a folder or none.
            Format::Sqlx => self.migrations.last().is_some_and(|migration| migration.down.is_some()),
            // The Supabase CLI runs every dated file, and Flyway's community edition refuses `U` files.
            Format::Supabase | Format::Flyway => false,
        }
    }

    /// False where the tool runs `migration`, whose text is `text`, outside of a transaction.
    pub fn is_in_transaction(&self, migration: &Migration, text: &str) -> bool {
        migration.in_transaction.unwrap_or_else(|| self.format.is_in_transaction(text))
    }
}

impl Format {
    /// The part of a migration's text that is run to apply it.
    pub fn up(self, text: &str) -> Span {
        match self {
            Format::Drizzle | Format::Drizzle1 => Span::new(0, text.len()),
            Format::Sqlx | Format::Diesel | Format::Plain | Format::GolangMigrate => Span::new(0, text.len()),
            Format::Supabase | Format::Flyway | Format::Prisma => Span::new(0, text.len()),
            Format::Dbmate => dbmate::read_text(text).up,
            Format::Goose => goose::read_text(text).up,
        }
    }

    /// The part of a migration's text that takes it back, in the formats that keep it in the same file.
    pub fn down(self, text: &str) -> Option<Span> {
        match self {
            Format::Drizzle | Format::Drizzle1 => None,
            Format::Sqlx | Format::Diesel | Format::Plain | Format::GolangMigrate => None,
            Format::Supabase | Format::Flyway | Format::Prisma => None,
            Format::Dbmate => dbmate::read_text(text).down,
            Format::Goose => goose::read_text(text).down,
        }
    }

    /// What the tool's ledger holds to notice a changed file; None where it holds nothing of the kind.
    pub fn checksum(self, text: &str) -> Option<String> {
        match self {
            // drizzle-orm/src/migrator.ts: sha256 of the whole text, in hexadecimal.
            // Ours for folders of no known tool is the same.
            Format::Drizzle | Format::Drizzle1 | Format::Plain => {
                use sha2::{Digest, Sha256};
                Some(Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect())
            }
            Format::Sqlx => Some(sqlx::checksum(text)),
            Format::Flyway => Some(flyway::checksum(text)),
            Format::Prisma => Some(prisma::checksum(text)),
            // Their ledgers hold versions only; the Supabase CLI's also holds the statements, but nothing compares them.
            Format::Diesel | Format::Dbmate => None,
            Format::GolangMigrate | Format::Goose | Format::Supabase => None,
        }
    }

    /// False where the tool runs the migration outside of a transaction, as far as the text tells: [`Folder::is_in_transaction`]
    /// knows what stands beside it too.
    pub fn is_in_transaction(self, text: &str) -> bool {
        match self {
            Format::Drizzle | Format::Drizzle1 => true,
            Format::Sqlx => sqlx::is_in_transaction(text),
            Format::Flyway => flyway::is_in_transaction(text),
            Format::Dbmate => dbmate::read_text(text).in_transaction,
            Format::Goose => goose::read_text(text).in_transaction,
            // diesel_migrations/src/migration_harness.rs (2.3) opens one; supabase's pkg/migration/file.go (2.x) sends one
            // batch, which the server runs as one.
            Format::Diesel | Format::Supabase => true,
            // They send the text as it is. PostgreSQL still runs several statements that come in one message as one.
            Format::GolangMigrate | Format::Prisma | Format::Plain => false,
        }
    }
}

/// Reads a folder. Never fails: what is wrong with it is in the diagnostics. One that does not exist is an empty one.
pub fn read(format: Format, dialect: Dialect, folder: &FilePath, files: &dyn Files) -> Folder {
    match Staged::interrupted(folder, files) {
        Some(staged) => {
            let visible = staged::WithoutStaged::new(files, folder, &staged);
            let mut read = read_visible(format, dialect, folder, &visible);
            read.diagnostics.push(staged.finding(folder));
            read
        }
        None => read_visible(format, dialect, folder, files),
    }
}

fn read_visible(format: Format, dialect: Dialect, folder: &FilePath, files: &dyn Files) -> Folder {
    match format {
        Format::Drizzle => drizzle::read(dialect, folder, files),
        Format::Drizzle1 => drizzle_1::read(dialect, folder, files),
        Format::Sqlx => sqlx::read(dialect, folder, files),
        Format::Diesel => diesel::read(dialect, folder, files),
        Format::Plain => plain::read(dialect, folder, files),
        Format::Dbmate => dbmate::read(dialect, folder, files),
        Format::GolangMigrate => golang_migrate::read(dialect, folder, files),
        Format::Goose => goose::read(dialect, folder, files),
        Format::Supabase => supabase::read(dialect, folder, files),
        Format::Flyway => flyway::read(dialect, folder, files),
        Format::Prisma => prisma::read(dialect, folder, files),
    }
}

/// The format of a Drizzle project's `out` folder, by what lies there: 1.0 refuses a folder with a journal, and 0.x knows no
/// folder a migration. An empty one is what the installed drizzle-kit would write.
pub fn drizzle_format(folder: &FilePath, files: &dyn Files) -> Format {
    if files.read_head(&folder.join("meta/_journal.json"), 1).is_ok() {
        return Format::Drizzle;
    }
    let entries = files.list(folder).unwrap_or_default();
    let is_one = match entries.iter().all(|entry| entry.name.starts_with('.')) {
        true => is_one_installed(folder, files),
        false => entries.iter().any(|entry| drizzle_1::dated_migration(entry, files).is_some()),
    };
    if is_one { Format::Drizzle1 } else { Format::Drizzle }
}

/// True where the drizzle-kit that the project would run is 1.0 or later: it decides while no migration does.
fn is_one_installed(folder: &FilePath, files: &dyn Files) -> bool {
    #[derive(serde::Deserialize)]
    struct Package {
        version: String,
    }
    let manifest = |place: &std::path::Path| files.read(&place.join("node_modules/drizzle-kit/package.json")).ok();
    let installed = folder.ancestors().find_map(manifest);
    let package = installed.and_then(|text| serde_json::from_str::<Package>(&text).ok());
    let major = package.and_then(|package| package.version.split('.').next()?.parse::<u32>().ok());
    major.is_some_and(|major| major >= 1)
}

/// A migrations folder that cannot be listed.
fn unreadable_folder(path: &FilePath, error: &ReadError) -> Diagnostic {
    Diagnostic::new(codes::UNREADABLE_JOURNAL, Location::start_of(path), format!("the migrations folder {error}"))
        .with_help("Check the `out` entry of the Drizzle configuration and the folder's permissions.")
}

#[cfg(test)]
mod tests;
