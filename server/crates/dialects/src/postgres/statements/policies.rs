//! Row level security policies.

use schema::Policy;

use super::DIALECT;
use crate::postgres::policies::conditions;
use crate::quote_identifier;

/// `on` is the table as the statement is to name it.
pub fn create_policy(on: &str, policy: &Policy) -> String {
    let kind = if policy.permissive { "PERMISSIVE" } else { "RESTRICTIVE" };
    let name = quote_identifier(DIALECT, &policy.name);
    format!("CREATE POLICY {name} ON {on} AS {kind} FOR {}{};", policy.command, conditions(policy))
}

/// For a policy whose kind and command stay, and which loses none of its conditions.
pub fn alter_policy(on: &str, policy: &Policy) -> String {
    format!("ALTER POLICY {} ON {on}{};", quote_identifier(DIALECT, &policy.name), conditions(policy))
}
