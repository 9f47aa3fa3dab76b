//! The JSON schema and the manual's table of keys are what the types say.

use std::fmt::Write as _;

use expect_test::expect_file;

use super::*;

fn schema_of<T: JsonSchema>() -> serde_json::Value {
    schemars::schema_for!(T).to_value()
}

#[test]
fn the_json_schema_is_what_the_types_say() {
    let mut text = serde_json::to_string_pretty(&schema_of::<FileKeys>()).unwrap();
    text.push('\n');
    expect_file!["../../../../../docs/driftlens.schema.json"].assert_eq(&text);
}

#[test]
fn the_list_of_keys_is_that_of_the_types() {
    let schema = schema_of::<ProjectKeys>();
    let keys: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, KEYS);
}

#[test]
fn every_word_is_read_as_itself() {
    for (word, text) in words::<FolderFormat>() {
        assert!(serde_json::from_value::<FolderFormat>(word.clone().into()).is_ok(), "{word}");
        assert!(!text.is_empty(), "{word} has no text");
    }
    assert_eq!(words::<DialectWord>().into_iter().map(|(word, _)| word).collect::<Vec<_>>(), ["postgresql", "sqlite"]);
}

const BEGIN: &str = "<!-- keys: made from the code by a test -->\n";
const END: &str = "<!-- end of keys -->\n";

#[test]
fn the_manual_lists_the_keys_and_formats_that_there_are() {
    let manual = include_str!("../../../../../docs/configuration.md");
    let (before, rest) = manual.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let schema = schema_of::<ProjectKeys>();
    let mut table = String::from("| key | value | what it says |\n|---|---|---|\n");
    for key in KEYS {
        let value = match key {
            "schema" => String::from("a string or a list of strings"),
            "dialect" => listed::<DialectWord>(),
            "format" => String::from("see below"),
            _ => String::from("a string"),
        };
        let text = schema["properties"][key]["description"].as_str().unwrap().replace('\n', " ");
        let _ = writeln!(table, "| `{key}` | {value} | {text} |");
    }
    table.push_str("\n| `format` | files |\n|---|---|\n");
    for (word, text) in words::<FolderFormat>() {
        let _ = writeln!(table, "| `{word}` | {text} |");
    }
    expect_file!["../../../../../docs/configuration.md"].assert_eq(&format!("{before}{BEGIN}{table}{END}{after}"));
}

fn listed<T: JsonSchema>() -> String {
    words::<T>().iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
