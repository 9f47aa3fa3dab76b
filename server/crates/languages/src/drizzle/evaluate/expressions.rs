//! Expressions to values.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use source::{Location, Span};

use super::super::entities;
use super::interpreter::{Interpreter, Scope};
use super::text::display;
use super::value::{Function, Lazy, Object, PropertyOrigin, Reason, Slot, Value};
use crate::typescript::syntax::{Element, ExprId, ExprKind, Operator, Property, PropertyKey, UnaryOperator};

impl Interpreter<'_> {
    pub(crate) fn evaluate(&mut self, id: ExprId, scope: &Rc<Scope>) -> Value {
        let module = scope.module.clone();
        let Some(expr) = module.expr(id) else { return Value::Undefined };
        if let Some(stop) = self.step(&|| scope.at(expr.span)) {
            return stop;
        }
        self.nested(|interpreter| interpreter.evaluate_kind(&expr.kind, expr.span, scope))
    }

    fn evaluate_kind(&mut self, kind: &ExprKind, span: Span, scope: &Rc<Scope>) -> Value {
        match kind {
            ExprKind::Undefined => Value::Undefined,
            ExprKind::Null => Value::Null,
            ExprKind::Boolean(value) => Value::Boolean(*value),
            ExprKind::Number(value) => Value::Number(*value),
            ExprKind::BigInt(digits) => Value::BigInt(digits.clone()),
            ExprKind::String(text) => Value::String(text.clone()),
            ExprKind::Regex(text) => Value::Regex(text.clone()),
            ExprKind::Identifier(name) => self.lookup(name, scope, span),
            ExprKind::Template { strings, values } => self.template(strings, values, scope, span),
            ExprKind::TaggedTemplate { tag, strings, values } => {
                let tag = self.evaluate(*tag, scope);
                let values = values.iter().map(|value| self.evaluate(*value, scope)).collect();
                self.tagged_template(&tag, strings, values, scope.at(span))
            }
            ExprKind::Array(elements) => match self.items(elements, scope) {
                Ok(items) => Value::array(items),
                Err(unknown) => unknown,
            },
            ExprKind::Object(properties) => self.object(properties, scope),
            ExprKind::Function(code) => Value::Function(Rc::new(Function { code: code.clone(), scope: scope.clone() })),
            ExprKind::Call { callee, arguments, optional } => {
                self.evaluate_call(*callee, arguments, *optional, span, scope)
            }
            ExprKind::New { callee, arguments } => self.evaluate_new(*callee, arguments, span, scope),
            ExprKind::Member { object, property, property_span, optional } => {
                let object = self.evaluate(*object, scope);
                if *optional && object.is_nullish() {
                    return Value::Undefined;
                }
                self.member_at(&object, property, &scope.at(span), *property_span)
            }
            ExprKind::Index { object, index, optional } => self.index(*object, *index, *optional, span, scope),
            ExprKind::Conditional { test, then, otherwise } => {
                let test = self.evaluate(*test, scope);
                match test.truth() {
                    Some(true) => self.evaluate(*then, scope),
                    Some(false) => self.evaluate(*otherwise, scope),
                    None => test,
                }
            }
            ExprKind::Binary { operator, left, right } => self.binary(*operator, *left, *right, span, scope),
            ExprKind::Unary { operator, operand } => self.unary(*operator, *operand, span, scope),
            ExprKind::Assign { target, operator, value } => self.assign(*target, *operator, *value, span, scope),
            ExprKind::Sequence(parts) => {
                parts.iter().map(|part| self.evaluate(*part, scope)).last().unwrap_or(Value::Undefined)
            }
            ExprKind::Await(inner) => self.evaluate(*inner, scope),
            ExprKind::ImportMeta => Value::Native(super::value::Native::Global(Arc::from("import.meta"))),
            ExprKind::This => {
                scope.find("this").unwrap_or_else(|| self.unknown("`this` is not known here", scope.at(span)))
            }
            ExprKind::Unsupported(what) => self.unknown(format!("{what} is not evaluated"), scope.at(span)),
        }
    }

    fn template(&mut self, strings: &[Arc<str>], values: &[ExprId], scope: &Rc<Scope>, span: Span) -> Value {
        let mut text = String::new();
        for (position, piece) in strings.iter().enumerate() {
            text.push_str(piece);
            let Some(id) = values.get(position) else { continue };
            let value = self.evaluate(*id, scope);
            match (value.reason(), display(&value)) {
                (Some(_), _) => return value,
                (None, Some(part)) => text.push_str(&part),
                (None, None) => return self.unknown("a value in this template has no plain text", scope.at(span)),
            }
        }
        Value::string(text)
    }

    /// Arguments or array elements with spreads laid out; the unknown value where a spread is unknown.
    pub(super) fn items(&mut self, elements: &[Element], scope: &Rc<Scope>) -> Result<Vec<Value>, Value> {
        let mut items = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Element::Item(id) => items.push(self.evaluate(*id, scope)),
                Element::Hole => items.push(Value::Undefined),
                Element::Spread(id) => {
                    let value = self.evaluate(*id, scope);
                    match &value {
                        Value::Array(inner) => items.extend(inner.borrow().iter().cloned()),
                        Value::String(text) => items.extend(text.chars().map(|c| Value::string(c.to_string()))),
                        Value::Unknown(_) => return Err(value),
                        _ => {
                            let span = scope.module.expr(*id).map(|expr| expr.span).unwrap_or_default();
                            return Err(self.unknown("what is spread here is not an array", scope.at(span)));
                        }
                    }
                }
            }
        }
        Ok(items)
    }

    fn object(&mut self, properties: &[Property], scope: &Rc<Scope>) -> Value {
        let object = Object::default();
        for property in properties {
            match property {
                Property::Value { key, value, span, key_span } => {
                    let lazy = Lazy::Pending(*value, scope.clone());
                    self.add_property(&object, key, lazy, scope, (*key_span, *span));
                }
                Property::Getter { key, function, span, key_span } => {
                    let lazy = Lazy::Getter(function.clone(), scope.clone());
                    self.add_property(&object, key, lazy, scope, (*key_span, *span));
                }
                Property::Spread { value, span } => {
                    let value = self.evaluate(*value, scope);
                    self.spread_into(&object, &value, &scope.at(*span));
                }
                Property::Broken(span) => {
                    let reason = self.unknown("code that cannot be parsed", scope.at(*span));
                    if let Value::Unknown(reason) = reason {
                        object.set_open(reason);
                    }
                }
            }
        }
        Value::Object(Rc::new(object))
    }

    fn add_property(
        &mut self,
        object: &Object,
        key: &PropertyKey,
        lazy: Lazy,
        scope: &Rc<Scope>,
        (key_span, span): (Span, Span),
    ) {
        let name = match key {
            PropertyKey::Name(name) => name.clone(),
            PropertyKey::Computed(id) => {
                let value = self.evaluate(*id, scope);
                match (&value, display(&value)) {
                    (Value::Unknown(reason), _) => return object.set_open(reason.clone()),
                    (_, Some(text)) => Arc::from(text),
                    (_, None) => return,
                }
            }
        };
        let origin = PropertyOrigin { key: scope.at(key_span), full: scope.at(span), spreads: Vec::new() };
        object.set_slot(name, Rc::new(Slot { value: RefCell::new(lazy), origin: Some(origin) }));
    }

    /// `{ ...value }`: properties keep the place of their definition and remember the spread.
    pub(super) fn spread_into(&mut self, object: &Object, value: &Value, at: &Location) {
        match value {
            Value::Object(from) => {
                for key in from.keys() {
                    let value = self.property(from, &key);
                    let origin = from.origin(&key).map(|mut origin| {
                        origin.spreads.push(at.clone());
                        origin
                    });
                    object.set_slot(key, Rc::new(Slot { value: RefCell::new(Lazy::Ready(value)), origin }));
                }
                if let Some(reason) = from.open_reason() {
                    object.set_open(reason);
                }
            }
            Value::Array(items) => {
                for (position, item) in items.borrow().iter().enumerate() {
                    object.set(Arc::from(position.to_string()), item.clone());
                }
            }
            // The place that matters is the spread.
            Value::Unknown(reason) => {
                object.set_open(Rc::new(Reason { location: at.clone(), ..(**reason).clone() }));
            }
            Value::Module(number) => {
                let Some(file) = self.module_files.get(*number).cloned() else { return };
                for name in self.export_names(&file) {
                    let member = self.module_member(*number, &name, at);
                    object.set(name, member);
                }
            }
            Value::Entity(entity) => {
                for (key, value) in entities::spread(self, entity) {
                    object.set(key, value);
                }
            }
            _ => {}
        }
    }

    fn index(&mut self, object: ExprId, index: ExprId, optional: bool, span: Span, scope: &Rc<Scope>) -> Value {
        let object = self.evaluate(object, scope);
        if optional && object.is_nullish() {
            return Value::Undefined;
        }
        let key = self.evaluate(index, scope);
        let index_span = scope.module.expr(index).map(|expr| expr.span).unwrap_or(span);
        if let (Value::Array(items), Value::Number(number)) = (&object, &key) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "an index; anything else misses"
            )]
            let position = *number as usize;
            return items.borrow().get(position).cloned().unwrap_or(Value::Undefined);
        }
        match (&key, display(&key)) {
            (Value::Unknown(_), _) => key,
            (_, Some(name)) => self.member_at(&object, &Arc::from(name), &scope.at(span), index_span),
            (_, None) => self.unknown("the key in the brackets has no plain text", scope.at(span)),
        }
    }

    fn binary(&mut self, operator: Operator, left: ExprId, right: ExprId, span: Span, scope: &Rc<Scope>) -> Value {
        let left = self.evaluate(left, scope);
        match operator {
            Operator::And | Operator::Or => {
                return match (left.truth(), operator) {
                    (None, _) => left,
                    (Some(true), Operator::And) | (Some(false), Operator::Or) => self.evaluate(right, scope),
                    _ => left,
                };
            }
            Operator::Nullish if matches!(left, Value::Unknown(_)) => return left,
            Operator::Nullish => return if left.is_nullish() { self.evaluate(right, scope) } else { left },
            _ => {}
        }
        let right = self.evaluate(right, scope);
        self.operate(operator, left, right, &scope.at(span))
    }

    pub(super) fn operate(&mut self, operator: Operator, left: Value, right: Value, at: &Location) -> Value {
        if let Value::Unknown(_) = left {
            return left;
        }
        if let Value::Unknown(_) = right {
            return right;
        }
        let unknown = || self.unknown("this operation is not evaluated", at.clone());
        match operator {
            Operator::Equal | Operator::NotEqual => match equal(&left, &right) {
                Some(same) => Value::Boolean(same == (operator == Operator::Equal)),
                None => unknown(),
            },
            Operator::In => match (&left, &right) {
                (Value::String(key), Value::Object(object)) => Value::Boolean(object.slot(key).is_some()),
                _ => unknown(),
            },
            Operator::Add if !matches!((&left, &right), (Value::Number(_), Value::Number(_))) => {
                if let (Value::BigInt(left), Value::BigInt(right)) = (&left, &right) {
                    return big_arithmetic(operator, left, right).unwrap_or_else(unknown);
                }
                match (display(&left), display(&right)) {
                    (Some(left), Some(right)) => Value::string(left + &right),
                    _ => unknown(),
                }
            }
            _ => match (&left, &right) {
                (Value::Number(left), Value::Number(right)) => {
                    arithmetic(operator, *left, *right).unwrap_or_else(unknown)
                }
                (Value::BigInt(left), Value::BigInt(right)) => {
                    big_arithmetic(operator, left, right).unwrap_or_else(unknown)
                }
                (Value::String(left), Value::String(right)) => match operator {
                    Operator::Less => Value::Boolean(left < right),
                    Operator::LessEqual => Value::Boolean(left <= right),
                    Operator::Greater => Value::Boolean(left > right),
                    Operator::GreaterEqual => Value::Boolean(left >= right),
                    _ => unknown(),
                },
                _ => unknown(),
            },
        }
    }

    fn unary(&mut self, operator: UnaryOperator, operand: ExprId, span: Span, scope: &Rc<Scope>) -> Value {
        let value = self.evaluate(operand, scope);
        if let Value::Unknown(_) = value {
            return value;
        }
        match (operator, &value) {
            (UnaryOperator::Not, _) => value.truth().map_or(value, |truth| Value::Boolean(!truth)),
            (UnaryOperator::Void, _) => Value::Undefined,
            (UnaryOperator::Typeof, _) => Value::string(type_name(&value)),
            (UnaryOperator::Minus, Value::Number(number)) => Value::Number(-number),
            (UnaryOperator::Minus, Value::BigInt(digits)) => Value::BigInt(match digits.strip_prefix('-') {
                Some(positive) => Arc::from(positive),
                None => Arc::from(format!("-{digits}")),
            }),
            (UnaryOperator::Plus, Value::Number(_)) => value,
            (UnaryOperator::Plus, Value::String(text)) => Value::Number(text.trim().parse::<f64>().unwrap_or(f64::NAN)),
            _ => self.unknown("this operation is not evaluated", scope.at(span)),
        }
    }

    fn assign(
        &mut self,
        target: ExprId,
        operator: Option<Operator>,
        value: ExprId,
        span: Span,
        scope: &Rc<Scope>,
    ) -> Value {
        let module = scope.module.clone();
        let Some(target) = module.expr(target) else { return Value::Undefined };
        let mut value = self.evaluate(value, scope);
        match &target.kind {
            ExprKind::Identifier(name) => {
                if let Some(operator) = operator {
                    let before = self.lookup(name, scope, target.span);
                    value = self.operate(operator, before, value, &scope.at(span));
                }
                if scope.assign(name, value.clone()) {
                    return value;
                }
            }
            ExprKind::Member { object, property, .. } if operator.is_none() => {
                if let Value::Object(object) = self.evaluate(*object, scope) {
                    object.set(property.clone(), value.clone());
                    return value;
                }
            }
            ExprKind::Index { object, index, .. } if operator.is_none() => {
                let key = self.evaluate(*index, scope);
                if let (Value::Object(object), Some(key)) = (self.evaluate(*object, scope), display(&key)) {
                    object.set(Arc::from(key), value.clone());
                    return value;
                }
            }
            _ => {}
        }
        self.unknown("this assignment is not evaluated", scope.at(span))
    }
}

/// `===`; None where it cannot be told.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    Some(match (left, right) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => return None,
        (Value::Undefined | Value::Null, Value::Undefined | Value::Null) => true,
        (Value::Boolean(left), Value::Boolean(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => left == right,
        (Value::String(left), Value::String(right)) | (Value::BigInt(left), Value::BigInt(right)) => left == right,
        (Value::Array(left), Value::Array(right)) => Rc::ptr_eq(left, right),
        (Value::Object(left), Value::Object(right)) => Rc::ptr_eq(left, right),
        (Value::Native(left), Value::Native(right)) => left == right,
        (Value::Function(left), Value::Function(right)) => Rc::ptr_eq(left, right),
        (Value::Entity(_), Value::Entity(_)) | (Value::Date(_), Value::Date(_)) => return None,
        _ => false,
    })
}

fn arithmetic(operator: Operator, left: f64, right: f64) -> Option<Value> {
    Some(match operator {
        Operator::Add => Value::Number(left + right),
        Operator::Subtract => Value::Number(left - right),
        Operator::Multiply => Value::Number(left * right),
        Operator::Divide => Value::Number(left / right),
        Operator::Remainder => Value::Number(left % right),
        Operator::Power => Value::Number(left.powf(right)),
        Operator::Less => Value::Boolean(left < right),
        Operator::LessEqual => Value::Boolean(left <= right),
        Operator::Greater => Value::Boolean(left > right),
        Operator::GreaterEqual => Value::Boolean(left >= right),
        Operator::BitOr => Value::Number(f64::from(to_int32(left) | to_int32(right))),
        Operator::BitAnd => Value::Number(f64::from(to_int32(left) & to_int32(right))),
        Operator::BitXor => Value::Number(f64::from(to_int32(left) ^ to_int32(right))),
        Operator::ShiftLeft => Value::Number(f64::from(to_int32(left).wrapping_shl(to_int32(right).cast_unsigned()))),
        Operator::ShiftRight => Value::Number(f64::from(to_int32(left).wrapping_shr(to_int32(right).cast_unsigned()))),
        _ => return None,
    })
}

/// JavaScript's ToInt32.
fn to_int32(value: f64) -> i32 {
    if !value.is_finite() {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "wrapped into 32 bits on purpose")]
    let wrapped = value.trunc().rem_euclid(4_294_967_296.0) as i64 as i32;
    wrapped
}

/// BigInts within 128 bits; None beyond.
fn big_arithmetic(operator: Operator, left: &str, right: &str) -> Option<Value> {
    let (left, right): (i128, i128) = (left.parse().ok()?, right.parse().ok()?);
    let number = match operator {
        Operator::Add => left.checked_add(right)?,
        Operator::Subtract => left.checked_sub(right)?,
        Operator::Multiply => left.checked_mul(right)?,
        Operator::Divide => left.checked_div(right)?,
        Operator::Remainder => left.checked_rem(right)?,
        Operator::Power => left.checked_pow(u32::try_from(right).ok()?)?,
        Operator::Less => return Some(Value::Boolean(left < right)),
        Operator::LessEqual => return Some(Value::Boolean(left <= right)),
        Operator::Greater => return Some(Value::Boolean(left > right)),
        Operator::GreaterEqual => return Some(Value::Boolean(left >= right)),
        _ => return None,
    };
    Some(Value::BigInt(Arc::from(number.to_string())))
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Undefined => "undefined",
        Value::Boolean(_) => "boolean",
        Value::Number(_) => "number",
        Value::BigInt(_) => "bigint",
        Value::String(_) => "string",
        Value::Function(_) | Value::Native(_) | Value::Method(_) => "function",
        _ => "object",
    }
}
