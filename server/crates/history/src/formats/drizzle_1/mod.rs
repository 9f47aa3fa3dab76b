//! drizzle-kit 1.0: a folder a migration, `<14 digits>_<name>/{migration.sql,snapshot.json}`, and no journal.
//!
//! The migrator runs the folders in the order of their names and keeps those names in its ledger (drizzle-orm/src/migrator.ts).
//! Each snapshot names the ones it continues. On PostgreSQL all but the first hold only what changed.

mod add;
mod graph;
mod integrity;
mod listing;
mod rebase;
mod rebuild;
mod snapshot;

use schema::{Dialect, Schema};
use source::{Diagnostic, FilePath, Files, Location, ReadError, codes};

use super::{Folder, Format, Migration};
pub(super) use add::add;
use listing::Member;
pub(super) use listing::dated_migration;
pub(super) use rebase::rebase;
pub(super) use rebuild::rebuild;

/// Reads a migrations folder.
pub(super) fn read(dialect: Dialect, path: &FilePath, files: &dyn Files) -> Folder {
    let mut folder = Folder::empty(Format::Drizzle1, dialect, path);
    let journal = FilePath::from(path.join("meta/_journal.json"));
    if files.read_head(&journal, 1).is_ok() {
        let message = "this folder has the journal of drizzle-kit 0.x, and drizzle-kit and drizzle-orm 1.0 refuse it";
        let finding = Diagnostic::new(codes::UNSUPPORTED_FORMAT, Location::start_of(&journal), message).with_help(
            "Run `drizzle-kit up`: it moves each migration into a folder of its own and removes the journal.",
        );
        return folder.given_up(finding);
    }
    match listing::read(path, files) {
        Ok(members) => {
            folder.migrations = members.iter().map(migration).collect();
            folder.diagnostics = integrity::check(dialect, &folder.migrations, &members, files);
            folder
        }
        Err(ReadError::NotFound) => folder,
        Err(error) => folder.given_up(super::unreadable_folder(path, &error)),
    }
}

fn migration(member: &Member) -> Migration {
    let listed = if member.has_sql { &member.sql } else { member.snapshot.as_ref().unwrap_or(&member.sql) };
    Migration {
        down: member.down.clone(),
        in_transaction: None,
        tag: member.name.clone(),
        version: member.name.clone(),
        file: member.sql.clone(),
        listed_at: Location::start_of(listed),
        when: listing::milliseconds(&member.name),
        snapshot: member.snapshot.clone(),
    }
}

/// The state that the snapshots up to the one at `position` record together: a database that ran the migrations so far holds
/// the changes of every branch among them.
pub(super) fn read_snapshot(folder: &Folder, position: usize, files: &dyn Files) -> Result<Schema, Box<Diagnostic>> {
    snapshot::state(folder.dialect, folder.migrations.get(..=position).unwrap_or_default(), files)
}

#[cfg(test)]
mod add_tests;
#[cfg(test)]
mod rebuild_tests;
#[cfg(test)]
mod tests;
