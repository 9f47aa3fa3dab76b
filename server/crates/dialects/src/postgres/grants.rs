//! Roles and privileges as SQL.

use schema::{Dialect, ObjectKind, ObjectPath, OpaqueKind, Role};

use super::objects::Objects;
use crate::quote_identifier;
use crate::sql_text::Script;

const DIALECT: Dialect = Dialect::Postgres;

pub(crate) fn create_role(role: &Role) -> String {
    let options = [(role.create_db, "CREATEDB"), (role.create_role, "CREATEROLE"), (!role.inherit, "NOINHERIT")];
    let options: Vec<&str> = options.into_iter().filter_map(|(applies, word)| applies.then_some(word)).collect();
    let with = if options.is_empty() { String::new() } else { format!(" WITH {}", options.join(" ")) };
    format!("CREATE ROLE {}{with}", quote_identifier(DIALECT, &role.name))
}

/// In quotes, unless it is a word that stands for a role.
pub(crate) fn role_name(role: &str) -> String {
    match role {
        "public" | "current_user" | "current_role" | "session_user" => role.to_owned(),
        _ => quote_identifier(DIALECT, role),
    }
}

pub(crate) fn write(objects: &Objects<'_>, script: &mut Script) {
    for grant in objects.schema.grants.values() {
        let Some(on) = target(objects, &grant.on) else { continue };
        let plain = grant.privileges.iter().filter(|it| !grant.with_grant_option.contains(it)).map(String::as_str);
        let to_pass_on = grant.with_grant_option.iter().map(String::as_str);
        for (privileges, end) in [(plain.collect::<Vec<_>>(), ""), (to_pass_on.collect(), " WITH GRANT OPTION")] {
            if privileges.is_empty() {
                continue;
            }
            let statement = format!("GRANT {} ON {on} TO {}{end}", privileges.join(", "), role_name(&grant.to));
            if objects.is_made(&grant.on) {
                script.statement(&statement);
            } else {
                script.statement_as_comment(&statement);
            }
        }
    }
}

/// The object as GRANT names it: relations that hold rows are tables to it.
pub(crate) fn target(objects: &Objects<'_>, path: &ObjectPath) -> Option<String> {
    let class = match path.kind {
        ObjectKind::Table | ObjectKind::View => "TABLE",
        ObjectKind::Sequence => "SEQUENCE",
        ObjectKind::Namespace => "SCHEMA",
        ObjectKind::Enum => "TYPE",
        ObjectKind::Domain => "DOMAIN",
        ObjectKind::Opaque => match objects.opaque_kind(path)? {
            OpaqueKind::Function | OpaqueKind::Aggregate => "FUNCTION",
            OpaqueKind::Procedure => "PROCEDURE",
            OpaqueKind::Type => "TYPE",
            OpaqueKind::Language => "LANGUAGE",
            OpaqueKind::Database => "DATABASE",
            OpaqueKind::Server => "FOREIGN SERVER",
            OpaqueKind::ForeignDataWrapper => "FOREIGN DATA WRAPPER",
            OpaqueKind::Tablespace => "TABLESPACE",
            _ => "TABLE",
        },
        _ => return None,
    };
    Some(format!("{class} {}", objects.text(path)))
}
