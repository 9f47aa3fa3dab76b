//! Policies, roles and sequences.

use std::rc::Rc;
use std::sync::Arc;

use source::Location;

use super::super::evaluate::{Interpreter, Value};
use super::table::TableSpec;
use super::{Entity, Known, known_string};

/// `pgPolicy(name, config)`.
#[derive(Clone)]
pub(crate) struct PolicySpec {
    pub(crate) name: Known<Arc<str>>,
    pub(crate) config: Value,
    /// The table of `.link(table)`.
    pub(crate) link: Option<Value>,
    pub(crate) site: Location,
    pub(crate) identity: u64,
}

/// `pgRole(name, config)`.
#[derive(Clone)]
pub(crate) struct RoleSpec {
    pub(crate) name: Known<Arc<str>>,
    pub(crate) config: Value,
    pub(crate) is_existing: bool,
    pub(crate) site: Location,
    pub(crate) identity: u64,
}

/// `pgSequence(name, options)`.
pub(crate) struct SequenceSpec {
    pub(crate) name: Known<Arc<str>>,
    pub(crate) namespace: Option<Arc<str>>,
    pub(crate) options: Value,
    pub(crate) site: Location,
    pub(crate) identity: u64,
}

pub(super) fn make_policy(interpreter: &mut Interpreter<'_>, arguments: &[Value], at: &Location) -> Value {
    let name = known_string(interpreter, arguments.first().unwrap_or(&Value::Undefined), at);
    let config = arguments.get(1).cloned().unwrap_or(Value::Undefined);
    let identity = interpreter.identity(at);
    Value::Entity(Entity::Policy(Rc::new(PolicySpec { name, config, link: None, site: at.clone(), identity })))
}

pub(super) fn make_role(interpreter: &mut Interpreter<'_>, arguments: &[Value], at: &Location) -> Value {
    let name = known_string(interpreter, arguments.first().unwrap_or(&Value::Undefined), at);
    let config = arguments.get(1).cloned().unwrap_or(Value::Undefined);
    let identity = interpreter.identity(at);
    Value::Entity(Entity::Role(Rc::new(RoleSpec { name, config, is_existing: false, site: at.clone(), identity })))
}

pub(super) fn make_sequence(
    interpreter: &mut Interpreter<'_>,
    namespace: Option<Arc<str>>,
    arguments: &[Value],
    at: &Location,
) -> Value {
    let name = known_string(interpreter, arguments.first().unwrap_or(&Value::Undefined), at);
    let options = arguments.get(1).cloned().unwrap_or(Value::Undefined);
    let identity = interpreter.identity(at);
    Value::Entity(Entity::Sequence(Rc::new(SequenceSpec { name, namespace, options, site: at.clone(), identity })))
}

pub(super) fn link(policy: &Rc<PolicySpec>, arguments: &[Value]) -> Value {
    let mut linked = (**policy).clone();
    linked.link = arguments.first().cloned();
    Value::Entity(Entity::Policy(Rc::new(linked)))
}

pub(super) fn existing(role: &Rc<RoleSpec>) -> Value {
    let mut known = (**role).clone();
    known.is_existing = true;
    Value::Entity(Entity::Role(Rc::new(known)))
}

impl PolicySpec {
    pub(crate) fn linked_table(&self) -> Option<Rc<TableSpec>> {
        match &self.link {
            Some(Value::Entity(Entity::Table(table))) => Some(table.clone()),
            _ => None,
        }
    }
}
