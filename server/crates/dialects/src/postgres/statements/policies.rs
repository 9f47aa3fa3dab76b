//! Row level security policies.

use schema::Policy;

use super::DIALECT;
use crate::postgres::grants::role_name;
use crate::quote_identifier;
use crate::sql_text::{in_parentheses, joined};

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

fn conditions(policy: &Policy) -> String {
    let mut text = String::new();
    if !policy.to.is_empty() {
        text.push_str(&format!(" TO {}", joined(policy.to.iter().map(|role| role_name(role)))));
    }
    if let Some(using) = &policy.using {
        text.push_str(&format!(" USING {}", in_parentheses(DIALECT, &using.text)));
    }
    if let Some(with_check) = &policy.with_check {
        text.push_str(&format!(" WITH CHECK {}", in_parentheses(DIALECT, &with_check.text)));
    }
    text
}
