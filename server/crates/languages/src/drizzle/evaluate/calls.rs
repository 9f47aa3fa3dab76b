//! Calls: functions of the project, methods, natives, tagged templates, `new`.

use std::rc::Rc;
use std::sync::Arc;

use source::{Location, Span};

use super::super::entities;
use super::interpreter::{Interpreter, Scope};
use super::statements::Flow;
use super::value::{Function, Native, Value};
use super::{dates, globals, methods};
use crate::typescript::syntax::{Body, Element, ExprId, ExprKind, Pattern};

impl Interpreter<'_> {
    pub(super) fn evaluate_call(
        &mut self,
        callee: ExprId,
        arguments: &[Element],
        optional: bool,
        span: Span,
        scope: &Rc<Scope>,
    ) -> Value {
        let module = scope.module.clone();
        let at = scope.at(span);
        // A method call keeps its receiver; everything else is a plain call.
        let method = match module.expr(callee).map(|expr| &expr.kind) {
            Some(ExprKind::Member { object, property, property_span, optional }) => {
                Some((*object, property.clone(), *property_span, *optional))
            }
            _ => None,
        };
        if let Some((object, property, property_span, optional_member)) = method {
            let receiver = self.evaluate(object, scope);
            if optional_member && receiver.is_nullish() {
                return Value::Undefined;
            }
            if let Value::Unknown(_) = receiver {
                return receiver;
            }
            let items = match self.items(arguments, scope) {
                Ok(items) => items,
                Err(unknown) => return self.call_with_unknown(&receiver, &property, unknown, &at),
            };
            // `object.method?.()` where there is no such method.
            if optional
                && let Value::Object(object) = &receiver
                && self.property(object, &property).is_nullish()
            {
                return Value::Undefined;
            }
            return self.call_method(&receiver, &property, items, &at, property_span);
        }
        let callee_value = self.evaluate(callee, scope);
        if optional && callee_value.is_nullish() {
            return Value::Undefined;
        }
        if let Value::Unknown(_) = callee_value {
            return callee_value;
        }
        match self.items(arguments, scope) {
            Ok(items) => self.call(&callee_value, items, &at),
            Err(unknown) => unknown,
        }
    }

    /// A method whose arguments are not all known: for a column's chain only what the call sets is unknown.
    fn call_with_unknown(&mut self, receiver: &Value, name: &Arc<str>, unknown: Value, at: &Location) -> Value {
        match receiver {
            Value::Entity(entity) => entities::method(self, entity, name, vec![unknown], at),
            _ => unknown,
        }
    }

    pub(super) fn call_method(
        &mut self,
        receiver: &Value,
        name: &Arc<str>,
        arguments: Vec<Value>,
        at: &Location,
        property_span: Span,
    ) -> Value {
        match receiver {
            Value::Entity(entity) => {
                if let Some(own) = entities::member(self, entity, name, at, property_span) {
                    return self.call(&own, arguments, at);
                }
                entities::method(self, entity, name, arguments, at)
            }
            Value::Object(object) => {
                let own = self.property(object, name);
                match own {
                    Value::Undefined => methods::object_method(self, object, name, arguments, at),
                    Value::Function(function) => self.call_function(&function, arguments, Some(receiver.clone()), at),
                    _ => self.call(&own, arguments, at),
                }
            }
            Value::Native(_) | Value::Module(_) => {
                let callee = self.member_at(receiver, name, at, property_span);
                self.call(&callee, arguments, at)
            }
            Value::Function(function) if matches!(&**name, "call" | "apply" | "bind") => {
                let callee = Value::Function(function.clone());
                self.call_through(&callee, name, arguments, at)
            }
            _ => methods::method(self, receiver, name, arguments, at),
        }
    }

    fn call_through(&mut self, callee: &Value, name: &str, arguments: Vec<Value>, at: &Location) -> Value {
        let mut rest = arguments.into_iter().skip(1);
        match name {
            "call" => self.call(callee, rest.collect(), at),
            "apply" => {
                let items = rest.next().and_then(|list| list.as_array()).unwrap_or_default();
                self.call(callee, items, at)
            }
            _ => self.unknown("`bind` is not evaluated", at.clone()),
        }
    }

    /// Calls a value for the `position`th element of a list: what it makes differs from what it makes for another.
    pub(super) fn call_numbered(
        &mut self,
        callee: &Value,
        arguments: Vec<Value>,
        at: &Location,
        position: usize,
    ) -> Value {
        self.calls.push(Location::new(&at.file, Span::new(position, position)));
        let value = self.call(callee, arguments, at);
        self.calls.pop();
        value
    }

    /// Calls any value.
    pub(crate) fn call(&mut self, callee: &Value, arguments: Vec<Value>, at: &Location) -> Value {
        match callee {
            Value::Function(function) => self.call_function(function, arguments, None, at),
            Value::Native(Native::Global(name)) => globals::call(self, name, arguments, at),
            Value::Native(Native::Drizzle(package, name)) => {
                entities::natives::call(self, *package, name, arguments, at)
            }
            Value::Native(Native::Package(_)) => self.unknown("a package is not a function", at.clone()),
            Value::Method(method) => {
                let (receiver, name) = (method.0.clone(), method.1.clone());
                self.call_method(&receiver, &name, arguments, at, at.span)
            }
            Value::Entity(entity) => entities::call(self, entity, arguments, at),
            Value::Unknown(_) => callee.clone(),
            _ => self.unknown("what is called here is not a function", at.clone()),
        }
    }

    fn call_function(
        &mut self,
        function: &Rc<Function>,
        arguments: Vec<Value>,
        this: Option<Value>,
        at: &Location,
    ) -> Value {
        if let Some(stop) = self.step(&|| at.clone()) {
            return stop;
        }
        if function.code.is_generator {
            return self.unknown("a generator is not evaluated", at.clone());
        }
        let scope = Scope::inside(&function.scope);
        if let Some(this) = this {
            scope.declare(Arc::from("this"), this);
        }
        let mut arguments = arguments.into_iter();
        for parameter in &function.code.parameters {
            let value = match parameter {
                Pattern::Rest(_) => Value::array(arguments.by_ref().collect()),
                _ => arguments.next().unwrap_or(Value::Undefined),
            };
            self.bind_pattern(parameter, value, &scope, at.clone());
        }
        self.calls.push(at.clone());
        let value = self.nested(|interpreter| match &function.code.body {
            Body::Expression(id) => interpreter.evaluate(*id, &scope),
            Body::Block(statements) => match interpreter.run(statements, &scope) {
                Flow::Return(value) => value,
                _ => Value::Undefined,
            },
        });
        self.calls.pop();
        value
    }

    pub(super) fn tagged_template(
        &mut self,
        tag: &Value,
        strings: &[Arc<str>],
        values: Vec<Value>,
        at: Location,
    ) -> Value {
        match tag {
            Value::Native(Native::Drizzle(_, name)) if &**name == "sql" => entities::sql::template(strings, values),
            Value::Native(Native::Global(name)) if &**name == "String.raw" => self.raw_template(strings, &values, at),
            Value::Unknown(_) => tag.clone(),
            _ => {
                let pieces = Value::array(strings.iter().map(|piece| Value::String(piece.clone())).collect());
                let arguments = std::iter::once(pieces).chain(values).collect();
                self.call(tag, arguments, &at)
            }
        }
    }

    /// String.raw`…`: the text between the values as it stands in the file.
    fn raw_template(&mut self, strings: &[Arc<str>], values: &[Value], at: Location) -> Value {
        let source = self.load(&at.file).map(|module| at.span.text(&module.text).to_owned()).unwrap_or_default();
        match (strings, values, source.split_once('`').and_then(|(_, rest)| rest.strip_suffix('`'))) {
            ([_], [], Some(raw)) => Value::string(raw),
            _ => self.unknown("`String.raw` with values in it is not evaluated", at),
        }
    }

    pub(super) fn evaluate_new(
        &mut self,
        callee: ExprId,
        arguments: &[Element],
        span: Span,
        scope: &Rc<Scope>,
    ) -> Value {
        let callee = self.evaluate(callee, scope);
        let at = scope.at(span);
        let items = match self.items(arguments, scope) {
            Ok(items) => items,
            Err(unknown) => return unknown,
        };
        match &callee {
            Value::Unknown(_) => callee,
            Value::Native(Native::Global(name)) if &**name == "Date" => self.new_date(&items, at),
            Value::Native(Native::Global(name)) if &**name == "Set" => match items.first() {
                None | Some(Value::Undefined) => Value::array(Vec::new()),
                Some(Value::Array(list)) => Value::array(methods::distinct(&list.borrow())),
                Some(other) => other.clone(),
            },
            Value::Native(Native::Global(name)) if &**name == "URL" => {
                super::paths::url(&items).unwrap_or_else(|| self.unknown("this URL is not evaluated", at))
            }
            Value::Native(Native::Global(name)) if matches!(&**name, "Array" | "String" | "Object") => {
                self.call(&callee, items, &at)
            }
            _ => self.unknown("`new` of this is not evaluated", at),
        }
    }

    fn new_date(&mut self, arguments: &[Value], at: Location) -> Value {
        match arguments {
            [] => self.unknown("`new Date()` is another value each time", at),
            [Value::Number(time)] | [Value::Date(time)] => Value::Date(*time),
            [Value::String(text)] => match dates::parse_date(text) {
                Some(time) => Value::Date(time),
                None => self.unknown("this date depends on the time zone", at),
            },
            [Value::Unknown(_), ..] => arguments.first().cloned().unwrap_or(Value::Undefined),
            _ => self.unknown("this date depends on the time zone", at),
        }
    }
}
