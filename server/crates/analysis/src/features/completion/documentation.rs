//! What there is to say of a completion once it is looked at.

use languages::drizzle::column_builder;
use schema::{Dialect, ObjectKind, ObjectPath, Schema};
use std::fmt::Write as _;

use super::sql_file::state_before;
use super::{State, Subject};
use crate::features::hover;
use crate::{Analysis, object_line};

/// Markdown; None where the object is no longer there.
pub(super) fn of(analysis: &Analysis, subject: &Subject) -> Option<String> {
    match subject {
        Subject::Builder { dialect, name } => builder(*dialect, name),
        Subject::Object { project, object, state } => {
            let project = analysis.projects.iter().find(|known| known.id == *project)?;
            match state {
                State::Desired => of_object(object, &project.desired.as_ref()?.schema),
                State::History { migration, n_statements } => {
                    let history = project.history.as_deref()?;
                    let position = history.position_of_file(migration)?;
                    of_object(object, &state_before(history, position, *n_statements))
                }
            }
        }
    }
}

fn of_object(object: &ObjectPath, schema: &Schema) -> Option<String> {
    match object.kind {
        ObjectKind::Column => {
            let mut text = hover::column(object, schema)?;
            let comment = crate::words::column_of(object, schema).and_then(|column| column.comment.as_deref());
            comment.iter().for_each(|comment| {
                let _ = writeln!(text, "- comment: {}", one_line(comment));
            });
            Some(text)
        }
        ObjectKind::Enum => hover::enumeration(object, schema),
        ObjectKind::Table => {
            let mut text = format!("```sql\n{}\n```\n", object_line::line(object, schema)?);
            let comment = schema.tables.get(&object.name).and_then(|table| table.comment.as_deref());
            comment.iter().for_each(|comment| {
                let _ = writeln!(text, "- comment: {}", one_line(comment));
            });
            Some(text)
        }
        _ => object_line::line(object, schema).map(|line| format!("```sql\n{line}\n```\n")),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

fn builder(dialect: Dialect, name: &str) -> Option<String> {
    let builder = column_builder(dialect, name)?;
    let options = if builder.options.is_empty() { String::new() } else { format!(", options?: {}", builder.options) };
    let (name, signature) = (builder.name, builder.signature);
    Some(format!("```typescript\n{name}(name?: string{options})\n```\n- SQL type: `{signature}`\n"))
}
