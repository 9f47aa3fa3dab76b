//! Fields of the grammar's nodes, by number: asked by name, the parser compares all its names each time.

use std::sync::{LazyLock, OnceLock};

use tree_sitter::{Language, Node};

/// A field of a node. TypeScript and TSX number theirs otherwise.
pub(super) struct Field {
    name: &'static str,
    in_typescript: OnceLock<u16>,
    in_tsx: OnceLock<u16>,
}

pub(super) static ALIAS: Field = Field::new("alias");
pub(super) static ALTERNATIVE: Field = Field::new("alternative");
pub(super) static ARGUMENT: Field = Field::new("argument");
pub(super) static ARGUMENTS: Field = Field::new("arguments");
pub(super) static BODY: Field = Field::new("body");
pub(super) static CONDITION: Field = Field::new("condition");
pub(super) static CONSEQUENCE: Field = Field::new("consequence");
pub(super) static CONSTRUCTOR: Field = Field::new("constructor");
pub(super) static DECLARATION: Field = Field::new("declaration");
pub(super) static FUNCTION: Field = Field::new("function");
pub(super) static INDEX: Field = Field::new("index");
pub(super) static KEY: Field = Field::new("key");
pub(super) static LEFT: Field = Field::new("left");
pub(super) static NAME: Field = Field::new("name");
pub(super) static OBJECT: Field = Field::new("object");
pub(super) static OPERATOR: Field = Field::new("operator");
pub(super) static PARAMETER: Field = Field::new("parameter");
pub(super) static PARAMETERS: Field = Field::new("parameters");
pub(super) static PATTERN: Field = Field::new("pattern");
pub(super) static PROPERTY: Field = Field::new("property");
pub(super) static RIGHT: Field = Field::new("right");
pub(super) static SOURCE: Field = Field::new("source");
pub(super) static VALUE: Field = Field::new("value");

static TYPESCRIPT: LazyLock<Language> = LazyLock::new(|| tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into());

impl Field {
    const fn new(name: &'static str) -> Field {
        Field { name, in_typescript: OnceLock::new(), in_tsx: OnceLock::new() }
    }

    /// The node's child in this field.
    pub(super) fn of<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        let language = node.language();
        let id = if *language == *TYPESCRIPT { &self.in_typescript } else { &self.in_tsx };
        // 0 is no field's number.
        let find = || language.field_id_for_name(self.name).map_or(0, std::num::NonZero::get);
        node.child_by_field_id(*id.get_or_init(find))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tree_sitter::Parser;

    #[test]
    fn each_language_has_its_own_numbers() {
        for language in [TYPESCRIPT.clone(), tree_sitter_typescript::LANGUAGE_TSX.into(), TYPESCRIPT.clone()] {
            let mut parser = Parser::new();
            parser.set_language(&language).unwrap();
            let tree = parser.parse("a.b", None).unwrap();
            let member = tree.root_node().named_child(0).unwrap().named_child(0).unwrap();
            for (field, name) in [(&OBJECT, "object"), (&PROPERTY, "property"), (&LEFT, "left")] {
                assert_eq!(field.of(member), member.child_by_field_name(name), "{name}");
            }
            assert!(OBJECT.of(member).is_some());
        }
    }
}
