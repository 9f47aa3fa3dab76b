//! A schema as a Mermaid entity-relationship diagram.

use schema::{Name, Schema, Table};
use std::fmt::Write as _;

/// `erDiagram` with every table, its columns and its foreign keys.
pub fn er_diagram(schema: &Schema) -> String {
    let mut text = String::from("erDiagram\n");
    for table in schema.tables.values() {
        entity(table, &mut text);
    }
    for table in schema.tables.values() {
        for key in table.foreign_keys.values() {
            let optional =
                key.columns.iter().any(|name| table.columns.get(name).is_some_and(|column| !column.not_null));
            let cardinality = if optional { "|o--o{" } else { "||--o{" };
            let label = key.columns.join(", ").replace('"', "'");
            let _ = writeln!(text, "    {} {cardinality} {} : \"{label}\"", quoted(&key.to), quoted(&table.name));
        }
    }
    text
}

fn entity(table: &Table, text: &mut String) {
    let _ = writeln!(text, "    {} {{", quoted(&table.name));
    for column in table.columns.values() {
        let in_primary_key = table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name));
        let in_foreign_key = table.foreign_keys.values().any(|key| key.columns.contains(&column.name));
        let is_unique = table.uniques.values().any(|unique| unique.columns.as_slice() == [column.name.clone()]);
        let marks: Vec<&str> = [(in_primary_key, "PK"), (in_foreign_key, "FK"), (is_unique, "UK")]
            .into_iter()
            .filter_map(|(applies, mark)| applies.then_some(mark))
            .collect();
        let marks = if marks.is_empty() { String::new() } else { format!(" {}", marks.join(", ")) };
        let _ = writeln!(text, "        {} {}{marks}", word(&column.sql_type.text), word(&column.name));
    }
    text.push_str("    }\n");
}

fn quoted(name: &Name) -> String {
    let shown = if name.namespace == "public" { name.name.clone() } else { name.to_string() };
    format!("\"{}\"", shown.replace(['"', '%', '\\', '\n', '\r'], "_"))
}

/// Mermaid's attribute words take letters, digits, `_`, `-`, `(`, `)`, `[` and `]`, and start with a letter or `_`.
fn word(text: &str) -> String {
    let word: String = text
        .chars()
        .map(|character| if character.is_alphanumeric() || "_-()[]".contains(character) { character } else { '_' })
        .collect();
    if word.starts_with(|first: char| first.is_alphabetic() || first == '_') { word } else { format!("_{word}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_names_are_what_mermaid_reads() {
        let words: Vec<String> = ["numeric(10, 2)", "2fa", "", "größe", "double precision"].map(word).into();
        assert_eq!(words, ["numeric(10__2)", "_2fa", "_", "größe", "double_precision"]);
        assert_eq!(quoted(&Name::new("public", "100% \"x\"")), "\"100_ _x_\"");
        assert_eq!(quoted(&Name::new("shop", "orders")), "\"shop.orders\"");
    }
}
