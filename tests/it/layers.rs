//! ARCHITECTURE.md against the code: who may use whom, which crates there are, and that the engine does no I/O.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

const ENGINE: [&str; 8] = ["source", "schema", "dialects", "languages", "diff", "plan", "history", "analysis"];
/// Crates that wait, watch, walk the disk or talk: nothing for the engine.
const NOT_IN_THE_ENGINE: [&str; 6] = ["ignore", "notify", "oxc_resolver", "sqlx", "tokio", "tower-lsp"];
const NOT_CALLED_BY_THE_ENGINE: [&str; 15] = [
    "std::env::current_dir",
    "std::env::var",
    "std::fs::File::open",
    "std::fs::canonicalize",
    "std::fs::create_dir_all",
    "std::fs::metadata",
    "std::fs::read",
    "std::fs::read_dir",
    "std::fs::read_to_string",
    "std::fs::remove_file",
    "std::fs::write",
    "std::net::TcpStream::connect",
    "std::process::Command::new",
    "std::time::Instant::now",
    "std::time::SystemTime::now",
];

#[test]
fn a_crate_uses_only_what_stands_below_it() {
    let allowed = allowed_by_the_table(&layers(&architecture()));
    for (name, dependencies) in crates() {
        let may_use = allowed.get(&name).unwrap_or_else(|| panic!("the layers table does not name {name}"));
        let own: BTreeSet<String> =
            dependencies.into_iter().filter(|dependency| allowed.contains_key(dependency)).collect();
        let above: Vec<&String> = own.difference(may_use).collect();
        assert!(above.is_empty(), "{name} uses {above:?}; the layers table allows it {may_use:?}");
    }
}

#[test]
fn the_layers_table_and_the_list_of_crates_name_the_crates_of_the_workspace() {
    let architecture = architecture();
    let there_are: Vec<String> = crates().into_keys().collect();
    let in_table: Vec<String> = allowed_by_the_table(&layers(&architecture)).into_keys().collect();
    assert_eq!(in_table, there_are, "the layers table");
    let in_list: BTreeSet<String> = listed_crates(&architecture).into_iter().collect();
    assert_eq!(in_list.into_iter().collect::<Vec<_>>(), there_are, "the list of crates");
}

#[test]
fn the_engine_has_no_dependency_that_does_input_or_output() {
    let crates = crates();
    for engine_crate in ENGINE {
        for forbidden in NOT_IN_THE_ENGINE {
            assert!(!crates[engine_crate].contains(forbidden), "{engine_crate} depends on {forbidden}");
        }
    }
}

#[test]
fn clippy_keeps_input_and_output_out_of_every_engine_crate() {
    let of_the_root = read(&root().join("clippy.toml"));
    let of_source = read(&root().join("server/crates/source/clippy.toml"));
    for method in NOT_CALLED_BY_THE_ENGINE {
        assert!(of_source.contains(&format!("path = \"{method}\"")), "clippy.toml does not disallow {method}");
    }
    for engine_crate in ENGINE {
        let path = root().join("server/crates").join(engine_crate).join("clippy.toml");
        let text = read(&path);
        assert!(text.starts_with(&of_the_root), "{engine_crate}/clippy.toml must begin with the root's clippy.toml");
        assert!(text == of_source, "{engine_crate}/clippy.toml and source/clippy.toml differ");
    }
}

#[test]
fn the_table_is_read_as_it_is_meant() {
    let table = "
| layer | crates |
|---|---|
| faces | cli → lsp, web |
| words | source, schema |
";
    let allowed = allowed_by_the_table(&layers(table));
    let of = |name: &str| allowed[name].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(of("cli"), ["lsp", "schema", "source", "web"]);
    assert_eq!(of("lsp"), ["schema", "source"]);
    assert!(of("source").is_empty());
}

/// What a crate of the table may use: the groups after its own arrow, and every row below. The names in a group may not use
/// each other.
fn allowed_by_the_table(layers: &[Vec<Vec<String>>]) -> BTreeMap<String, BTreeSet<String>> {
    let groups: Vec<&Vec<String>> = layers.iter().flatten().collect();
    let mut allowed = BTreeMap::new();
    for (group_idx, group) in groups.iter().enumerate() {
        let below: BTreeSet<String> = groups[group_idx + 1..].iter().copied().flatten().cloned().collect();
        for name in *group {
            assert!(allowed.insert(name.clone(), below.clone()).is_none(), "the layers table names {name} twice");
        }
    }
    allowed
}

/// The rows of the table whose head is `| layer | crates |`, from top to bottom: groups divided by arrows, names by commas.
fn layers(architecture: &str) -> Vec<Vec<Vec<String>>> {
    let rows = architecture.lines().skip_while(|line| *line != "| layer | crates |").skip(2);
    let rows = rows.map_while(|line| line.strip_prefix('|')?.strip_suffix('|'));
    let layers: Vec<Vec<Vec<String>>> = rows
        .map(|row| {
            let (_, crates) = row.split_once('|').unwrap();
            crates.split('→').map(|group| group.split(',').map(|name| name.trim().to_owned()).collect()).collect()
        })
        .collect();
    assert!(!layers.is_empty(), "ARCHITECTURE.md has no layers table");
    layers
}

/// The names at the head of the lines under `## Crates`: "- `name`: what it holds".
fn listed_crates(architecture: &str) -> Vec<String> {
    let lines = architecture.lines().skip_while(|line| *line != "## Crates").skip(1);
    let lines = lines.take_while(|line| !line.starts_with("## "));
    let names = lines.filter_map(|line| line.strip_prefix("- `")?.split_once("`: "));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// Every crate of the workspace by its folder, with the folders or names of what it depends on, for tests too.
fn crates() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let entry = |package: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap();
        // What only a crate's own tests use may stand anywhere.
        let used = dependencies.iter().filter(|dependency| dependency["kind"] != "dev");
        let names = used.map(|dependency| match dependency["path"].as_str() {
            Some(folder) => last_part(folder),
            None => dependency["name"].as_str().unwrap().to_owned(),
        });
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        (last_part(folder.to_str().unwrap()), names.collect())
    };
    packages.iter().map(entry).collect()
}

fn last_part(path: &str) -> String {
    Path::new(path).file_name().unwrap().to_str().unwrap().to_owned()
}

fn architecture() -> String {
    read(&root().join("ARCHITECTURE.md"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).replace("\r\n", "\n")
}
