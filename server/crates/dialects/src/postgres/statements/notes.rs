//! What is said about objects: privileges and comments.

use schema::{Grant, ObjectPath, Schema};

use super::literal;
use crate::postgres::grants::role_name;
use crate::postgres::objects::Objects;
use crate::postgres::{comments, grants};

/// The objects of a schema as GRANT and COMMENT ON name them.
pub struct Targets<'a> {
    objects: Objects<'a>,
}

impl<'a> Targets<'a> {
    /// Statements about objects of this schema.
    pub fn of(schema: &'a Schema) -> Targets<'a> {
        Targets { objects: Objects::new(schema) }
    }
}

/// None for an object that COMMENT ON has no word for. No text takes the comment away.
pub fn comment_on(targets: &Targets<'_>, path: &ObjectPath, text: Option<&str>) -> Option<String> {
    let target = comments::target(&targets.objects, path)?;
    Some(format!("COMMENT ON {target} IS {};", text.map_or_else(|| String::from("NULL"), literal)))
}

/// One statement for the plain privileges and one for those that may be passed on.
pub fn grant(targets: &Targets<'_>, grant: &Grant) -> Vec<String> {
    let Some(on) = grants::target(&targets.objects, &grant.on) else { return Vec::new() };
    let is_passed_on = |privilege: &&String| grant.with_grant_option.contains(privilege);
    let plain: Vec<&str> = grant.privileges.iter().filter(|it| !is_passed_on(it)).map(String::as_str).collect();
    let to_pass_on: Vec<&str> = grant.with_grant_option.iter().map(String::as_str).collect();
    let groups = [(plain, ""), (to_pass_on, " WITH GRANT OPTION")];
    let stated = groups.into_iter().filter(|(privileges, _)| !privileges.is_empty());
    stated
        .map(|(privileges, end)| format!("GRANT {} ON {on} TO {}{end};", privileges.join(", "), role_name(&grant.to)))
        .collect()
}

/// None for an object that REVOKE has no word for.
pub fn revoke(targets: &Targets<'_>, on: &ObjectPath, role: &str, privileges: &[String]) -> Option<String> {
    let on = grants::target(&targets.objects, on)?;
    Some(format!("REVOKE {} ON {on} FROM {};", privileges.join(", "), role_name(role)))
}
