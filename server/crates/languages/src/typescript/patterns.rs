//! Lowering of what values are bound to: names, destructuring, parameters.

use tree_sitter::Node;

use super::fields;
use super::lower::Lowering;
use super::syntax::{Pattern, PropertyKey};

impl Lowering<'_> {
    pub(super) fn pattern(&mut self, node: Node<'_>) -> Pattern {
        self.deeper(|lowering| lowering.pattern_inner(node)).unwrap_or(Pattern::Unsupported)
    }

    fn pattern_inner(&mut self, node: Node<'_>) -> Pattern {
        match node.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => Pattern::Name(self.name_of(node)),
            "required_parameter" | "optional_parameter" => {
                let inner = fields::PATTERN.of(node).map_or(Pattern::Unsupported, |inner| self.pattern(inner));
                match fields::VALUE.of(node) {
                    Some(value) => Pattern::Default(Box::new(inner), self.expression(value)),
                    None => inner,
                }
            }
            "assignment_pattern" | "object_assignment_pattern" => {
                let left = fields::LEFT.of(node).map_or(Pattern::Unsupported, |left| self.pattern(left));
                match fields::RIGHT.of(node) {
                    Some(right) => Pattern::Default(Box::new(left), self.expression(right)),
                    None => left,
                }
            }
            "rest_pattern" => {
                let inner = node.named_child(0).map_or(Pattern::Unsupported, |inner| self.pattern(inner));
                Pattern::Rest(Box::new(inner))
            }
            "object_pattern" => self.object_pattern(node),
            "array_pattern" => self.array_pattern(node),
            _ => Pattern::Unsupported,
        }
    }

    fn object_pattern(&mut self, node: Node<'_>) -> Pattern {
        let mut properties = Vec::new();
        let mut rest = None;
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "shorthand_property_identifier_pattern" => {
                    let name = self.name_of(child);
                    properties.push((PropertyKey::Name(name.clone()), Pattern::Name(name)));
                }
                "object_assignment_pattern" => {
                    let Some(left) = fields::LEFT.of(child) else { continue };
                    let key = PropertyKey::Name(self.name_of(left));
                    properties.push((key, self.pattern(child)));
                }
                "pair_pattern" => {
                    let (Some(key), Some(value)) = (fields::KEY.of(child), fields::VALUE.of(child)) else {
                        continue;
                    };
                    let key = self.property_key(key);
                    properties.push((key, self.pattern(value)));
                }
                "rest_pattern" => rest = child.named_child(0).map(|inner| Box::new(self.pattern(inner))),
                _ => {}
            }
        }
        Pattern::Object { properties, rest }
    }

    fn array_pattern(&mut self, node: Node<'_>) -> Pattern {
        let mut elements = Vec::new();
        let mut rest = None;
        let mut filled = false;
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            match child.kind() {
                "," => {
                    if !filled {
                        elements.push(None);
                    }
                    filled = false;
                }
                "rest_pattern" => rest = child.named_child(0).map(|inner| Box::new(self.pattern(inner))),
                _ if child.is_named() => {
                    elements.push(Some(self.pattern(child)));
                    filled = true;
                }
                _ => {}
            }
        }
        Pattern::Array { elements, rest }
    }
}
