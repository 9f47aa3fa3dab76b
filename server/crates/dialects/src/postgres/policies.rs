//! Row level security and policies as SQL.

use schema::{Dialect, Name, Policy, Schema, Table};

use super::grants::role_name;
use crate::quote_identifier;
use crate::sql_text::{Script, in_parentheses, joined, quoted};

const DIALECT: Dialect = Dialect::Postgres;

pub(crate) fn write(schema: &Schema, tables: &[&Table], script: &mut Script) {
    for table in tables {
        let name = quoted(DIALECT, &table.name);
        if schema.has_row_level_security(table) {
            script.statement(&format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"));
        }
        if table.force_row_level_security {
            script.statement(&format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"));
        }
    }
    script.section();
    for table in tables {
        table.policies.values().for_each(|policy| script.statement(&create(&table.name, policy)));
    }
    if !schema.policies.is_empty() {
        script.section();
        script.comment("on tables that are made elsewhere");
        schema.policies.values().for_each(|linked| script.statement(&create(&linked.on, &linked.policy)));
    }
}

fn create(table: &Name, policy: &Policy) -> String {
    let (name, table) = (quote_identifier(DIALECT, &policy.name), quoted(DIALECT, table));
    let kind = if policy.permissive { "PERMISSIVE" } else { "RESTRICTIVE" };
    format!("CREATE POLICY {name} ON {table} AS {kind} FOR {}{}", policy.command, conditions(policy))
}

/// ` TO … USING … WITH CHECK …`, as far as there is any.
pub(crate) fn conditions(policy: &Policy) -> String {
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
