//! `diesel.toml`: where the migrations are.

use std::path::Path;

use source::FilePath;
use toml::de::DeTable;

use super::joined;

/// The migrations folder that a `diesel.toml` names: `[migrations_directory] dir`, else `migrations` beside it
/// (diesel_cli/src/migrations/mod.rs). A file that cannot be read says nothing.
pub fn migrations(file: &Path, text: &str) -> FilePath {
    let base = file.parent().unwrap_or(Path::new(""));
    let (table, _) = DeTable::parse_recoverable(text);
    let named = table
        .get_ref()
        .get("migrations_directory")
        .and_then(|section| section.get_ref().get("dir"))
        .and_then(|folder| folder.get_ref().as_str());
    joined(base, named.unwrap_or("migrations"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(&*migrations(Path::new("/p/diesel.toml"), text), Path::new(expected), "{text}");
    }

    #[test]
    fn the_folder_is_the_named_one_else_migrations() {
        check("[migrations_directory]\ndir = \"storage/migrations\"\n", "/p/storage/migrations");
        check("[migrations_directory]\ndir = \"../migrations\"\n", "/migrations");
        check("[print_schema]\nfile = \"src/schema.rs\"\n", "/p/migrations");
        check("[migrations_directory]\ndir = 5\n", "/p/migrations");
        check("[migrations_directory\n", "/p/migrations");
        check("", "/p/migrations");
    }
}
