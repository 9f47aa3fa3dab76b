//! Migrations of one branch behind those of another: numbers, times, the chain of snapshots and the journal made anew.

use serde_json::{Map, Value, json};
use source::{Diagnostic, FilePath, Location, codes};

use super::add::{NO_SNAPSHOT, bundle, pretty};
use super::folder::Listing;
use super::snapshot::Head;
use crate::formats::Migration;
use crate::formats::addition::{Manner, Moment, date_digits};
use crate::formats::json_merge::merge;
use crate::formats::rebase::{Branch, Rebased, clashing, json_of, text_of};

/// Puts `moved` of the local branch behind the migrations of `onto`.
pub(in crate::formats) fn rebase(
    onto: &Branch<'_>,
    local: &Branch<'_>,
    moved: &[Migration],
    manner: &Manner,
    moment: &Moment,
) -> Result<Rebased, Box<Diagnostic>> {
    let mut journal = json_of(&Listing::empty(&onto.folder.path).journal, onto.files)?;
    let local_journal = json_of(&Listing::empty(&local.folder.path).journal, local.files)?;
    let next = entries(&journal).filter_map(|it| it.get("idx")?.as_u64()).map(|it| it + 1).max().unwrap_or(0);
    let mut newest = onto.folder.migrations.iter().filter_map(|it| it.when).max().unwrap_or(0);
    let mut last_tag = onto.folder.migrations.last().map(|it| it.tag.clone()).unwrap_or_default();
    let mut last = onto.folder.migrations.iter().rev().find_map(|it| it.snapshot.clone());
    let mut previous_id = last.as_ref().and_then(|file| Head::read(file, onto.files).id);
    // The newest state there, with the local changes so far.
    let mut state = match last.take() {
        Some(file) => json_of(&file, onto.files)?,
        None => Value::Object(Map::new()),
    };
    let mut rebased = Rebased::default();
    for (number, migration) in (next..).zip(moved) {
        let (prefix, name) = migration.tag.split_once('_').unwrap_or((migration.tag.as_str(), ""));
        let new_prefix = next_prefix(prefix, number, &migration.tag, &last_tag, moment);
        let tag = if name.is_empty() { new_prefix.clone() } else { format!("{new_prefix}_{name}") };
        let place = |file: &str| FilePath::from(onto.folder.path.join(file));
        let sql = text_of(&migration.file, local.files)?;
        rebased.put(place(&format!("{tag}.sql")), sql);
        if let Some(down) = &migration.down {
            rebased.put(place(&format!("{tag}{}", super::folder::WAY_BACK)), text_of(down, local.files)?);
        }
        if let Some(file) = &migration.snapshot {
            let then = json_of(file, local.files)?;
            let base = continued(&then, local, onto)?;
            let merged = merge(&body(&base), &body(&state), &body(&then));
            let mut merged = merged.map_err(|clash| clashing(migration, &clash))?;
            if let (Some(fields), Some(own)) = (merged.as_object_mut(), then.as_object()) {
                let ids = [
                    ("id", own.get("id").cloned()),
                    ("prevId", Some(json!(previous_id.as_deref().unwrap_or(NO_SNAPSHOT)))),
                ];
                let mut all: Map<String, Value> =
                    ids.into_iter().filter_map(|(key, it)| Some((key.to_owned(), it?))).collect();
                all.append(fields);
                *fields = all;
            }
            rebased.put(place(&format!("meta/{new_prefix}_snapshot.json")), pretty(&merged));
            previous_id = merged.get("id").and_then(Value::as_str).map(str::to_owned);
            state = merged;
        }
        newest = migration.when.unwrap_or(0).max(newest + 1);
        let mut entry = entries(&local_journal)
            .find(|it| it.get("tag").and_then(Value::as_str) == Some(&migration.tag))
            .cloned()
            .unwrap_or_else(|| json!({}));
        if let Some(fields) = entry.as_object_mut() {
            fields.insert(String::from("idx"), json!(number));
            fields.insert(String::from("when"), json!(newest));
            fields.insert(String::from("tag"), json!(tag));
        }
        if let Some(all) = journal.get_mut("entries").and_then(Value::as_array_mut) {
            all.push(entry);
        }
        rebased.renamed.push((migration.tag.clone(), tag.clone()));
        last_tag = tag;
    }
    if let Some(driver @ ("expo" | "durable-sqlite")) = manner.driver.as_deref() {
        rebased.put(FilePath::from(onto.folder.path.join("migrations.js")), bundle(&journal, driver));
    }
    rebased.put(Listing::empty(&onto.folder.path).journal, pretty(&journal));
    Ok(rebased)
}

/// The number, or the time where times are the prefix; a time that is later than all before it stays.
fn next_prefix(prefix: &str, number: u64, tag: &str, last_tag: &str, moment: &Moment) -> String {
    let is_digits = prefix.bytes().all(|byte| byte.is_ascii_digit());
    let later = |wanted: String| match last_tag.split('_').next().map(str::parse::<u64>) {
        Some(Ok(last)) if wanted.parse::<u64>().is_ok_and(|it| it <= last) => (last + 1).to_string(),
        _ => wanted,
    };
    match prefix.len() {
        4 if is_digits => format!("{number:04}"),
        10 | 14 if is_digits && tag > last_tag => prefix.to_owned(),
        10 if is_digits => later((moment.unix_ms / 1_000).to_string()),
        14 if is_digits => later(date_digits(moment.unix_ms)),
        _ => prefix.to_owned(),
    }
}

/// The snapshot that one continues, in either branch; nothing where it is the first.
fn continued(snapshot: &Value, local: &Branch<'_>, onto: &Branch<'_>) -> Result<Value, Box<Diagnostic>> {
    let Some(id) = snapshot.get("prevId").and_then(Value::as_str).filter(|id| *id != NO_SNAPSHOT) else {
        return Ok(Value::Object(Map::new()));
    };
    for branch in [onto, local] {
        let files = branch.folder.migrations.iter().filter_map(|migration| migration.snapshot.as_ref());
        for file in files {
            if Head::read(file, branch.files).id.as_deref() == Some(id) {
                return json_of(file, branch.files);
            }
        }
    }
    let place = Location::start_of(&local.folder.path);
    let finding = Diagnostic::new(
        codes::MISSING_SNAPSHOT,
        place,
        format!("the snapshot {id}, which a local one continues, is in neither branch"),
    );
    Err(Box::new(
        finding.with_help("Restore it from version control, or delete the local migration and generate it again."),
    ))
}

/// A snapshot without what tells it from others.
fn body(snapshot: &Value) -> Value {
    let mut body = snapshot.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.shift_remove("id");
        fields.shift_remove("prevId");
    }
    body
}

fn entries(journal: &Value) -> impl Iterator<Item = &Value> {
    journal.get("entries").and_then(Value::as_array).into_iter().flatten()
}
