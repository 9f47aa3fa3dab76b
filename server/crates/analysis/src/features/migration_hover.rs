//! A name in a migration: the object before and after the statement, and what else became of it.

use history::History;
use schema::{ObjectKind, ObjectPath, Schema};
use std::fmt::Write as _;
use std::path::Path;

use super::hover::{About, Hover};
use crate::changed::{self, Changed};
use crate::live::NameInHistory;
use crate::migration_places::{Named, name_at};
use crate::trail::{self, Touch};
use crate::{Project, changed_words, object_line};

/// More migrations than this are counted instead of named.
const MOST_NAMED: usize = 5;

pub(crate) fn hover(project: &Project, file: &Path, offset: u32) -> Option<Hover> {
    let history = project.history.as_deref()?;
    let named = name_at(history, file, offset)?;
    let object = &named.found.object;
    let text = trail::text_of(history, named.at.position);
    let changes = changed::by_statement(history.folder.dialect, named.statement, text);
    let concerning = changes.concerning(object);
    // In a rename, the old name is what it was and the new one what it is.
    let old_name = concerning.iter().find_map(|it| it.name_before(object)).unwrap_or_else(|| object.clone());
    let new_name = concerning.iter().find_map(|it| it.name_after(object)).unwrap_or_else(|| object.clone());
    let (before, after) = history.states_at(named.at.position, named.at.statement);
    let before = object_line::line(&old_name, &around(&before, &old_name));
    let after = object_line::line(&new_name, &around(&after, &new_name));

    let mut markdown = sql(before.as_deref(), after.as_deref());
    // The lines of SQL show what becomes of the object itself.
    let is_of_a_part = |it: &Changed| object.part.is_none() && it.object != new_name;
    for changed in concerning.iter().filter(|it| is_of_a_part(it) || tells_more(it)) {
        let _ = writeln!(markdown, "- here: {}", changed_words::sentence(changed, &changes));
    }
    if before.is_some() && before == after && concerning.is_empty() {
        markdown.push_str("- not changed here\n");
    }
    let earlier = trail::back(history, object, named.at);
    let (later, last_name) = trail::forth(history, &new_name, named.at);
    lines_of_life(history, &named, &earlier, &later, &mut markdown);
    let is_dropped = |touch: &Touch| touch.concerning.iter().any(|it| it.drops(&touch.name));
    if after.is_some() && !later.iter().any(is_dropped) {
        now(project, history, &last_name, &mut markdown);
    }
    let name_after = after.is_some().then(|| new_name.clone());
    let in_history = NameInHistory::new(history, named.at, object, name_after, &earlier, &later);
    let about = About { project: project.id.clone(), object: object.clone(), in_history: Some(in_history) };
    Some(Hover { markdown, span: named.found.location.span, about })
}

/// True for what the lines of SQL do not show.
fn tells_more(changed: &Changed) -> bool {
    matches!(
        changed.deed,
        changed::Deed::Rename(_)
            | changed::Deed::Alter(_)
            | changed::Deed::Grant(..)
            | changed::Deed::Revoke(..)
            | changed::Deed::Comment(_)
            | changed::Deed::Forget
    )
}

/// What is needed to tell of one object, with `serial` as it was written.
fn around(schema: &Schema, object: &ObjectPath) -> Schema {
    if !matches!(object.owner().kind, ObjectKind::Table | ObjectKind::Sequence) {
        return schema.clone();
    }
    let mut small = Schema::new(schema.dialect);
    small.tables.extend(schema.tables.get(&object.name).map(|table| (object.name.clone(), table.clone())));
    let is_owned = |sequence: &schema::Sequence| {
        sequence.name == object.name || sequence.owned_by.as_ref().is_some_and(|(table, _)| *table == object.name)
    };
    let owned = schema.sequences.values().filter(|sequence| is_owned(sequence));
    small.sequences.extend(owned.map(|sequence| (sequence.name.clone(), sequence.clone())));
    if object.kind != ObjectKind::Sequence {
        dialects::fold_serials(&mut small);
    }
    small
}

fn sql(before: Option<&str>, after: Option<&str>) -> String {
    let lines = match (before, after) {
        (Some(before), Some(after)) if before != after => format!("-- before\n{before}\n-- after\n{after}"),
        (_, Some(after)) => after.to_owned(),
        (Some(before), None) => format!("-- before, dropped here\n{before}"),
        (None, None) => String::from("-- not there"),
    };
    format!("```sql\n{lines}\n```\n")
}

fn lines_of_life(history: &History, named: &Named<'_>, earlier: &[Touch], later: &[Touch], markdown: &mut String) {
    if let Some(maker) = earlier.iter().find(|touch| touch.concerning.iter().any(|it| it.creates(&touch.name))) {
        let is_here = maker.at.position == named.at.position;
        let old_name =
            if maker.name == named.found.object { String::new() } else { format!(", as `{}`", maker.name.short()) };
        let tag = if is_here { String::from("this migration") } else { tag(history, maker) };
        let _ = writeln!(markdown, "- made by: {tag}{old_name}");
    }
    let gone = later.iter().find(|touch| touch.concerning.iter().any(|it| it.drops(&touch.name)));
    let mut tags: Vec<String> = later
        .iter()
        .filter(|touch| gone.is_none_or(|gone| gone.at != touch.at))
        .map(|touch| tag(history, touch))
        .collect();
    tags.dedup();
    if !tags.is_empty() {
        let rest = tags.len().saturating_sub(MOST_NAMED);
        let more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
        let shown: Vec<String> = tags.into_iter().take(MOST_NAMED).collect();
        let _ = writeln!(markdown, "- changed later by: {}{more}", shown.join(", "));
    }
    if let Some(gone) = gone {
        let _ = writeln!(markdown, "- dropped by: {}", tag(history, gone));
    }
}

pub(super) fn tag(history: &History, touch: &Touch) -> String {
    let tag = history.folder.migrations.get(touch.at.position).map(|it| it.tag.as_str()).unwrap_or_default();
    format!("`{tag}`")
}

/// What the schema files say of it today, and whether they could say it at all.
fn now(project: &Project, history: &History, name: &ObjectPath, markdown: &mut String) {
    if history.unmanaged.iter().any(|it| it.object == *name) {
        markdown.push_str("- only in the database: hand-written SQL made it, and no snapshot has it\n");
        return;
    }
    let Some(desired) = &project.desired else { return };
    match object_line::line(name, &desired.schema) {
        Some(line) => {
            let _ = writeln!(markdown, "- in the schema files: `{}`", line.replace('`', "'"));
        }
        None if desired.schema.open => {}
        None => markdown.push_str("- not in the schema files\n"),
    }
}
