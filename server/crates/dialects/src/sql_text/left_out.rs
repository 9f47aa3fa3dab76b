//! What the statements do not make, said in comments: at the head what nothing is known about, at the foot what is known by name only.

use schema::{Name, Schema};

use super::Script;

pub(super) fn write_head(schema: &Schema, script: &mut Script) {
    let is_open = schema.open || schema.tables.values().any(|table| !table.open.is_empty());
    if is_open {
        script.comment("Parts of the schema files could not be told and are missing here.");
    }
    if !schema.unknown.is_empty() {
        let names: Vec<String> = schema.unknown.iter().map(shown).collect();
        script.comment(&one_line(&format!(
            "Statements about these could not be read or contradict each other, so they may look different: {}",
            names.join(", ")
        )));
    }
    let n_left_out = lines(schema).len();
    if n_left_out > 0 {
        let (objects, are) = if n_left_out == 1 { ("object", "is") } else { ("objects", "are") };
        script.comment(&format!("{n_left_out} {objects} {are} not made here: see the end."));
    }
    script.section();
}

pub(super) fn write_foot(schema: &Schema, script: &mut Script) {
    script.section();
    for line in lines(schema) {
        script.comment(&one_line(&line));
    }
}

fn lines(schema: &Schema) -> Vec<String> {
    let by_hand = "made by hand-written SQL";
    let tables = schema.tables.values().filter(|table| table.opaque);
    let tables = tables.map(|table| format!("table {}: {by_hand}", shown(&table.name)));
    let views = schema.views.values().filter(|view| view.existing || view.opaque || view.definition.is_none());
    let views = views.map(|view| {
        let kind = if view.materialized { "materialized view" } else { "view" };
        let reason = if view.existing { "made elsewhere" } else { "its query could not be told" };
        format!("{kind} {}: {reason}", shown(&view.name))
    });
    let unknown = schema.opaque.iter().filter(|(_, object)| object.definition.is_none());
    let objects = unknown.map(|(key, _)| {
        let on = key.on.as_ref().map(|table| format!(" on {}", shown(table))).unwrap_or_default();
        let name = if on.is_empty() { shown(&key.name) } else { key.name.name.clone() };
        format!("{} {name}{on}: {by_hand}", key.kind.as_str())
    });
    tables.chain(views).chain(objects).collect()
}

fn shown(name: &Name) -> String {
    if name.namespace == "public" { name.name.clone() } else { name.to_string() }
}

/// A name may hold any character, and must not end the comment.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
