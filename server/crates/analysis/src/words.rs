//! Changes and objects in plain words.

use schema::{Action, Alteration, Aspect, Change, Column, ObjectKind, ObjectPath, Schema};

/// The word for an object's kind.
pub(crate) fn kind_word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::EnumValue => "enum value",
        ObjectKind::PrimaryKey => "primary key",
        ObjectKind::Unique => "unique constraint",
        ObjectKind::ForeignKey => "foreign key",
        ObjectKind::Check => "check",
        ObjectKind::RowLevelSecurity => "row level security",
        other => other.as_str(),
    }
}

/// `index users_email_idx of users`, `column users.email`.
pub fn object(path: &ObjectPath) -> String {
    let kind = kind_word(path.kind);
    match (path.kind, &path.part) {
        (ObjectKind::RowLevelSecurity, _) => format!("row level security of `{}`", path.owner().short()),
        (ObjectKind::PrimaryKey, _) => format!("the primary key of `{}`", path.owner().short()),
        (ObjectKind::Column, Some(_)) | (_, None) => format!("{kind} `{}`", path.short()),
        (ObjectKind::EnumValue, Some(value)) => format!("value `{value}` of enum `{}`", path.owner().short()),
        (_, Some(part)) => format!("{kind} `{part}` of `{}`", path.owner().short()),
    }
}

/// What stands in the way of a plan, a line each; of many the first.
pub fn obstacles(obstacles: &[plan::Obstacle]) -> String {
    const SHOWN: usize = 8;
    let mut lines: Vec<String> =
        obstacles.iter().take(SHOWN).map(|it| format!("\n  {}: {}", it.object, it.reason)).collect();
    if obstacles.len() > SHOWN {
        lines.push(format!("\n  and {} more", obstacles.len() - SHOWN));
    }
    lines.concat()
}

/// What a pending change is, in one sentence.
pub(crate) fn pending(change: &Change, desired: &Schema) -> String {
    let what = object(&change.object);
    match &change.action {
        Action::Create if change.object.kind == ObjectKind::RowLevelSecurity => {
            format!("{what} is switched on here, but in no migration")
        }
        Action::Drop if change.object.kind == ObjectKind::RowLevelSecurity => {
            format!("{what} is switched off here, but in no migration")
        }
        Action::Create => {
            let detail = column_of(&change.object, desired).map(|column| format!(" ({})", type_and_facts(column)));
            format!("{what}{} is in no migration", detail.unwrap_or_default())
        }
        Action::Drop => format!("{what} is gone from the schema, but no migration drops it"),
        Action::Alter(alterations) => {
            let parts: Vec<String> = alterations.iter().map(alteration).collect();
            format!("{what} differs from the migrations: {}", parts.join("; "))
        }
    }
}

fn alteration(alteration: &Alteration) -> String {
    let text = |value: &Option<String>| match value {
        Some(value) => format!("`{value}`"),
        None => String::from("none"),
    };
    if alteration.aspect == Aspect::NotNull {
        let now = if alteration.to.as_deref() == Some("true") { "NOT NULL" } else { "nullable" };
        let before = if now == "NOT NULL" { "nullable" } else { "NOT NULL" };
        return format!("{before} there, {now} here");
    }
    format!("{} {} there, {} here", alteration.aspect.as_str(), text(&alteration.from), text(&alteration.to))
}

/// The column a path names.
pub(crate) fn column_of<'s>(path: &ObjectPath, schema: &'s Schema) -> Option<&'s Column> {
    if path.kind != ObjectKind::Column {
        return None;
    }
    let columns = schema
        .tables
        .get(&path.name)
        .map(|table| &table.columns)
        .or_else(|| schema.views.get(&path.name).map(|view| &view.columns))?;
    columns.get(path.part.as_deref()?)
}

/// `varchar(255) NOT NULL DEFAULT 'x'`.
pub(crate) fn type_and_facts(column: &Column) -> String {
    let mut text = if column.unknown.sql_type { String::from("unknown type") } else { column.sql_type.text.clone() };
    if column.not_null {
        text.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        text.push_str(" DEFAULT ");
        text.push_str(&default.text);
    }
    text
}
