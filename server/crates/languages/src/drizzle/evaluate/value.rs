//! The values of the interpreter. Every one that declares something knows the place that made it.

use schema::Map;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use source::Location;

use super::super::entities::Entity;
use super::interpreter::Scope;
use super::modules::Package;
use crate::typescript::syntax::{ExprId, Function as Code};

/// Why a value is unknown, and where that comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) message: String,
    pub(crate) location: Location,
    /// The value comes out of an npm package that is not Drizzle: such a value is never a table.
    pub(crate) is_foreign: bool,
}

#[derive(Clone)]
pub(crate) enum Value {
    Undefined,
    Null,
    Boolean(bool),
    Number(f64),
    BigInt(Arc<str>),
    String(Arc<str>),
    /// Milliseconds since 1970.
    Date(f64),
    Regex(Arc<str>),
    Array(Rc<RefCell<Vec<Value>>>),
    Object(Rc<Object>),
    Function(Rc<Function>),
    Native(Native),
    /// A method taken off its receiver.
    Method(Rc<(Value, Arc<str>)>),
    /// `import * as x` of a project file, by its number.
    Module(usize),
    Entity(Entity),
    Unknown(Rc<Reason>),
}

/// Something the interpreter knows how to call without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Native {
    /// `Object.keys`, `String`, `Date.UTC`, … and the objects they hang on.
    Global(Arc<str>),
    /// An export of a Drizzle package, or a member of one (`sql.raw`).
    Drizzle(Package, Arc<str>),
    /// All exports of a Drizzle package.
    Package(Package),
}

/// A function of the project with what it closes over.
pub(crate) struct Function {
    pub(crate) code: Arc<Code>,
    pub(crate) scope: Rc<Scope>,
}

/// Where a property was written.
#[derive(Clone, Debug)]
pub(crate) struct PropertyOrigin {
    /// The key.
    pub(crate) key: Location,
    /// Key and value.
    pub(crate) full: Location,
    /// The spread that brought the property here, the outermost one last.
    pub(crate) spreads: Vec<Location>,
}

pub(super) enum Lazy {
    Ready(Value),
    Pending(ExprId, Rc<Scope>),
    Getter(Arc<Code>, Rc<Scope>),
    Busy,
}

pub(crate) struct Slot {
    pub(super) value: RefCell<Lazy>,
    pub(crate) origin: Option<PropertyOrigin>,
}

/// An object: properties in order, each evaluated when it is first asked for.
#[derive(Default)]
pub(crate) struct Object {
    pub(super) slots: RefCell<Map<Arc<str>, Rc<Slot>>>,
    /// Set where the object may hold more than is listed.
    pub(super) open: RefCell<Option<Rc<Reason>>>,
}

impl Object {
    pub(crate) fn set(&self, key: Arc<str>, value: Value) {
        self.set_slot(key, Rc::new(Slot { value: RefCell::new(Lazy::Ready(value)), origin: None }));
    }

    pub(super) fn set_slot(&self, key: Arc<str>, slot: Rc<Slot>) {
        self.slots.borrow_mut().insert(key, slot);
    }

    pub(super) fn slot(&self, key: &str) -> Option<Rc<Slot>> {
        self.slots.borrow().get(key).cloned()
    }

    pub(crate) fn origin(&self, key: &str) -> Option<PropertyOrigin> {
        self.slots.borrow().get(key)?.origin.clone()
    }

    pub(crate) fn open_reason(&self) -> Option<Rc<Reason>> {
        self.open.borrow().clone()
    }

    pub(super) fn set_open(&self, reason: Rc<Reason>) {
        self.open.borrow_mut().get_or_insert(reason);
    }

    /// Own keys in JavaScript's order: whole numbers first and ascending, then the rest as written.
    pub(crate) fn keys(&self) -> Vec<Arc<str>> {
        let slots = self.slots.borrow();
        let as_index = |key: &Arc<str>| key.parse::<u32>().ok().filter(|number| number.to_string() == **key);
        let mut keys: Vec<Arc<str>> = slots.keys().cloned().collect();
        if keys.iter().any(|key| as_index(key).is_some()) {
            keys.sort_by_key(|key| as_index(key).map_or((1, 0), |number| (0, number)));
        }
        keys
    }
}

impl Value {
    pub(crate) fn string(text: impl Into<Arc<str>>) -> Value {
        Value::String(text.into())
    }

    pub(crate) fn array(items: Vec<Value>) -> Value {
        Value::Array(Rc::new(RefCell::new(items)))
    }

    pub(crate) fn as_str(&self) -> Option<&Arc<str>> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<Vec<Value>> {
        match self {
            Value::Array(items) => Some(items.borrow().clone()),
            _ => None,
        }
    }

    pub(crate) fn is_nullish(&self) -> bool {
        matches!(self, Value::Undefined | Value::Null)
    }

    pub(crate) fn reason(&self) -> Option<&Rc<Reason>> {
        match self {
            Value::Unknown(reason) => Some(reason),
            _ => None,
        }
    }

    /// JavaScript's truth; None where it is unknown.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self {
            Value::Unknown(_) => None,
            Value::Undefined | Value::Null => Some(false),
            Value::Boolean(value) => Some(*value),
            Value::Number(value) => Some(*value != 0.0 && !value.is_nan()),
            Value::String(text) => Some(!text.is_empty()),
            Value::BigInt(digits) => Some(digits.trim_start_matches('-').chars().any(|digit| digit != '0')),
            _ => Some(true),
        }
    }
}
