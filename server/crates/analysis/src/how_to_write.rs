//! What to do about a pending change: the command or the file that a project's migrations come from.

use std::path::Path;

use history::Format;

use crate::configuration::{DesiredSource, ProjectConfig};

/// How the migration that makes a change comes to be.
pub(crate) fn a_change(config: &ProjectConfig) -> String {
    if is_generated(config) {
        return String::from("run `npx drizzle-kit generate`");
    }
    format!("write the migration that makes it, {}", new_file(config))
}

/// How a drop and an addition become a rename.
pub(crate) fn a_rename(config: &ProjectConfig) -> String {
    if is_generated(config) {
        return String::from("`npx drizzle-kit generate` will ask");
    }
    format!("write it as a rename {}", new_file(config))
}

fn is_generated(config: &ProjectConfig) -> bool {
    matches!(config.desired, DesiredSource::Drizzle(_)) && matches!(config.format, Format::Drizzle | Format::Drizzle1)
}

/// `in a new file <version>_<name>.sql of db/migrations`, as the format names its files.
fn new_file(config: &ProjectConfig) -> String {
    let folder = folder(config);
    let name = match config.format {
        // Its journal and snapshots are written by the tool alone.
        Format::Drizzle | Format::Drizzle1 => {
            return String::from("in the file that `npx drizzle-kit generate --custom` makes");
        }
        Format::Plain => return format!("in a new file of {folder}"),
        Format::Sqlx | Format::Dbmate | Format::Goose => "<version>_<name>.sql",
        Format::Supabase => "<timestamp>_<name>.sql",
        Format::GolangMigrate => "<version>_<name>.up.sql",
        Format::Flyway => "V<version>__<name>.sql",
        Format::Diesel => "<version>_<name>/up.sql",
        Format::Prisma => "<timestamp>_<name>/migration.sql",
    };
    format!("in a new file {name} of {folder}")
}

/// The migrations folder by its last two names, which tell it apart where a person reads it.
fn folder(config: &ProjectConfig) -> String {
    let folder: &Path = &config.migrations;
    let above = folder.parent().and_then(Path::file_name);
    let names = [above, folder.file_name()];
    names.into_iter().flatten().map(|name| name.to_string_lossy()).collect::<Vec<_>>().join("/")
}
