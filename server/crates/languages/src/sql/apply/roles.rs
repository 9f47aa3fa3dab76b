//! Roles, of which only a few facts are managed.

use schema::{Object, ObjectKey, ObjectKind, ObjectPath, Role};

use super::exists_already;
use crate::sql::State;
use crate::sql::statement::{Ident, RoleOptions};

pub(crate) fn create(state: &mut State, name: &Ident, options: &RoleOptions) {
    if state.has_uses() {
        state.uses(name.span, ObjectPath::global(ObjectKind::Role, name.text.as_str()), true);
    }
    if state.schema.roles.contains_key(&name.text) {
        exists_already(state, name.span, "role", &name.text);
        return;
    }
    let role = Role { name: name.text.clone(), create_db: false, create_role: false, inherit: true };
    put(state, with(role, options));
}

/// Roles belong to the whole server: one that no migration made is somebody else's.
pub(crate) fn alter(state: &mut State, name: &Ident, options: &RoleOptions) {
    if let Some(role) = state.schema.roles.get(&name.text).cloned() {
        put(state, with(role, options));
    }
}

fn with(mut role: Role, options: &RoleOptions) -> Role {
    role.create_db = options.create_db.unwrap_or(role.create_db);
    role.create_role = options.create_role.unwrap_or(role.create_role);
    role.inherit = options.inherit.unwrap_or(role.inherit);
    role
}

pub(crate) fn put(state: &mut State, role: Role) {
    state.set(ObjectKey::Role(role.name.clone()), Some(Object::Role(role)));
}
