//! Row-level security policies, in a table's extras or linked to a table.

use std::rc::Rc;

use schema::{ObjectKind, ObjectPath, Policy};
use source::codes;

use super::super::entities::{Entity, Known, PolicySpec, reason};
use super::super::evaluate::Value;
use super::tables::Draft;
use super::{Build, Item};
use crate::Origin;

impl Build<'_, '_> {
    pub(super) fn table_policy(&mut self, draft: &mut Draft, spec: &Rc<PolicySpec>) {
        let focus = self.call_place(&spec.site);
        match self.policy(spec) {
            Ok(policy) => {
                if draft.table.policies.contains_key(&policy.name) {
                    let message = format!("the table {} has two policies named `{}`", draft.table.name, policy.name);
                    let help = "give one of them another name: drizzle-kit refuses both";
                    self.diagnose(codes::DUPLICATE_NAME, &focus, message, help);
                }
                let path = ObjectPath::part(ObjectKind::Policy, &draft.table.name, policy.name.as_str());
                self.origins.push((path, Origin { full: focus.span, focus, related: Vec::new() }));
                draft.table.policies.insert(policy.name.clone(), policy);
            }
            Err(reason) => self.open_part(draft, ObjectKind::Policy, "a policy", &reason, &focus),
        }
    }

    /// An exported policy counts only where it is linked to a table.
    pub(super) fn linked_policy(&mut self, spec: &Rc<PolicySpec>) {
        self.out.identity = spec.identity;
        let focus = self.focus.clone();
        let Some(table) = spec.linked_table() else { return };
        let parts = self.interpreter.table_name(&table).and_then(|name| Ok((name, self.policy(spec)?)));
        match parts {
            Ok((table, policy)) => {
                self.declare(ObjectPath::part(ObjectKind::Policy, &table, policy.name.as_str()), &spec.site);
                self.out.item = Item::Policy(table, policy);
            }
            Err(reason) => {
                self.out.item = Item::Unknown;
                self.unknown(None, "this policy", &reason, &focus);
            }
        }
    }

    fn policy(&mut self, spec: &PolicySpec) -> Known<Policy> {
        let name = spec.name.clone()?.to_string();
        let mut option = |key: &str| match &spec.config {
            Value::Object(config) => match self.interpreter.property(config, key) {
                Value::Unknown(reason) => Err(reason),
                value => Ok(value),
            },
            Value::Unknown(reason) => Err(reason.clone()),
            _ => Ok(Value::Undefined),
        };
        let word = |value: Value| value.as_str().map(|word| word.to_uppercase());
        let kind = word(option("as")?).unwrap_or_else(|| String::from("PERMISSIVE"));
        let command = word(option("for")?).unwrap_or_else(|| String::from("ALL"));
        let to = option("to")?;
        let (using, with_check) = (option("using")?, option("withCheck")?);
        let to = self.roles(&to, spec)?;
        Ok(Policy {
            name,
            permissive: kind == "PERMISSIVE",
            command,
            to,
            using: self.optional_sql(&using, spec)?,
            with_check: self.optional_sql(&with_check, spec)?,
        })
    }

    fn optional_sql(&mut self, value: &Value, spec: &PolicySpec) -> Known<Option<schema::Expression>> {
        match value {
            Value::Entity(Entity::Sql(_)) | Value::Unknown(_) => {
                let text = self.sql_text(value, false, &spec.site)?;
                Ok(Some(dialects::expression(self.dialect, &text)))
            }
            _ => Ok(None),
        }
    }

    fn roles(&mut self, value: &Value, spec: &PolicySpec) -> Known<Vec<String>> {
        let mut names = Vec::new();
        let items = match value {
            Value::Undefined | Value::Null => vec![Value::string("public")],
            Value::Array(items) => items.borrow().clone(),
            other => vec![other.clone()],
        };
        for item in items {
            match item {
                Value::String(name) => names.push(name.to_string()),
                Value::Entity(Entity::Role(role)) => names.push(role.name.clone()?.to_string()),
                Value::Unknown(reason) => return Err(reason),
                _ => return Err(reason(self.interpreter, "a role is neither a name nor a role", &spec.site)),
            }
        }
        names.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
        Ok(names)
    }
}
