//! Columns: their clause, and `ALTER COLUMN`.

use schema::{Column, Identity, Name, SequenceOptions};

use super::{DIALECT, Types, scalar, short_name};
use crate::quote_identifier;
use crate::sql_text::in_parentheses;

/// `ALTER TABLE … ADD COLUMN`, its own `PRIMARY KEY` included where it has one.
pub fn add_column(types: &Types<'_>, table: &Name, column: &Column, is_primary_key: bool) -> String {
    let mut clause = column_clause(types, column, is_primary_key, None);
    if column.not_null && column.identity.is_some() {
        // drizzle-kit says it here, and not in CREATE TABLE.
        let identity = column.identity.as_ref().map(identity_clause).unwrap_or_default();
        clause = clause.replacen(&format!(" {identity}"), &format!(" NOT NULL {identity}"), 1);
    }
    format!("ALTER TABLE {} ADD COLUMN {clause};", short_name(table))
}

/// `"c" type PRIMARY KEY DEFAULT … GENERATED … NOT NULL`. `inherited_default` is what a column without a default would take over.
pub fn column_clause(
    types: &Types<'_>,
    column: &Column,
    is_primary_key: bool,
    inherited_default: Option<&str>,
) -> String {
    let mut text = format!("{} {}", quote_identifier(DIALECT, &column.name), types.short(&column.sql_type));
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if is_primary_key {
        text.push_str(" PRIMARY KEY");
    }
    match (&column.default, inherited_default) {
        (Some(default), _) => text.push_str(&format!(" DEFAULT {}", scalar(default))),
        (None, Some(text_of_none)) => text.push_str(&format!(" DEFAULT {text_of_none}")),
        (None, None) => {}
    }
    if let Some(generated) = &column.generated {
        let storage = if generated.stored { "STORED" } else { "VIRTUAL" };
        let expression = in_parentheses(DIALECT, &generated.expression.text);
        text.push_str(&format!(" GENERATED ALWAYS AS {expression} {storage}"));
    }
    match &column.identity {
        Some(identity) => text.push_str(&format!(" {}", identity_clause(identity))),
        None if column.not_null => text.push_str(" NOT NULL"),
        None => {}
    }
    text
}

/// `GENERATED ALWAYS AS IDENTITY (sequence name "s" INCREMENT BY 1 …)`.
pub fn identity_clause(identity: &Identity) -> String {
    let when = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    let name = match identity.sequence_name.as_str() {
        "" => String::new(),
        // The sequence lies where its table does: drizzle-kit names it alone.
        name => format!("sequence name {}", quote_identifier(DIALECT, name)),
    };
    format!("GENERATED {when} AS IDENTITY ({name}{})", all_options(&identity.options))
}

/// All numbers spelled out, each behind a blank.
pub(super) fn all_options(options: &SequenceOptions) -> String {
    let SequenceOptions { increment, min_value, max_value, start_with, cache, cycle } = options;
    let numbers = [
        ("INCREMENT BY", increment),
        ("MINVALUE", min_value),
        ("MAXVALUE", max_value),
        ("START WITH", start_with),
        ("CACHE", cache),
    ];
    let stated = numbers.into_iter().filter(|(_, number)| !number.is_empty());
    let mut text: String = stated.map(|(word, number)| format!(" {word} {number}")).collect();
    if *cycle {
        text.push_str(" CYCLE");
    }
    text
}

/// `ALTER TABLE … ALTER COLUMN "c"` and what is to be done with it.
pub fn alter_column(table: &Name, column: &str, action: &str) -> String {
    format!("ALTER TABLE {} ALTER COLUMN {} {action};", short_name(table), quote_identifier(DIALECT, column))
}

/// The `SET …` of each fact in which two identities differ, in drizzle-kit's order.
pub fn set_identity(before: &Identity, after: &Identity) -> Vec<String> {
    let mut actions = Vec::new();
    if before.always != after.always {
        actions.push(format!("SET GENERATED {}", if after.always { "ALWAYS" } else { "BY DEFAULT" }));
    }
    let (old, new) = (&before.options, &after.options);
    let numbers = [
        ("MINVALUE", &old.min_value, &new.min_value),
        ("MAXVALUE", &old.max_value, &new.max_value),
        ("INCREMENT BY", &old.increment, &new.increment),
        ("START WITH", &old.start_with, &new.start_with),
        ("CACHE", &old.cache, &new.cache),
    ];
    let differing = numbers.into_iter().filter(|(_, old, new)| old != new && !new.is_empty());
    actions.extend(differing.map(|(word, _, number)| format!("SET {word} {number}")));
    if old.cycle != new.cycle {
        actions.push(String::from(if new.cycle { "SET CYCLE" } else { "SET NO CYCLE" }));
    }
    if leaves_bounds(old, new) {
        actions.push(String::from("RESTART"));
    }
    actions
}

/// True where no number within the old bounds is within the new ones: the sequence has to begin anew.
pub(super) fn leaves_bounds(old: &SequenceOptions, new: &SequenceOptions) -> bool {
    let number = |text: &str| text.parse::<i128>().ok();
    let bounds = |it: &SequenceOptions| number(&it.min_value).zip(number(&it.max_value));
    let pair = bounds(old).zip(bounds(new));
    pair.is_some_and(|((old_min, old_max), (new_min, new_max))| new_max < old_min || new_min > old_max)
}
