//! Changes of columns, which become an `alter_column` or make the column anew, with all that holds on to it.

use serde_json::Value;

use super::state::Row;
use super::statement::{Facts, Statement, Step, differs, is_true, list, plain_columns, text};

/// What a statement about a changed column is about; None where only the spelling differs. drizzle-kit alters nothing then.
pub(super) fn changed_facts(step: &Step<'_>, before: &Row, after: &Row) -> Option<(Vec<&'static str>, Facts)> {
    let fields = ["type", "typeSchema", "notNull", "dimensions", "default", "generated", "identity"];
    let mut changed: Vec<&'static str> = fields.into_iter().filter(|field| differs(before, after, field)).collect();
    let mut leave = |field: &str| changed.retain(|it| *it != field);
    let is_type_same = is_same_type(&text(before, "type"), &text(after, "type"));
    if is_type_same {
        leave("type");
        if before.fields.get("typeSchema").is_none_or(Value::is_null)
            || after.fields.get("typeSchema").is_none_or(Value::is_null)
        {
            leave("typeSchema");
        }
    }
    if is_same_default(before, after, is_type_same) {
        leave("default");
    }
    let has_generated = after.fields.get("generated").is_some_and(|it| !it.is_null());
    let has_identity = after.fields.get("identity").is_some_and(|it| !it.is_null());
    let keys: Vec<Vec<String>> = step.after.beside("pks", after).map(|key| list(key, "columns")).collect();
    let name = text(after, "name");
    if !(changed.contains(&"generated") && has_generated) {
        let becomes_default = is_true(after, "notNull") && (has_generated || has_identity);
        if becomes_default || keys.iter().any(|key| key.contains(&name)) {
            changed.retain(|it| *it != "notNull");
        }
        if is_of_recreated_enum(step, before) {
            changed.retain(|it| *it != "default");
        }
    }
    if changed.is_empty() {
        return None;
    }
    let is_enum_in = |state: &[Row], column: &Row| {
        let namespace =
            Some(text(column, "typeSchema")).filter(|it| !it.is_empty()).unwrap_or_else(|| String::from("public"));
        let is_it = |row: &Row| {
            row.kind == "enums" && text(row, "schema") == namespace && text(row, "name") == text(column, "type")
        };
        state.iter().any(is_it)
    };
    let is_new_type = changed.iter().any(|it| matches!(*it, "type" | "typeSchema" | "dimensions"));
    let facts = Facts {
        is_enum: is_enum_in(step.after.all, after),
        was_enum: is_new_type && is_enum_in(step.before.all, before),
        is_key: keys.iter().any(|key| *key == [name.as_str()]),
        key_is_gone: false,
    };
    Some((changed, facts))
}

fn is_same_type(before: &str, after: &str) -> bool {
    before == after
        || before == after.replace("numeric", "decimal")
        || after == before.replace("numeric", "decimal")
        || before.replace(",0)", ")") == after
}

fn is_same_default(before: &Row, after: &Row, is_type_same: bool) -> bool {
    let (old, new) = (text(before, "default"), text(after, "default"));
    let is_json = |row: &Row| matches!(text(row, "type").as_str(), "json" | "jsonb");
    let parsed = |text: &str| {
        let inner = text.strip_prefix('\'').and_then(|it| it.strip_suffix('\''))?;
        serde_json::from_str::<Value>(inner).ok()
    };
    if is_json(before)
        && text(before, "type") == text(after, "type")
        && parsed(&old).is_some_and(|it| Some(it) == parsed(&new))
    {
        return true;
    }
    is_type_same && !old.is_empty() && !new.is_empty() && (old == format!("({new})") || new == format!("({old})"))
}

/// True where the enum of a column is made anew in this step, which sets the default too.
fn is_of_recreated_enum(step: &Step<'_>, column: &Row) -> bool {
    let namespace = text(column, "typeSchema");
    let of = |state: &[Row]| {
        let is_it = |row: &&Row| {
            row.kind == "enums" && text(row, "schema") == namespace && text(row, "name") == text(column, "type")
        };
        state.iter().find(is_it).map(|row| list(row, "values"))
    };
    let (Some(old), Some(new)) = (of(step.before.all), of(step.after.all)) else { return false };
    let mut rest = new.iter();
    !old.iter().all(|value| rest.any(|it| it == value))
}

/// A column whose expression changes is dropped and added again: what its indexes, constraints and references lose is made again too.
pub(super) fn recreated(step: &Step<'_>, statements: Vec<Statement>) -> Vec<Statement> {
    let is_recreated = |it: &Statement| {
        it.name == "alter_column"
            && it.is_changed("generated")
            && it.row.fields.get("generated").is_some_and(|it| !it.is_null())
    };
    let (recreated, mut all): (Vec<Statement>, Vec<Statement>) = statements.into_iter().partition(is_recreated);
    let has =
        |all: &[Statement], name: &str, row: &Row| all.iter().any(|it| it.name == name && it.row.key() == row.key());
    for mut statement in recreated {
        let column = statement.row.clone();
        let name = text(&column, "name");
        let add = |all: &mut Vec<Statement>, verb: &str, row: &Row| {
            if !has(all, verb, row) {
                all.push(Statement::new(verb, row));
            }
        };
        for index in step.after.beside("indexes", &column) {
            let items = index.fields.get("columns").and_then(Value::as_array).into_iter().flatten();
            let values: Vec<&str> = items.filter_map(|item| item.get("value").and_then(Value::as_str)).collect();
            if plain_columns(index).contains(&name) || values.iter().any(|it| it.trim_matches('`') == name) {
                add(&mut all, "create_index", index);
            }
        }
        for unique in step.after.beside("uniques", &column).filter(|it| list(it, "columns").contains(&name)) {
            add(&mut all, "add_unique", unique);
        }
        let home = (text(&column, "schema"), text(&column, "table"));
        let references = step.after.all.iter().filter(|row| row.kind == "fks").filter(|row| {
            let from = (text(row, "schema"), text(row, "table")) == home && list(row, "columns").contains(&name);
            from || ((text(row, "schemaTo"), text(row, "tableTo")) == home && list(row, "columnsTo").contains(&name))
        });
        for reference in references {
            if !has(&all, "create_fk", reference) {
                all.push(Statement::new("drop_fk", reference));
                all.push(Statement::new("create_fk", reference));
            }
            all.retain(|it| !(it.name == "recreate_fk" && it.row.key() == reference.key()));
        }
        statement.name = String::from("recreate_column");
        all.push(statement);
    }
    all
}
