//! Function bodies: statements, declarations, destructuring.

use std::rc::Rc;
use std::sync::Arc;

use source::{Location, Span};

use super::interpreter::{Interpreter, Scope};
use super::text::display;
use super::value::{Function, Object, Value};
use crate::typescript::syntax::{Pattern, PropertyKey, Statement};

/// How a statement ends.
pub(super) enum Flow {
    Next,
    Return(Value),
    Break,
    Continue,
}

impl Interpreter<'_> {
    pub(super) fn run(&mut self, statements: &[Statement], scope: &Rc<Scope>) -> Flow {
        for statement in statements {
            if let Some(stop) = self.step(&|| scope.at(Span::default())) {
                return Flow::Return(stop);
            }
            match self.nested(|interpreter| interpreter.run_one(statement, scope)) {
                Flow::Next => {}
                other => return other,
            }
        }
        Flow::Next
    }

    fn run_one(&mut self, statement: &Statement, scope: &Rc<Scope>) -> Flow {
        match statement {
            Statement::Declare { pattern, value } => {
                let value = value.map_or(Value::Undefined, |value| self.evaluate(value, scope));
                self.bind_pattern(pattern, value, scope, scope.at(Span::default()));
            }
            Statement::Function { name, function } => {
                let value = Value::Function(Rc::new(Function { code: function.clone(), scope: scope.clone() }));
                scope.declare(name.clone(), value);
            }
            Statement::Enum { name, declaration } => {
                let value = self.enum_value(declaration, scope);
                scope.declare(name.clone(), value);
            }
            Statement::Return(value) => {
                return Flow::Return(value.map_or(Value::Undefined, |value| self.evaluate(value, scope)));
            }
            Statement::If { test, then, otherwise } => {
                let test = self.evaluate(*test, scope);
                let inner = Scope::inside(scope);
                return match test.truth() {
                    Some(true) => self.run(then, &inner),
                    Some(false) => self.run(otherwise, &inner),
                    // Either branch may run: nothing after this is known.
                    None => Flow::Return(test),
                };
            }
            Statement::Switch { value, cases } => {
                let value = self.evaluate(*value, scope);
                return self.switch(&value, cases, scope);
            }
            Statement::ForOf { pattern, iterable, body } => {
                let iterable = self.evaluate(*iterable, scope);
                let Some(items) = iterable.as_array() else {
                    let message = "what this loop goes over is not known";
                    return Flow::Return(match iterable {
                        Value::Unknown(_) => iterable,
                        _ => self.unknown(message, scope.at(Span::default())),
                    });
                };
                for (position, item) in items.into_iter().enumerate() {
                    let inner = Scope::inside(scope);
                    self.bind_pattern(pattern, item, &inner, scope.at(Span::default()));
                    self.calls.push(scope.at(Span::new(position, position)));
                    let flow = self.run(body, &inner);
                    self.calls.pop();
                    match flow {
                        Flow::Next | Flow::Continue => {}
                        Flow::Break => break,
                        Flow::Return(value) => return Flow::Return(value),
                    }
                }
            }
            Statement::Block(statements) => return self.run(statements, &Scope::inside(scope)),
            Statement::Expression(id) => {
                self.evaluate(*id, scope);
            }
            Statement::Throw(span) => return Flow::Return(self.unknown("the code throws here", scope.at(*span))),
            Statement::Break => return Flow::Break,
            Statement::Continue => return Flow::Continue,
            Statement::Unsupported(what, span) => {
                return Flow::Return(self.unknown(format!("{what} is not evaluated"), scope.at(*span)));
            }
        }
        Flow::Next
    }

    fn switch(&mut self, value: &Value, cases: &[(Option<u32>, Vec<Statement>)], scope: &Rc<Scope>) -> Flow {
        let mut start = None;
        for (position, (test, _)) in cases.iter().enumerate() {
            let Some(test) = test else { continue };
            let test = self.evaluate(*test, scope);
            match super::expressions::equal(value, &test) {
                Some(true) => {
                    start = Some(position);
                    break;
                }
                Some(false) => {}
                None if matches!(value, Value::Unknown(_)) => return Flow::Return(value.clone()),
                None => return Flow::Return(test),
            }
        }
        let start = start.or_else(|| cases.iter().position(|(test, _)| test.is_none()));
        let inner = Scope::inside(scope);
        for (_, statements) in cases.iter().skip(start.unwrap_or(cases.len())) {
            match self.run(statements, &inner) {
                Flow::Next => {}
                Flow::Break => return Flow::Next,
                other => return other,
            }
        }
        Flow::Next
    }

    /// Binds the names of a pattern in `scope`.
    pub(super) fn bind_pattern(&mut self, pattern: &Pattern, value: Value, scope: &Rc<Scope>, at: Location) {
        match pattern {
            Pattern::Name(name) => scope.declare(name.clone(), value),
            Pattern::Default(inner, default) => {
                let value = if matches!(value, Value::Undefined) { self.evaluate(*default, scope) } else { value };
                self.bind_pattern(inner, value, scope, at);
            }
            Pattern::Object { properties, rest } => self.bind_object(properties, rest.as_deref(), &value, scope, &at),
            Pattern::Array { elements, rest } => {
                let items = value.as_array();
                for (position, element) in elements.iter().enumerate() {
                    let Some(element) = element else { continue };
                    let item = match (&items, &value) {
                        (Some(items), _) => items.get(position).cloned().unwrap_or(Value::Undefined),
                        (None, Value::Unknown(_)) => value.clone(),
                        (None, _) => self.unknown("what is taken apart here is not an array", at.clone()),
                    };
                    self.bind_pattern(element, item, scope, at.clone());
                }
                if let Some(rest) = rest {
                    let tail = items.unwrap_or_default().into_iter().skip(elements.len()).collect();
                    self.bind_pattern(rest, Value::array(tail), scope, at);
                }
            }
            Pattern::Rest(inner) => self.bind_pattern(inner, value, scope, at),
            Pattern::Unsupported => {}
        }
    }

    fn bind_object(
        &mut self,
        properties: &[(PropertyKey, Pattern)],
        rest: Option<&Pattern>,
        value: &Value,
        scope: &Rc<Scope>,
        at: &Location,
    ) {
        let mut taken: Vec<Arc<str>> = Vec::new();
        for (key, pattern) in properties {
            let name = match key {
                PropertyKey::Name(name) => name.clone(),
                PropertyKey::Computed(id) => {
                    let key = self.evaluate(*id, scope);
                    Arc::from(display(&key).unwrap_or_default())
                }
            };
            let item = match value {
                Value::Unknown(_) => value.clone(),
                _ => self.member(value, &name, at),
            };
            taken.push(name);
            self.bind_pattern(pattern, item, scope, at.clone());
        }
        let Some(rest) = rest else { return };
        let remaining = Object::default();
        self.spread_into(&remaining, value, at);
        taken.iter().for_each(|name| {
            remaining.slots.borrow_mut().shift_remove(name);
        });
        self.bind_pattern(rest, Value::Object(Rc::new(remaining)), scope, at.clone());
    }
}
