//! Lowering of expressions.

use std::sync::Arc;

use tree_sitter::Node;

use super::fields;
use super::lower::{Lowering, has_token, span_of};
use super::syntax::{Element, ExprId, ExprKind, Operator, Property, PropertyKey, UnaryOperator};

impl Lowering<'_> {
    pub(super) fn expression(&mut self, node: Node<'_>) -> ExprId {
        let span = span_of(node);
        match self.deeper(|lowering| lowering.expression_inner(node)) {
            Some(id) => id,
            None => self.add(span, ExprKind::Unsupported("code nested too deeply")),
        }
    }

    fn expression_inner(&mut self, node: Node<'_>) -> ExprId {
        // What only the type checker sees is looked through.
        match node.kind() {
            "parenthesized_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression"
            | "instantiation_expression" => {
                if let Some(inner) = first_expression(node) {
                    return self.expression(inner);
                }
            }
            "type_assertion" => {
                let last = u32::try_from(node.named_child_count().saturating_sub(1)).unwrap_or_default();
                if let Some(inner) = node.named_child(last as _) {
                    return self.expression(inner);
                }
            }
            _ => {}
        }
        let kind = self.expression_kind(node);
        self.add(span_of(node), kind)
    }

    fn expression_kind(&mut self, node: Node<'_>) -> ExprKind {
        match node.kind() {
            "identifier" | "shorthand_property_identifier" => match self.text_of(node) {
                "undefined" => ExprKind::Undefined,
                name => ExprKind::Identifier(Arc::from(name)),
            },
            "undefined" => ExprKind::Undefined,
            "null" => ExprKind::Null,
            "true" => ExprKind::Boolean(true),
            "false" => ExprKind::Boolean(false),
            "number" => number(self.text_of(node)),
            "string" => ExprKind::String(self.string_value(node)),
            "regex" => ExprKind::Regex(self.name_of(node)),
            "template_string" => {
                let (strings, values) = self.template(node);
                ExprKind::Template { strings, values }
            }
            "array" => ExprKind::Array(self.elements(node)),
            "object" => ExprKind::Object(self.properties(node)),
            "arrow_function" | "function_expression" | "function" | "generator_function" => {
                ExprKind::Function(Arc::new(self.function(node)))
            }
            "call_expression" => self.call(node),
            "new_expression" => match fields::CONSTRUCTOR.of(node) {
                Some(callee) => {
                    let callee = self.expression(callee);
                    let arguments = fields::ARGUMENTS.of(node).map(|list| self.elements(list)).unwrap_or_default();
                    ExprKind::New { callee, arguments }
                }
                None => ExprKind::Unsupported("code that cannot be parsed"),
            },
            "member_expression" => self.member(node),
            "subscript_expression" => self.subscript(node),
            "ternary_expression" => self.conditional(node),
            "binary_expression" => self.binary(node),
            "unary_expression" => self.unary(node),
            "assignment_expression" | "augmented_assignment_expression" => self.assignment(node),
            "await_expression" => match first_expression(node) {
                Some(inner) => ExprKind::Await(self.expression(inner)),
                None => ExprKind::Unsupported("code that cannot be parsed"),
            },
            "sequence_expression" => {
                let mut cursor = node.walk();
                let parts: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
                ExprKind::Sequence(parts.into_iter().map(|part| self.expression(part)).collect())
            }
            "class" => ExprKind::Unsupported("a class"),
            "this" => ExprKind::This,
            "super" => ExprKind::Unsupported("`super`"),
            "update_expression" => ExprKind::Unsupported("`++` and `--`"),
            "import" => ExprKind::Unsupported("a dynamic import"),
            "meta_property" => ExprKind::ImportMeta,
            "ERROR" => ExprKind::Unsupported("code that cannot be parsed"),
            kind if kind.starts_with("jsx") => ExprKind::Unsupported("JSX"),
            _ => ExprKind::Unsupported("an expression of this kind"),
        }
    }

    fn call(&mut self, node: Node<'_>) -> ExprKind {
        let Some(callee_node) = fields::FUNCTION.of(node) else {
            return ExprKind::Unsupported("code that cannot be parsed");
        };
        let callee = self.expression(callee_node);
        match fields::ARGUMENTS.of(node) {
            Some(template) if template.kind() == "template_string" => {
                let (strings, values) = self.template(template);
                ExprKind::TaggedTemplate { tag: callee, strings, values }
            }
            Some(list) => {
                let arguments = self.elements(list);
                ExprKind::Call { callee, arguments, optional: self.is_optional(node, callee_node, list) }
            }
            None => ExprKind::Unsupported("code that cannot be parsed"),
        }
    }

    fn member(&mut self, node: Node<'_>) -> ExprKind {
        let (Some(object), Some(property)) = (fields::OBJECT.of(node), fields::PROPERTY.of(node)) else {
            return ExprKind::Unsupported("code that cannot be parsed");
        };
        let optional = self.is_optional(node, object, property);
        let object = self.expression(object);
        let (name, property_span) = (self.name_of(property), span_of(property));
        ExprKind::Member { object, property: name, property_span, optional }
    }

    fn subscript(&mut self, node: Node<'_>) -> ExprKind {
        let (Some(object), Some(index)) = (fields::OBJECT.of(node), fields::INDEX.of(node)) else {
            return ExprKind::Unsupported("code that cannot be parsed");
        };
        let optional = self.is_optional(node, object, index);
        let object = self.expression(object);
        ExprKind::Index { object, index: self.expression(index), optional }
    }

    fn conditional(&mut self, node: Node<'_>) -> ExprKind {
        let fields = [&fields::CONDITION, &fields::CONSEQUENCE, &fields::ALTERNATIVE].map(|field| field.of(node));
        let [Some(test), Some(then), Some(otherwise)] = fields else {
            return ExprKind::Unsupported("code that cannot be parsed");
        };
        let (test, then) = (self.expression(test), self.expression(then));
        ExprKind::Conditional { test, then, otherwise: self.expression(otherwise) }
    }

    fn binary(&mut self, node: Node<'_>) -> ExprKind {
        let (Some(left), Some(right)) = (fields::LEFT.of(node), fields::RIGHT.of(node)) else {
            return ExprKind::Unsupported("code that cannot be parsed");
        };
        let operator = fields::OPERATOR.of(node).map_or(Operator::Other, |word| operator(self.text_of(word)));
        let left = self.expression(left);
        ExprKind::Binary { operator, left, right: self.expression(right) }
    }

    fn unary(&mut self, node: Node<'_>) -> ExprKind {
        let Some(operand) = fields::ARGUMENT.of(node) else {
            return ExprKind::Unsupported("code that cannot be parsed");
        };
        let word = fields::OPERATOR.of(node).map_or("", |word| self.text_of(word));
        let operator = match word {
            "!" => UnaryOperator::Not,
            "-" => UnaryOperator::Minus,
            "+" => UnaryOperator::Plus,
            "typeof" => UnaryOperator::Typeof,
            "void" => UnaryOperator::Void,
            _ => UnaryOperator::Other,
        };
        ExprKind::Unary { operator, operand: self.expression(operand) }
    }

    fn assignment(&mut self, node: Node<'_>) -> ExprKind {
        let (Some(left), Some(right)) = (fields::LEFT.of(node), fields::RIGHT.of(node)) else {
            return ExprKind::Unsupported("code that cannot be parsed");
        };
        let word = fields::OPERATOR.of(node).map_or("", |word| self.text_of(word));
        let operator = word.strip_suffix('=').filter(|word| !word.is_empty()).map(operator);
        let target = self.expression(left);
        ExprKind::Assign { target, operator, value: self.expression(right) }
    }

    fn elements(&mut self, node: Node<'_>) -> Vec<Element> {
        let mut elements = Vec::new();
        let mut filled = false;
        let is_array = node.kind() == "array";
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.children(&mut cursor).collect();
        for child in children {
            match child.kind() {
                "," => {
                    if !filled && is_array {
                        elements.push(Element::Hole);
                    }
                    filled = false;
                }
                "comment" => {}
                "spread_element" => {
                    if let Some(inner) = first_expression(child) {
                        elements.push(Element::Spread(self.expression(inner)));
                    }
                    filled = true;
                }
                _ if child.is_named() => {
                    elements.push(Element::Item(self.expression(child)));
                    filled = true;
                }
                _ => {}
            }
        }
        elements
    }

    fn properties(&mut self, node: Node<'_>) -> Vec<Property> {
        let mut properties = Vec::new();
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
        for child in children {
            let span = span_of(child);
            match child.kind() {
                "comment" => {}
                "pair" => match (fields::KEY.of(child), fields::VALUE.of(child)) {
                    (Some(key), Some(value)) => {
                        let key_span = span_of(key);
                        let key = self.property_key(key);
                        let value = self.expression(value);
                        properties.push(Property::Value { key, value, span, key_span });
                    }
                    _ => properties.push(Property::Broken(span)),
                },
                "shorthand_property_identifier" => {
                    let key = PropertyKey::Name(self.name_of(child));
                    let value = self.expression(child);
                    properties.push(Property::Value { key, value, span, key_span: span });
                }
                "spread_element" => match first_expression(child) {
                    Some(inner) => {
                        let value = self.expression(inner);
                        properties.push(Property::Spread { value, span });
                    }
                    None => properties.push(Property::Broken(span)),
                },
                "method_definition" => self.method(child, &mut properties),
                _ => properties.push(Property::Broken(span)),
            }
        }
        properties
    }

    fn method(&mut self, node: Node<'_>, properties: &mut Vec<Property>) {
        let span = span_of(node);
        let Some(name) = fields::NAME.of(node) else {
            properties.push(Property::Broken(span));
            return;
        };
        let key_span = span_of(name);
        let key = self.property_key(name);
        let function = Arc::new(self.function(node));
        if has_token(node, "get") {
            properties.push(Property::Getter { key, function, span, key_span });
        } else if has_token(node, "set") {
            properties.push(Property::Broken(span));
        } else {
            let value = self.add(span, ExprKind::Function(function));
            properties.push(Property::Value { key, value, span, key_span });
        }
    }

    pub(super) fn property_key(&mut self, node: Node<'_>) -> PropertyKey {
        match node.kind() {
            "string" => PropertyKey::Name(self.string_value(node)),
            "number" => match number(self.text_of(node)) {
                ExprKind::Number(value) => PropertyKey::Name(Arc::from(format!("{value}"))),
                _ => PropertyKey::Name(self.name_of(node)),
            },
            "computed_property_name" => match first_expression(node) {
                Some(inner) => PropertyKey::Computed(self.expression(inner)),
                None => PropertyKey::Name(self.name_of(node)),
            },
            _ => PropertyKey::Name(self.name_of(node)),
        }
    }

    /// The text pieces of a template and the expressions between them.
    fn template(&mut self, node: Node<'_>) -> (Vec<Arc<str>>, Vec<ExprId>) {
        let mut strings = Vec::new();
        let mut values = Vec::new();
        let mut current = String::new();
        let inner_end = node.end_byte().saturating_sub(usize::from(self.text_of(node).ends_with('`')));
        let mut position = node.start_byte() + 1;
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
        for child in children {
            match child.kind() {
                "template_substitution" => {
                    current.push_str(self.text.get(position..child.start_byte()).unwrap_or_default());
                    strings.push(Arc::from(current.as_str()));
                    current.clear();
                    values.push(match first_expression(child) {
                        Some(inner) => self.expression(inner),
                        None => self.add(span_of(child), ExprKind::Unsupported("code that cannot be parsed")),
                    });
                    position = child.end_byte();
                }
                "escape_sequence" => {
                    current.push_str(self.text.get(position..child.start_byte()).unwrap_or_default());
                    unescape(self.text_of(child), &mut current);
                    position = child.end_byte();
                }
                _ => {}
            }
        }
        current.push_str(self.text.get(position..inner_end).unwrap_or_default());
        strings.push(Arc::from(current.as_str()));
        // A template's line breaks are always `\n`, whatever the file has.
        let strings = strings.into_iter().map(|piece: Arc<str>| unify_line_breaks(piece)).collect();
        (strings, values)
    }

    /// True where `?.` stands between two children of a node.
    fn is_optional(&self, node: Node<'_>, left: Node<'_>, right: Node<'_>) -> bool {
        // A look at the text spares most nodes the walk; what it finds may stand in a comment.
        let between = self.text.get(left.end_byte()..right.start_byte()).unwrap_or_default();
        let mut cursor = node.walk();
        between.contains("?.")
            && node.children(&mut cursor).any(|child| matches!(child.kind(), "optional_chain" | "?."))
    }

    /// A string literal's value.
    pub(super) fn string_value(&self, node: Node<'_>) -> Arc<str> {
        let mut value = String::new();
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "escape_sequence" => unescape(self.text_of(child), &mut value),
                _ => value.push_str(self.text_of(child)),
            }
        }
        Arc::from(value)
    }
}

/// The first child that is neither a comment nor a type.
fn first_expression<'t>(node: Node<'t>) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find(|child| child.kind() != "comment")
}

fn unify_line_breaks(piece: Arc<str>) -> Arc<str> {
    if piece.contains('\r') { Arc::from(piece.replace("\r\n", "\n").replace('\r', "\n")) } else { piece }
}

fn operator(word: &str) -> Operator {
    match word {
        "+" => Operator::Add,
        "-" => Operator::Subtract,
        "*" => Operator::Multiply,
        "/" => Operator::Divide,
        "%" => Operator::Remainder,
        "**" => Operator::Power,
        "==" | "===" => Operator::Equal,
        "!=" | "!==" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterEqual,
        "&&" => Operator::And,
        "||" => Operator::Or,
        "??" => Operator::Nullish,
        "in" => Operator::In,
        "|" => Operator::BitOr,
        "&" => Operator::BitAnd,
        "^" => Operator::BitXor,
        "<<" => Operator::ShiftLeft,
        ">>" => Operator::ShiftRight,
        _ => Operator::Other,
    }
}

fn number(text: &str) -> ExprKind {
    let digits: String = text.chars().filter(|character| *character != '_').collect();
    if let Some(big) = digits.strip_suffix('n') {
        return ExprKind::BigInt(Arc::from(big));
    }
    let lower = digits.to_ascii_lowercase();
    let radix = [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find(|(prefix, _)| lower.starts_with(prefix));
    let value = match radix {
        Some((prefix, radix)) => {
            let digits = lower.trim_start_matches(prefix);
            #[expect(clippy::cast_precision_loss, reason = "JavaScript numbers lose it too")]
            u64::from_str_radix(digits, radix).ok().map(|value| value as f64)
        }
        None => lower.parse::<f64>().ok(),
    };
    value.map_or(ExprKind::Unsupported("a number of this kind"), ExprKind::Number)
}

/// One escape sequence, its backslash included.
fn unescape(sequence: &str, out: &mut String) {
    let body = sequence.strip_prefix('\\').unwrap_or(sequence);
    let mut characters = body.chars();
    match characters.next() {
        Some('n') => out.push('\n'),
        Some('t') => out.push('\t'),
        Some('r') => out.push('\r'),
        Some('b') => out.push('\u{8}'),
        Some('f') => out.push('\u{c}'),
        Some('v') => out.push('\u{b}'),
        Some('0') if body.len() == 1 => out.push('\0'),
        Some('x' | 'u') => {
            let digits: String = characters.filter(|character| character.is_ascii_hexdigit()).collect();
            let code = u32::from_str_radix(&digits, 16).unwrap_or(0xfffd);
            out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        // A line continuation stands for nothing.
        Some('\n' | '\r') => {}
        Some(other) => {
            out.push(other);
            out.push_str(characters.as_str());
        }
        None => {}
    }
}
