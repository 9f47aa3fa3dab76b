//! tsconfig.json made readable for the resolver: one part of it that cannot be loaded must not take away the aliases of the rest.
//!
//! `extends` of a package that is not installed, or of a file that a framework has yet to generate (`.svelte-kit/tsconfig.json`), is common,
//! and the resolver would refuse every import of the project, relative ones too.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// Whether `include`, `exclude` and `files` decide which tsconfig.json a file belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ownership {
    /// As TypeScript decides.
    AsWritten,
    /// The nearest one counts for every file below it, as in the bundlers that run drizzle-kit.
    Nearest,
}

/// The text of a tsconfig file as plain JSON, without the parts that lead nowhere.
pub(crate) fn repair(
    path: &Path,
    text: &str,
    ownership: Ownership,
    is_file: &dyn Fn(&Path) -> bool,
    package_folder: &dyn Fn(&Path, &str) -> Option<PathBuf>,
) -> String {
    let directory = path.parent().unwrap_or(path);
    let mut config = parse_jsonc(text).unwrap_or_default();
    if let Some(extends) = config.get_mut("extends") {
        let parents: Vec<Value> = match extends.take() {
            Value::Array(parents) => parents,
            parent => vec![parent],
        };
        let parents = parents.iter().filter_map(Value::as_str);
        let found = parents.filter_map(|parent| extended(directory, parent, is_file, package_folder));
        *extends = found.map(|path| Value::from(path.to_string_lossy())).collect();
    }
    if let Some(Value::Array(references)) = config.get_mut("references") {
        references.retain(|reference| {
            let target = reference.get("path").and_then(Value::as_str).map(|target| directory.join(target));
            target.is_some_and(|target| is_file(&target) || is_file(&target.join("tsconfig.json")))
        });
    }
    if ownership == Ownership::Nearest {
        for key in ["include", "exclude", "files"] {
            config.remove(key);
        }
    }
    Value::Object(config).to_string()
}

/// JSON with comments and trailing commas, and a byte order mark that some editors write.
fn parse_jsonc(text: &str) -> Option<Map<String, Value>> {
    let mut text = text.trim_start_matches('\u{feff}').to_owned();
    json_strip_comments::strip(&mut text).ok()?;
    match serde_json::from_str(&text) {
        Ok(Value::Object(config)) => Some(config),
        _ => None,
    }
}

fn extended(
    directory: &Path,
    specifier: &str,
    is_file: &dyn Fn(&Path) -> bool,
    package_folder: &dyn Fn(&Path, &str) -> Option<PathBuf>,
) -> Option<PathBuf> {
    let candidates = |target: PathBuf| {
        let with_extension = PathBuf::from(format!("{}.json", target.display()));
        let in_folder = target.join("tsconfig.json");
        [target, with_extension, in_folder].into_iter().find(|path| is_file(path))
    };
    if specifier.starts_with('.') || Path::new(specifier).is_absolute() {
        return candidates(crate::Disk::normalize(&directory.join(specifier)).to_path_buf());
    }
    let installed = directory.ancestors().find_map(|above| candidates(above.join("node_modules").join(specifier)));
    installed.or_else(|| {
        let (name, subpath) = crate::specifier::split(specifier);
        candidates(package_folder(directory, name)?.join(subpath))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, ownership: Ownership, expected: &str) {
        let is_file =
            |path: &Path| path == Path::new("/p/base.json") || path == Path::new("/p/packages/config/strict.json");
        let package_folder = |_: &Path, name: &str| (name == "@p/config").then(|| PathBuf::from("/p/packages/config"));
        let repaired = repair(Path::new("/p/tsconfig.json"), text, ownership, &is_file, &package_folder);
        assert_eq!(repaired, expected);
    }

    #[test]
    fn a_missing_parent_is_left_out_and_a_workspace_parent_found() {
        check(
            r#"{ "extends": ["./base.json", "./.svelte-kit/tsconfig.json", "@tsconfig/node20", "@p/config/strict.json"], }"#,
            Ownership::AsWritten,
            r#"{"extends":["/p/base.json","/p/packages/config/strict.json"]}"#,
        );
    }

    #[test]
    fn comments_and_broken_text_are_survived() {
        check("\u{feff}// c\n{ \"files\": [] /* d */ }", Ownership::AsWritten, r#"{"files":[]}"#);
        check("{ oops", Ownership::AsWritten, "{}");
    }

    #[test]
    fn the_nearest_config_counts_for_every_file() {
        check(r#"{ "include": ["src"], "compilerOptions": {} }"#, Ownership::Nearest, r#"{"compilerOptions":{}}"#);
    }
}
