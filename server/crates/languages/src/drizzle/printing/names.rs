//! Names in the file: legal identifiers, each once, as near to the database's as they can be.

use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Name, ObjectKind, Schema};

use super::super::entities::natives;

/// Words that cannot name a binding in a module.
const RESERVED: &[&str] = &[
    "abstract",
    "any",
    "arguments",
    "as",
    "async",
    "await",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "constructor",
    "continue",
    "debugger",
    "declare",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "get",
    "globalThis",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "is",
    "let",
    "module",
    "namespace",
    "never",
    "new",
    "null",
    "number",
    "object",
    "of",
    "package",
    "private",
    "protected",
    "public",
    "readonly",
    "require",
    "return",
    "satisfies",
    "set",
    "static",
    "string",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "unique",
    "unknown",
    "using",
    "var",
    "void",
    "while",
    "with",
    "yield",
    "NaN",
    "Infinity",
    "exports",
    "sql",
    // The table inside of its own extras.
    "table",
];

/// What a table of drizzle-orm is besides its columns.
const OF_A_TABLE: &[&str] =
    &["_", "$inferSelect", "$inferInsert", "enableRLS", "getSQL", "shouldOmitSQLParens", "__proto__", "constructor"];

#[derive(Default)]
pub(super) struct Names {
    taken: FxHashSet<String>,
    objects: FxHashMap<(ObjectKind, Name), String>,
    columns: FxHashMap<Name, FxHashMap<String, String>>,
}

impl Names {
    /// Tables choose first: they are what code speaks of most.
    pub(super) fn of(schema: &Schema) -> Names {
        let mut names = Names::default();
        names.taken.extend(RESERVED.iter().map(|word| (*word).to_owned()));
        names.taken.extend(natives::core_exports(schema.dialect).map(str::to_owned));
        for (name, table) in &schema.tables {
            names.choose(ObjectKind::Table, name, "Table");
            names.columns.insert(name.clone(), keys(table.columns.keys()));
        }
        for (name, view) in &schema.views {
            names.choose(ObjectKind::View, name, "View");
            names.columns.insert(name.clone(), keys(view.columns.keys()));
        }
        schema.enums.keys().for_each(|name| names.choose(ObjectKind::Enum, name, "Enum"));
        schema.sequences.keys().for_each(|name| names.choose(ObjectKind::Sequence, name, "Sequence"));
        for policy in schema.policies.keys() {
            names.choose(ObjectKind::Policy, &Name::new("", policy.as_str()), "Policy");
        }
        for role in schema.roles.keys() {
            names.choose(ObjectKind::Role, &Name::new("", role.as_str()), "Role");
        }
        names
    }

    fn choose(&mut self, kind: ObjectKind, name: &Name, word: &str) {
        let plain = identifier(&name.name, &word.to_lowercase());
        let with_namespace = identifier(&format!("{}_{}", name.namespace, name.name), "object");
        let chosen = self.free(&[plain.clone(), with_namespace, format!("{plain}{word}")]);
        self.objects.insert((kind, name.clone()), chosen);
    }

    /// The first that is free, else the last with a number; taken from then on.
    fn free(&mut self, candidates: &[String]) -> String {
        let last = candidates.last().cloned().unwrap_or_default();
        let numbered = (2_u32..).map(|number| format!("{last}{number}"));
        let chosen = candidates.iter().cloned().chain(numbered).find(|it| !self.taken.contains(it)).unwrap_or(last);
        self.taken.insert(chosen.clone());
        chosen
    }

    /// A namespace: `appSchema` where `app` names something else.
    pub(super) fn namespace(&mut self, namespace: &str) -> String {
        let name = Name::new("", namespace);
        if let Some(known) = self.objects.get(&(ObjectKind::Namespace, name.clone())) {
            return known.clone();
        }
        let plain = identifier(namespace, "schema");
        let chosen = self.free(&[plain.clone(), format!("{plain}Schema")]);
        self.objects.insert((ObjectKind::Namespace, name), chosen.clone());
        chosen
    }

    /// A name for a type that is made in the file.
    pub(super) fn custom_type(&mut self, text: &str) -> String {
        let plain = identifier(text, "type");
        self.free(&[plain.clone(), format!("{plain}Type")])
    }

    pub(super) fn object(&self, kind: ObjectKind, name: &Name) -> String {
        self.objects.get(&(kind, name.clone())).cloned().unwrap_or_default()
    }

    /// The key of a column in its table or view; None where there is no such column.
    pub(super) fn column(&self, table: &Name, column: &str) -> Option<&str> {
        self.columns.get(table)?.get(column).map(String::as_str)
    }
}

fn keys<'n>(columns: impl Iterator<Item = &'n String>) -> FxHashMap<String, String> {
    let mut names = Names::default();
    names.taken.extend(OF_A_TABLE.iter().map(|word| (*word).to_owned()));
    columns.map(|column| (column.clone(), names.free(&[identifier(column, "column")]))).collect()
}

/// `created_at` as `createdAt`; what holds no letter or digit as `otherwise`.
fn identifier(name: &str, otherwise: &str) -> String {
    let mut text = String::new();
    for word in name.split(|character| !is_in_identifier(character)).filter(|word| !word.is_empty()) {
        // `ID` is a word, `userID` is one that somebody chose.
        let shouts = !word.chars().any(char::is_lowercase);
        let word = if shouts { word.to_lowercase() } else { word.to_owned() };
        let mut characters = word.chars();
        let first = characters.next();
        match text.is_empty() {
            true => text.extend(first.into_iter().flat_map(char::to_lowercase)),
            false => text.extend(first.into_iter().flat_map(char::to_uppercase)),
        }
        text.extend(characters);
    }
    // What changes its case may leave the letters.
    text.retain(is_in_identifier);
    match text.chars().next() {
        None => otherwise.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{text}"),
        Some(_) => text,
    }
}

/// Letters of every script; symbols that count as letters elsewhere (ⓐ) do not in JavaScript.
fn is_in_identifier(character: char) -> bool {
    let is_letter =
        character.is_alphabetic() && (character.is_lowercase() || character.is_uppercase() || is_caseless(character));
    character.is_ascii_digit()
        || (is_letter && !('\u{2000}'..='\u{2bff}').contains(&character) && character <= '\u{d7ff}')
}

/// Hiragana, Katakana, Han and Hangul.
fn is_caseless(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        let table = [
            ("created_at", "createdAt"),
            ("USER_ID", "userId"),
            ("userID", "userID"),
            ("__private", "private"),
            ("2fa codes", "_2faCodes"),
            ("prénom", "prénom"),
            ("имя", "имя"),
            ("用户", "用户"),
            ("ⓐ-💥", "column"),
            ("", "column"),
            ("a.b", "aB"),
        ];
        for (name, expected) in table {
            assert_eq!(identifier(name, "column"), expected, "{name}");
        }
    }

    #[test]
    fn columns_of_one_table_have_keys_of_their_own() {
        let columns = ["a_b", "aB", "A_B", "get_sql", "_"].map(str::to_owned);
        let keys = keys(columns.iter());
        let shown: Vec<&str> = columns.iter().map(|column| keys[column].as_str()).collect();
        assert_eq!(shown, ["aB", "aB2", "aB3", "getSql", "column"]);
    }
}
