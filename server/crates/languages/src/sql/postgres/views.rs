//! Views and materialized views, and what their queries read.

use std::ops::Range;

use rustc_hash::FxHashMap;
use squawk_parser::SyntaxKind;

use super::super::statement::{CreateView, Kind, QName};
use super::tree::Node;
use super::{create_table, indexes, names};

pub(super) fn create(node: Node<'_>) -> Option<Kind> {
    let name = names::qname(node.child(SyntaxKind::VIEW)?)?;
    let query = node.behind(SyntaxKind::AS_KW)?;
    let recursive = node.has(SyntaxKind::RECURSIVE_KW);
    let own = recursive.then(|| name.name.text.clone());
    let check_option =
        node.child(SyntaxKind::WITH_CHECK_OPTION).map(|it| match it.has(SyntaxKind::LOCAL_CHECK_OPTION) {
            true => String::from("local"),
            false => String::from("cascaded"),
        });
    let tablespace = node.child(SyntaxKind::TABLESPACE_CLAUSE).and_then(|it| it.child(SyntaxKind::TABLESPACE_REF));
    let columns = node.child(SyntaxKind::COLUMN_LIST);
    Some(Kind::CreateView(Box::new(CreateView {
        or_replace: node.has(SyntaxKind::OR_REPLACE),
        if_not_exists: node.has(SyntaxKind::IF_NOT_EXISTS),
        temporary: create_table::is_temporary(node, &name),
        materialized: node.kind() == SyntaxKind::CREATE_MATERIALIZED_VIEW,
        recursive,
        columns: columns.map(|it| names::idents(it, SyntaxKind::COLUMN_NAME)).unwrap_or_default(),
        query: bare(query).snippet(),
        options: create_table::with_options(node),
        check_option,
        method: indexes::method(node).map(|it| it.text),
        tablespace: tablespace.and_then(names::ident).map(|it| it.text),
        with_no_data: node.has(SyntaxKind::WITH_NO_DATA),
        reads: reads(query, own),
        name,
    })))
}

/// A query without the parentheses around the whole of it.
fn bare(mut query: Node<'_>) -> Node<'_> {
    while query.kind() == SyntaxKind::PAREN_SELECT
        && query.children().count() == 3
        && let Some(inner) = query.inside()
    {
        query = inner;
    }
    query
}

/// The relations behind FROM and JOIN. `own` is the name by which a recursive view reads itself.
fn reads(query: Node<'_>, own: Option<String>) -> Vec<QName> {
    let mut scopes: FxHashMap<String, Vec<Range<usize>>> = FxHashMap::default();
    if let Some(own) = own {
        scopes.entry(own).or_default().push(query.start()..query.end());
    }
    for table in query.descendants().filter(|it| it.kind() == SyntaxKind::WITH_TABLE) {
        let Some(name) = table.child(SyntaxKind::CTE_NAME).and_then(names::ident) else { continue };
        let clause = table.parent();
        // Its own query and those before it see the name only in WITH RECURSIVE.
        let start = if clause.has(SyntaxKind::RECURSIVE_KW) { clause.start() } else { table.end() };
        scopes.entry(name.text).or_default().push(start..clause.parent().end());
    }
    let relation = |node: Node<'_>| {
        let name = names::qname(node)?;
        let is_in_scope = |scopes: &Vec<Range<usize>>| scopes.iter().any(|scope| scope.contains(&node.start()));
        let is_local = name.namespace.is_none() && scopes.get(&name.name.text).is_some_and(is_in_scope);
        (!is_local).then_some(name)
    };
    query.descendants().filter(|it| it.kind() == SyntaxKind::RELATION_NAME_REF).filter_map(relation).collect()
}
