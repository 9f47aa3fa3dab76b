//! The files in `editors/` that are configuration only, for editors that are not driven in a suite: they can be read, and say how the
//! server is started.

use serde_json::{Value, json};
use std::path::Path;

/// What `[language-server.…]` may have, by the book of Helix 25.07.
const HELIX_SERVER_KEYS: [&str; 6] = ["args", "command", "config", "environment", "required-root-patterns", "timeout"];

fn text(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../editors").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn toml(file: &str) -> Value {
    toml::from_str(&text(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn helix_starts_the_server_for_each_language_beside_its_own() {
    let languages = toml("helix/languages.toml");
    let server = languages["language-server"]["driftlens"].as_object().unwrap();
    assert_eq!((&server["command"], &server["args"]), (&json!("driftlens"), &json!(["lsp"])));
    let unknown: Vec<&String> = server.keys().filter(|key| !HELIX_SERVER_KEYS.contains(&key.as_str())).collect();
    assert!(unknown.is_empty(), "Helix knows no {unknown:?}");
    let names: Vec<&str> = languages["language"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|language| language["language-servers"].as_array().unwrap().contains(&json!("driftlens")))
        .map(|language| language["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["typescript", "tsx", "javascript", "sql", "toml"]);
}

#[test]
fn sublime_text_starts_the_server() {
    let settings: Value = serde_json::from_str(&text("sublime/LSP.sublime-settings")).unwrap();
    let client = &settings["clients"]["driftlens"];
    assert_eq!((&client["enabled"], &client["command"]), (&json!(true), &json!(["driftlens", "lsp"])));
    for scope in ["source.ts", "source.sql"] {
        assert!(client["selector"].as_str().unwrap().split(" | ").any(|it| it == scope), "{scope}");
    }
}

#[test]
fn the_extension_for_zed_has_one_version_and_every_language_an_identifier() {
    let (extension, package) = (toml("zed/extension.toml"), toml("zed/Cargo.toml"));
    assert_eq!(extension["version"], package["package"]["version"]);
    let server = &extension["language_servers"]["driftlens"];
    for language in server["languages"].as_array().unwrap() {
        assert!(server["language_ids"][language.as_str().unwrap()].is_string(), "{language}");
    }
}
