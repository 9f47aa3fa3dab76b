//! The source file behind a package's entry, for packages of the project itself: their `exports` often point at build output that is not there.

use std::path::{Component, Path, PathBuf};

use serde_json::Value;

/// Conditions in the order in which they are likely to lead to source; `types` last, because a declaration file is only a hint.
const CONDITIONS: [&str; 8] = ["source", "development", "bun", "node", "import", "require", "default", "types"];
const SOURCE_EXTENSIONS: [&str; 4] = ["ts", "tsx", "mts", "cts"];
const SCRIPT_EXTENSIONS: [&str; 5] = ["js", "jsx", "mjs", "cjs", "json"];
const BUILT_FOLDERS: [&str; 6] = ["dist", "lib", "build", "out", "esm", "cjs"];

type IsFile<'a> = &'a dyn Fn(&Path) -> bool;

/// The file that `subpath` of the package in `folder` stands for, or what was tried.
pub(crate) fn entry(
    folder: &Path,
    manifest: &Value,
    subpath: &str,
    is_file: IsFile<'_>,
) -> Result<PathBuf, Vec<PathBuf>> {
    let mut targets = Vec::new();
    let key = if subpath.is_empty() { ".".to_owned() } else { format!("./{subpath}") };
    match manifest.get("exports") {
        Some(Value::Object(exports)) if exports.keys().any(|key| key.starts_with('.')) => {
            matching_targets(manifest.get("exports"), &key, &mut targets);
        }
        Some(exports) if subpath.is_empty() => condition_targets(exports, "", &mut targets),
        _ => {}
    }
    if subpath.is_empty() {
        let fields = ["source", "module", "main", "types", "typings"];
        targets.extend(fields.iter().filter_map(|field| manifest.get(field)?.as_str()).map(str::to_owned));
        targets.extend(["src/index", "index", "src/main"].map(str::to_owned));
    } else {
        // What TypeScript's `paths` or a bundler would find although `exports` does not say so.
        targets.extend([subpath.to_owned(), format!("src/{subpath}")]);
    }
    first_source(folder, &targets, is_file)
}

/// What `#specifier` stands for by the `imports` of the package in `folder`; None where they do not name it.
pub(crate) fn import(
    folder: &Path,
    manifest: &Value,
    specifier: &str,
    is_file: IsFile<'_>,
) -> Option<Result<PathBuf, Vec<PathBuf>>> {
    let mut targets = Vec::new();
    matching_targets(manifest.get("imports"), specifier, &mut targets);
    (!targets.is_empty()).then(|| first_source(folder, &targets, is_file))
}

/// The TypeScript file that a built file was made from, if there is one where such files usually are.
pub(crate) fn source_of(path: &Path, is_file: IsFile<'_>) -> Option<PathBuf> {
    let components: Vec<_> = path.components().collect();
    let is_built = |it: &Component<'_>| it.as_os_str().to_str().is_some_and(|it| BUILT_FOLDERS.contains(&it));
    let last = components.iter().rposition(is_built)?;
    // In `dist/esm/a.js` both are output: the package is what lies before the first of the folders in a row.
    let n_outputs = components.get(..=last)?.iter().rev().take_while(|it| is_built(it)).count();
    let package: PathBuf = components.iter().take(last + 1 - n_outputs).collect();
    let below: PathBuf = components.iter().skip(last + 1).collect();
    let candidates = [package.join("src").join(&below), package.join(&below)];
    candidates.iter().find_map(|candidate| with_extensions(candidate, &SOURCE_EXTENSIONS, is_file))
}

/// Source before anything built: a compiled file says less and may be older.
fn first_source(folder: &Path, targets: &[String], is_file: IsFile<'_>) -> Result<PathBuf, Vec<PathBuf>> {
    let paths: Vec<PathBuf> =
        targets.iter().map(|target| crate::Disk::normalize(&folder.join(target)).to_path_buf()).collect();
    let is_declaration = |path: &Path| path.to_str().is_some_and(|it| it.contains(".d."));
    let as_named = paths.iter().filter(|path| !is_declaration(path));
    let source = as_named.clone().find_map(|path| with_extensions(path, &SOURCE_EXTENSIONS, is_file));
    let source = source.or_else(|| paths.iter().find_map(|path| source_of(path, is_file)));
    let source =
        source.or_else(|| as_named.clone().find_map(|path| with_extensions(path, &SCRIPT_EXTENSIONS, is_file)));
    source.ok_or(paths)
}

/// The path itself, or with its script extension replaced, an extension added, or `index` in the folder of that name.
fn with_extensions(path: &Path, extensions: &[&str], is_file: IsFile<'_>) -> Option<PathBuf> {
    let has = |path: &Path| path.extension().and_then(|it| it.to_str()).is_some_and(|it| extensions.contains(&it));
    if has(path) && is_file(path) {
        return Some(path.to_path_buf());
    }
    let text = path.to_str()?;
    let stems =
        [".d.ts", ".d.mts", ".d.cts", ".js", ".jsx", ".mjs", ".cjs"].iter().filter_map(|end| text.strip_suffix(end));
    let stems: Vec<&str> = stems.chain([text]).collect();
    let names = stems.iter().flat_map(|stem| extensions.iter().map(move |extension| format!("{stem}.{extension}")));
    let indexes = extensions.iter().map(|extension| format!("{text}/index.{extension}"));
    names.chain(indexes).map(PathBuf::from).find(|path| is_file(path))
}

/// The targets of a key, exact or with one `*`, in Node's order: the longest prefix first.
fn matching_targets(map: Option<&Value>, key: &str, targets: &mut Vec<String>) {
    let Some(Value::Object(map)) = map else { return };
    if let Some(target) = map.get(key) {
        condition_targets(target, "", targets);
    }
    let mut patterns: Vec<_> = map
        .iter()
        .filter_map(|(pattern, target)| {
            let (prefix, suffix) = pattern.split_once('*')?;
            Some((prefix.len(), key.strip_prefix(prefix)?.strip_suffix(suffix)?, target))
        })
        .collect();
    patterns.sort_by_key(|(prefix_len, ..)| std::cmp::Reverse(*prefix_len));
    for (_, star, target) in patterns {
        condition_targets(target, star, targets);
    }
}

fn condition_targets(target: &Value, star: &str, targets: &mut Vec<String>) {
    match target {
        Value::String(target) => targets.push(target.replace('*', star)),
        Value::Array(options) => options.iter().for_each(|option| condition_targets(option, star, targets)),
        Value::Object(conditions) => {
            for condition in CONDITIONS.iter().filter_map(|name| conditions.get(*name)) {
                condition_targets(condition, star, targets);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(manifest: &str, files: &[&str], subpath: &str, expected: Option<&str>) {
        let manifest = serde_json::from_str(manifest).unwrap();
        let is_file = |path: &Path| files.iter().any(|file| Path::new("/p").join(file) == path);
        let found = entry(Path::new("/p"), &manifest, subpath, &is_file);
        assert_eq!(found.ok(), expected.map(|path| Path::new("/p").join(path)), "{manifest}");
    }

    #[test]
    fn unbuilt_output_leads_to_its_source() {
        let exports =
            r#"{"exports": {".": {"types": "./dist/index.d.ts", "import": "./dist/index.js"}, "./*": "./dist/*.js"}}"#;
        check(exports, &["src/index.ts"], "", Some("src/index.ts"));
        check(exports, &["src/schema/users.ts"], "schema/users", Some("src/schema/users.ts"));
        check(exports, &["src/schema/index.ts"], "schema", Some("src/schema/index.ts"));
        check(exports, &["dist/index.js", "src/index.ts"], "", Some("src/index.ts"));
        check(exports, &["dist/index.js"], "", Some("dist/index.js"));
        check(exports, &[], "", None);
    }

    #[test]
    fn targets_may_be_source_already() {
        check(r#"{"exports": "./main.ts"}"#, &["main.ts"], "", Some("main.ts"));
        check(r#"{"exports": {"default": "./main.ts"}}"#, &["main.ts"], "", Some("main.ts"));
        check(
            r#"{"exports": {"./db": {"node": ["./x.ts", "./db/index.ts"]}}}"#,
            &["db/index.ts"],
            "db",
            Some("db/index.ts"),
        );
        check(r#"{"exports": {"./*.js": "./src/*.ts"}}"#, &["src/a.ts"], "a.js", Some("src/a.ts"));
    }

    #[test]
    fn a_package_without_exports_is_found_by_its_fields_and_folders() {
        check(r#"{"main": "dist/cjs/main.js"}"#, &["src/main.ts"], "", Some("src/main.ts"));
        check(r#"{"main": "./lib/a.js", "source": "./code/a.ts"}"#, &["code/a.ts"], "", Some("code/a.ts"));
        check("{}", &["index.ts"], "", Some("index.ts"));
        check("{}", &["src/schema.ts"], "schema", Some("src/schema.ts"));
        check("{}", &["schema.ts"], "schema.js", Some("schema.ts"));
        check("{}", &["data.json"], "data.json", Some("data.json"));
    }
}
