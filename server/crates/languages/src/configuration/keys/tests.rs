//! The JSON schema and the manual's table of keys are what the types say.

use std::fmt::Write as _;

use expect_test::expect_file;

use super::*;

fn schema_of<T: JsonSchema>() -> serde_json::Value {
    schemars::schema_for!(T).to_value()
}

/// TOML has no null: a key that says nothing is left out. A paragraph is one line, which an editor wraps itself.
fn without_null(schema: &mut serde_json::Value) {
    use serde_json::Value;
    match schema {
        Value::Object(map) => {
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    map["type"] = only.clone();
                }
            }
            if let Some(Value::Array(choices)) = map.get_mut("anyOf") {
                choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    map.shift_remove("anyOf");
                    map.extend(only);
                }
            }
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            map.values_mut().for_each(without_null);
        }
        Value::Array(list) => list.iter_mut().for_each(without_null),
        _ => {}
    }
}

#[test]
fn the_json_schema_is_what_the_types_say() {
    let mut schema = schema_of::<FileKeys>();
    without_null(&mut schema);
    let mut text = serde_json::to_string_pretty(&schema).unwrap();
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
            "environments" => String::from("tables, each with a `url`, a `kind` and a `seed` command"),
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
