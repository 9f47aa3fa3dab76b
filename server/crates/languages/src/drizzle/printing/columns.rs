//! A column: its builder and what is chained to it.

use schema::{Column, ForeignKey, Identity, Table};

use super::Printer;
use super::literals::{integer, object, string};
use super::tables::Inline;
use super::types::Values;

impl Printer<'_> {
    pub(super) fn column(&mut self, table: &Table, column: &Column, inline: &Inline<'_>) -> String {
        let key = self.names.column(&table.name, &column.name).unwrap_or_default().to_owned();
        let comment = self.left_out_of_column(&table.name, column);
        let builder = self.builder(column, wants_opclass(table, column));
        let mut chain = builder.call;
        let is_key = inline.primary_key == Some(column.name.as_str());
        if is_key {
            let options = if column.autoincrement { "{ autoIncrement: true }" } else { "" };
            chain.push_str(&format!(".primaryKey({options})"));
        }
        let is_serial = column.sql_type.canonical.ends_with("serial");
        if column.not_null && !is_key && !is_serial && column.identity.is_none() {
            chain.push_str(".notNull()");
        }
        chain.push_str(&self.default(column, builder.values));
        chain.push_str(&self.generated(column));
        if let Some(identity) = &column.identity {
            chain.push_str(&identity_call(table, column, identity));
        }
        if let Some(unique) = inline.uniques.get(column.name.as_str()) {
            let name = string(&unique.name);
            let nulls = if unique.nulls_not_distinct { ", { nulls: 'not distinct' }" } else { "" };
            chain.push_str(&format!(".unique({name}{nulls})"));
        }
        if let Some(foreign_key) = inline.references.get(column.name.as_str()) {
            chain.push_str(&self.references(table, foreign_key));
        }
        format!("{}{}: {chain},\n", indented(&comment), key)
    }

    /// A column of a view, of which only the type counts.
    pub(super) fn view_column(&mut self, key: &str, column: &Column, is_key: bool) -> String {
        let builder = self.builder(column, false);
        let mut chain = builder.call;
        if is_key {
            chain.push_str(".primaryKey()");
        } else if column.not_null && !column.sql_type.canonical.ends_with("serial") {
            chain.push_str(".notNull()");
        }
        chain.push_str(&self.default(column, Values::Other));
        format!("{key}: {chain},\n")
    }

    fn generated(&mut self, column: &Column) -> String {
        let Some(generated) = &column.generated else { return String::new() };
        let text = generated.expression.text.trim();
        if self.is_postgres() {
            return format!(".generatedAlwaysAs({})", self.sql(text));
        }
        let mode = if generated.stored { "stored" } else { "virtual" };
        format!(".generatedAlwaysAs({}, {{ mode: '{mode}' }})", self.sql(without_parentheses(text)))
    }

    fn references(&mut self, table: &Table, key: &ForeignKey) -> String {
        let target = self.column_of(&key.to, key.to_columns.first().map(String::as_str).unwrap_or_default());
        let is_cyclic = self.cyclic.contains(&(table.name.clone(), key.to.clone()));
        let any = if is_cyclic { format!("(): {}", self.any_column()) } else { String::from("()") };
        let actions: Vec<(&str, String)> = [("onDelete", key.on_delete), ("onUpdate", key.on_update)]
            .into_iter()
            .filter(|(_, action)| *action != schema::ForeignKeyAction::NoAction)
            .map(|(option, action)| (option, string(action.as_str())))
            .collect();
        let actions = if actions.is_empty() { String::new() } else { format!(", {}", object(&actions)) };
        format!(".references({any} => {target}{actions})")
    }

    fn any_column(&mut self) -> &'static str {
        let name = if self.is_postgres() { "AnyPgColumn" } else { "AnySQLiteColumn" };
        self.types.insert(name);
        name
    }
}

/// drizzle-kit refuses an index of a `vector` column without an operator class, and the database has a default one.
fn wants_opclass(table: &Table, column: &Column) -> bool {
    let is_on_it =
        |key: &schema::IndexColumn| key.opclass.is_none() && key.key == schema::IndexKey::Column(column.name.clone());
    column.sql_type.canonical.starts_with("vector") && table.indexes.values().any(|it| it.columns.iter().any(is_on_it))
}

/// `.generatedAlwaysAsIdentity({ … })` with what is not as Drizzle would have it.
fn identity_call(table: &Table, column: &Column, identity: &Identity) -> String {
    let highest = match column.sql_type.canonical.as_str() {
        "integer" => "2147483647",
        "bigint" => "9223372036854775807",
        _ => "32767",
    };
    let mut options = Vec::new();
    if identity.sequence_name != format!("{}_{}_seq", table.name.name, column.name) {
        options.push(("name", string(&identity.sequence_name)));
    }
    options.extend(sequence_options(&identity.options, highest, "-32768"));
    let function = if identity.always { "generatedAlwaysAsIdentity" } else { "generatedByDefaultAsIdentity" };
    format!(".{function}({})", object(&options))
}

/// The options that are not those that drizzle-kit completes a sequence with. `lowest` is that of a descending one.
pub(super) fn sequence_options(
    options: &schema::SequenceOptions,
    highest: &str,
    lowest: &str,
) -> Vec<(&'static str, String)> {
    let descends = options.increment.trim_start().starts_with('-');
    let (lowest, highest) = if descends { (lowest, "-1") } else { ("1", highest) };
    let start = if descends { &options.max_value } else { &options.min_value };
    let all = [
        ("startWith", options.start_with.as_str(), start.as_str()),
        ("increment", &options.increment, "1"),
        ("minValue", &options.min_value, lowest),
        ("maxValue", &options.max_value, highest),
        ("cache", &options.cache, "1"),
    ];
    let said = all.into_iter().filter(|(_, value, usual)| value != usual);
    let mut said: Vec<(&'static str, String)> = said.map(|(key, value, _)| (key, integer(value))).collect();
    if options.cycle {
        said.push(("cycle", String::from("true")));
    }
    said
}

/// The text without parentheses around the whole of it.
fn without_parentheses(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else { return text };
    let mut depth = 0_i32;
    let mut quote = None;
    for character in inner.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
        if depth < 0 {
            return text;
        }
    }
    inner
}

pub(super) fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("{line}\n  ")).collect()
}
