//! Where a snapshot speaks of an object: by the keys on the way to it, looked for in their order. A place for a person, not a parse.

use schema::{Dialect, ObjectKind, ObjectPath};
use source::Span;

/// The key of the object, else of what it belongs to, between its quotes.
pub(crate) fn in_snapshot(text: &str, object: &ObjectPath) -> Option<Span> {
    let (section, keys) = match object.owner().kind {
        ObjectKind::Enum => ("enums", keys(object)),
        ObjectKind::Sequence => ("sequences", keys(object)),
        ObjectKind::View => ("views", keys(object)),
        ObjectKind::Namespace => ("schemas", vec![object.name.name.clone()]),
        ObjectKind::Role => ("roles", vec![object.name.name.clone()]),
        _ => ("tables", keys(object)),
    };
    let start = key_after(text, 0, section)?.end as usize;
    let owner = keys.iter().find_map(|key| key_after(text, start, key))?;
    let inside = object.part.as_deref().and_then(|part| key_after(text, owner.end as usize, part));
    Some(inside.unwrap_or(owner))
}

/// PostgreSQL's snapshots key by `public.users`, SQLite's and old ones by `users`.
fn keys(object: &ObjectPath) -> Vec<String> {
    let namespace = match object.name.namespace.as_str() {
        "" => Dialect::Postgres.default_namespace(),
        namespace => namespace,
    };
    vec![format!("{namespace}.{}", object.name.name), object.name.name.clone()]
}

fn key_after(text: &str, from: usize, key: &str) -> Option<Span> {
    let quoted = serde_json::to_string(key).ok()?;
    let rest = text.get(from..)?;
    let found = rest
        .match_indices(&quoted)
        .find(|(at, _)| rest.get(at + quoted.len()..).is_some_and(|after| after.trim_start().starts_with(':')));
    let (at, _) = found?;
    Some(Span::new(from + at + 1, from + at + quoted.len() - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::Name;

    #[test]
    fn an_object_is_found_inside_what_it_belongs_to() {
        let text = r#"{"tables":{"public.a":{"columns":{"id":{"name":"id"}}},"public.b":{"columns":{"id":{}}}}}"#;
        let column = ObjectPath::part(ObjectKind::Column, &Name::new("public", "b"), "id");
        let span = in_snapshot(text, &column).unwrap();
        assert_eq!(span.text(text), "id");
        assert!(span.start as usize > text.find("public.b").unwrap());
        let gone = ObjectPath::part(ObjectKind::Column, &Name::new("public", "a"), "gone");
        assert_eq!(in_snapshot(text, &gone).unwrap().text(text), "public.a");
        assert_eq!(in_snapshot(text, &ObjectPath::new(ObjectKind::Table, &Name::new("public", "c"))), None);
    }
}
