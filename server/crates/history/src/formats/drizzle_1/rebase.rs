//! Migrations of one branch behind those of another: their snapshots continue all that the other branch ends with.

use serde_json::{Map, Value, json};
use source::{Diagnostic, FilePath};

use crate::formats::Migration;
use crate::formats::addition::{Moment, date_digits};
use crate::formats::json_merge::merge;
use crate::formats::rebase::{Branch, Rebased, clashing, json_of, text_of};

use super::graph::{Graph, NOTHING, Node};
use super::snapshot::row_name;

/// Puts `moved` of the local branch behind the migrations of `onto`.
pub(in crate::formats) fn rebase(
    onto: &Branch<'_>,
    local: &Branch<'_>,
    moved: &[Migration],
    moment: &Moment,
) -> Result<Rebased, Box<Diagnostic>> {
    let there = Graph::read(&onto.folder.migrations, onto.files);
    let here = Graph::read(&local.folder.migrations, local.files);
    let ends: Vec<&Node> = there.heads().into_iter().filter_map(|position| there.nodes.get(position)).collect();
    let mut previous_ids: Vec<String> = ends.iter().map(|node| node.id.clone()).collect();
    if previous_ids.is_empty() {
        previous_ids.push(NOTHING.to_owned());
    }
    // The newest state there with the local changes so far, where snapshots hold whole states.
    let mut state = match ends.as_slice() {
        [end] if !end.is_diff => Some(json_of(&end.file, onto.files)?),
        _ => None,
    };
    let mut last_tag = onto.folder.migrations.last().map(|it| it.tag.clone()).unwrap_or_default();
    let mut rebased = Rebased::default();
    for migration in moved {
        let name = migration.tag.split_once('_').map_or(migration.tag.as_str(), |(_, name)| name);
        let tag = match migration.tag > last_tag {
            true => migration.tag.clone(),
            false => format!("{}_{name}", later(&last_tag, moment)),
        };
        let place = |file: &str| FilePath::from(onto.folder.path.join(&tag).join(file));
        if let Some(down) = &migration.down {
            rebased.put(place("down.sql"), text_of(down, local.files)?);
        }
        if let Some(file) = &migration.snapshot {
            let mut snapshot = json_of(file, local.files)?;
            let is_diff = snapshot.get("type").and_then(Value::as_str) == Some("diff");
            if let (false, Some(onto_state)) = (is_diff, &state) {
                let continued = snapshot.pointer("/prevIds/0").and_then(Value::as_str).unwrap_or(NOTHING);
                let base = node(&here, continued)
                    .map(|it| (it, local))
                    .or_else(|| node(&there, continued).map(|it| (it, onto)));
                let base = base.map(|(node, branch)| json_of(&node.file, branch.files)).transpose()?;
                let merged = merge(&rows(&base.unwrap_or_default()), &rows(onto_state), &rows(&snapshot));
                let merged = merged.map_err(|clash| clashing(migration, &clash))?;
                let rows: Vec<Value> = merged.as_object().into_iter().flat_map(|rows| rows.values().cloned()).collect();
                set(&mut snapshot, "ddl", Value::Array(rows));
                state = Some(snapshot.clone());
            } else if !is_diff && !there.nodes.is_empty() {
                return Err(clashing(migration, &[String::from("the whole state, in more than one line,")]));
            }
            set(&mut snapshot, "prevIds", json!(previous_ids));
            previous_ids = snapshot.get("id").and_then(Value::as_str).map(str::to_owned).into_iter().collect();
            rebased.put(place("snapshot.json"), serde_json::to_string_pretty(&snapshot).unwrap_or_default());
        }
        rebased.put(place("migration.sql"), text_of(&migration.file, local.files)?);
        rebased.renamed.push((migration.tag.clone(), tag.clone()));
        last_tag = tag;
    }
    Ok(rebased)
}

fn node<'g>(graph: &'g Graph, id: &str) -> Option<&'g Node> {
    graph.find(id).and_then(|position| graph.nodes.get(position))
}

/// The rows of a snapshot by what tells each from the others.
fn rows(snapshot: &Value) -> Value {
    let rows = snapshot.get("ddl").and_then(Value::as_array).into_iter().flatten();
    let named: Map<String, Value> = rows.filter_map(|row| Some((row_name(row)?, row.clone()))).collect();
    Value::Object(named)
}

fn set(snapshot: &mut Value, key: &str, value: Value) {
    if let Some(fields) = snapshot.as_object_mut() {
        fields.insert(key.to_owned(), value);
    }
}

/// The time of a folder's name, behind the last one.
fn later(last_tag: &str, moment: &Moment) -> String {
    let now = date_digits(moment.unix_ms);
    match last_tag.get(..14).map(str::parse::<u64>) {
        Some(Ok(last)) if now.parse::<u64>().is_ok_and(|now| now <= last) => (last + 1).to_string(),
        _ => now,
    }
}
