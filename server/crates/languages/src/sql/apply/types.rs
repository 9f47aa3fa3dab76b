//! Types of columns and domains: enums and domains found by the search path, `serial` expanded.

use dialects::{expand_serial, quoted_name, sql_type};
use schema::{Dialect, Name, ObjectKey, ObjectKind, ObjectPath, OpaqueKey, OpaqueKind, SqlType};

use crate::sql::State;
use crate::sql::statement::{QName, TypeName};

/// A column's type as it will be stored.
pub(crate) struct ResolvedType {
    pub(crate) sql_type: SqlType,
    /// True for `serial` and its like: the column wants a sequence.
    pub(crate) is_serial: bool,
}

pub(crate) fn resolve(state: &mut State, written: &TypeName) -> ResolvedType {
    let dialect = state.dialect;
    if dialect == Dialect::Sqlite {
        return ResolvedType { sql_type: sql_type(dialect, &written.text, None), is_serial: false };
    }
    if let Some(name) = &written.name {
        if let Some(found) = user_type(state, name) {
            if state.has_uses() {
                state.uses(name.name.span, ObjectPath::new(found.kind, &found.name), false);
            }
            return ResolvedType { sql_type: found.with_dimensions(&written.text), is_serial: false };
        }
        let plain = sql_type(dialect, &written.text, None);
        if let Some(integer) = expand_serial(&plain.canonical) {
            return ResolvedType { sql_type: integer, is_serial: true };
        }
        return ResolvedType { sql_type: plain, is_serial: false };
    }
    ResolvedType { sql_type: sql_type(dialect, &written.text, None), is_serial: false }
}

struct UserType {
    kind: ObjectKind,
    name: Name,
}

impl UserType {
    /// The text without namespace where that is the default one, as Drizzle writes it.
    fn with_dimensions(&self, written: &str) -> SqlType {
        let suffix = "[]".repeat(n_dimensions(written));
        match self.kind {
            ObjectKind::Enum => {
                let text = format!("{}{suffix}", self.name.name);
                sql_type(Dialect::Postgres, &text, Some(self.name.clone()))
            }
            _ => {
                let mut resolved = sql_type(Dialect::Postgres, written, None);
                resolved.canonical = format!("{}{suffix}", quoted_name(Dialect::Postgres, &self.name));
                resolved
            }
        }
    }
}

/// How many pairs of brackets, sizes inside or not, a type ends in.
fn n_dimensions(written: &str) -> usize {
    let mut rest = written.trim_end();
    let mut n_dimensions = 0;
    while let Some((start, size)) = rest.strip_suffix(']').and_then(|inner| inner.rsplit_once('['))
        && size.trim().bytes().all(|byte| byte.is_ascii_digit())
    {
        n_dimensions += 1;
        rest = start.trim_end();
    }
    n_dimensions
}

/// The enum, domain or composite type that a name means.
fn user_type(state: &State, name: &QName) -> Option<UserType> {
    // The commonest types are no one's own.
    if name.namespace.is_none() && is_builtin(&name.name.text) {
        return None;
    }
    state.candidates(name).into_iter().find_map(|name| {
        let kind = if state.schema.enums.contains_key(&name) {
            ObjectKind::Enum
        } else if state.schema.domains.contains_key(&name) {
            ObjectKind::Domain
        } else if state.schema.opaque.contains_key(&type_key(&name)) {
            ObjectKind::Opaque
        } else {
            return None;
        };
        Some(UserType { kind, name })
    })
}

fn is_builtin(name: &str) -> bool {
    matches!(
        name,
        "text" | "uuid" | "jsonb" | "json" | "timestamptz" | "date" | "serial" | "bigserial" | "int4" | "int8"
    )
}

pub(crate) fn type_key(name: &Name) -> OpaqueKey {
    OpaqueKey { kind: OpaqueKind::Type, name: name.clone(), on: None }
}

/// The key of the type that a name means, whatever kind of type it is.
pub(crate) fn find(state: &State, name: &QName) -> Option<ObjectKey> {
    state.candidates(name).into_iter().find_map(|name| {
        let keys = [ObjectKey::Enum(name.clone()), ObjectKey::Domain(name.clone()), ObjectKey::Opaque(type_key(&name))];
        keys.into_iter().find(|key| state.schema.object(key).is_some())
    })
}

pub(crate) fn type_path(name: &Name) -> ObjectPath {
    ObjectPath::new(ObjectKind::Opaque, name)
}
