//! A `supabase` folder: its migrations, and the schema files that its `config.toml` may name.

use std::path::Path;

use source::{FilePath, Files};
use toml::de::DeTable;

use super::sql_files;

/// The schema files of a `supabase` folder in the order in which they are run: what `[db.migrations] schema_paths` of `config.toml`
/// names, relative to the folder, pattern by pattern; else all SQL files below `schemas`, sorted by path
/// (supabase/cli, `loadDeclaredSchemas` of internal/db/diff/diff.go).
pub fn schema_files(folder: &Path, files: &dyn Files) -> Vec<FilePath> {
    let text = files.read(&folder.join("config.toml"));
    let patterns = text.as_deref().map(schema_paths).unwrap_or_default();
    if patterns.is_empty() {
        return sql_files(folder, "schemas/**/*.sql", files);
    }
    let mut found: Vec<FilePath> = Vec::new();
    for file in patterns.iter().flat_map(|pattern| sql_files(folder, pattern, files)) {
        if !found.contains(&file) {
            found.push(file);
        }
    }
    found
}

fn schema_paths(text: &str) -> Vec<String> {
    let (table, _) = DeTable::parse_recoverable(text);
    let paths = table
        .get_ref()
        .get("db")
        .and_then(|section| section.get_ref().get("migrations"))
        .and_then(|section| section.get_ref().get("schema_paths"))
        .and_then(|list| list.get_ref().as_array());
    paths
        .into_iter()
        .flat_map(|list| list.iter())
        .filter_map(|path| path.get_ref().as_str())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::MemoryFiles;

    const SCHEMAS: [&str; 3] = ["schemas/b.sql", "schemas/a/z.sql", "schemas/notes.md"];

    fn check(config: Option<&str>, expected: &[&str]) {
        let mut files = MemoryFiles::new("");
        for path in SCHEMAS {
            files.set(format!("/p/supabase/{path}").as_str(), "");
        }
        if let Some(config) = config {
            files.set("/p/supabase/config.toml", config);
        }
        let base = Path::new("/p/supabase");
        let found = schema_files(base, &files);
        let found: Vec<_> = found.iter().map(|path| path.strip_prefix(base).unwrap().to_str().unwrap()).collect();
        assert_eq!(found, expected, "{config:?}");
    }

    #[test]
    fn schema_files_are_the_named_ones_else_all() {
        let all = ["schemas/a/z.sql", "schemas/b.sql"];
        check(None, &all);
        check(Some("[db]\nport = 54322\n"), &all);
        check(Some("[db.migrations]\nschema_paths = []\n"), &all);
        check(
            Some("[db.migrations]\nschema_paths = [\"./schemas/b.sql\", \"./schemas/**/*.sql\"]\n"),
            &["schemas/b.sql", "schemas/a/z.sql"],
        );
        check(Some("[db.migrations]\nschema_paths = [\"./none/*.sql\"]\n"), &[]);
        check(Some("[db.migrations\n"), &all);
    }
}
