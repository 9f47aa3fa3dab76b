//! Fields of the grammar's nodes, by number: asked by name, the parser compares all its names each time.

use std::sync::OnceLock;

use tree_sitter::Node;

/// A field of a node. TypeScript and TSX number theirs alike.
pub(super) struct Field {
    name: &'static str,
    id: OnceLock<u16>,
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

impl Field {
    const fn new(name: &'static str) -> Field {
        Field { name, id: OnceLock::new() }
    }

    /// The node's child in this field.
    pub(super) fn of<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        let find = || node.language().field_id_for_name(self.name).map_or(0, std::num::NonZero::get);
        // 0 is no field's number.
        node.child_by_field_id(*self.id.get_or_init(find))
    }
}

#[cfg(test)]
mod tests {
    use tree_sitter::Language;

    #[test]
    fn both_languages_number_their_fields_alike() {
        let typescript: Language = tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into();
        let tsx: Language = tree_sitter_typescript::LANGUAGE_TSX.into();
        let names = |language: &Language| -> Vec<Option<String>> {
            (0..=language.field_count() as u16).map(|id| language.field_name_for_id(id).map(str::to_owned)).collect()
        };
        assert!(names(&typescript).contains(&Some(String::from("left"))));
        assert_eq!(names(&typescript), names(&tsx));
    }
}
