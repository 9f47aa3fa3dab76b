//! Sequences and their options, an identity column's included.

use squawk_parser::SyntaxKind;

use super::super::statement::{Kind, SequenceOption};
use super::tree::Node;
use super::{create_table, names, types};

/// CREATE SEQUENCE.
pub(super) fn create(node: Node<'_>) -> Option<Kind> {
    let name = names::qname(node.child(SyntaxKind::SEQUENCE)?)?;
    Some(Kind::CreateSequence {
        if_not_exists: node.has(SyntaxKind::IF_NOT_EXISTS),
        temporary: create_table::is_temporary(node, &name),
        options: options(node),
        name,
    })
}

/// The options right inside a node.
pub(super) fn options(node: Node<'_>) -> Vec<SequenceOption> {
    node.children().filter_map(option).collect()
}

/// One option; None for what is none, and for LOGGED and UNLOGGED.
pub(super) fn option(node: Node<'_>) -> Option<SequenceOption> {
    Some(match node.kind() {
        SyntaxKind::OPTION_AS_TYPE => SequenceOption::As(types::type_in(node)?),
        SyntaxKind::OPTION_INCREMENT => SequenceOption::Increment(number(node)?),
        SyntaxKind::OPTION_MIN_VALUE => SequenceOption::MinValue(Some(number(node)?)),
        SyntaxKind::OPTION_NO_MIN_VALUE => SequenceOption::MinValue(None),
        SyntaxKind::OPTION_MAX_VALUE => SequenceOption::MaxValue(Some(number(node)?)),
        SyntaxKind::OPTION_NO_MAX_VALUE => SequenceOption::MaxValue(None),
        SyntaxKind::OPTION_START => SequenceOption::Start(number(node)?),
        SyntaxKind::OPTION_RESTART | SyntaxKind::RESTART => SequenceOption::Restart(number(node)),
        SyntaxKind::OPTION_CACHE => SequenceOption::Cache(number(node)?),
        SyntaxKind::OPTION_CYCLE => SequenceOption::Cycle(true),
        SyntaxKind::OPTION_NO_CYCLE => SequenceOption::Cycle(false),
        SyntaxKind::OPTION_OWNED_BY => {
            SequenceOption::OwnedBy(node.child(SyntaxKind::QUALIFIED_COLUMN_NAME_REF).and_then(names::column))
        }
        SyntaxKind::OPTION_SEQUENCE_NAME => {
            SequenceOption::SequenceName(names::qname(node.child(SyntaxKind::SEQUENCE)?)?)
        }
        _ => return None,
    })
}

/// A number with its sign, a plus left out.
fn number(node: Node<'_>) -> Option<String> {
    let number = node.children().find(|it| matches!(it.kind(), SyntaxKind::LITERAL | SyntaxKind::PREFIX_EXPR))?;
    Some(number.text().chars().filter(|character| !character.is_whitespace() && *character != '+').collect())
}
