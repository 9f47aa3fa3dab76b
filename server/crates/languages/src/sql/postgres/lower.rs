//! One statement's tree to what it does.

use squawk_parser::SyntaxKind;

use super::super::statement::{Kind, Statement};
use super::place::Text;
use super::scan::Scanner;
use super::split::Size;
use super::tree::{Node, Tree};
use super::unreadable::{as_a_whole, unreadable};
use super::{
    alter_relation, create_table, create_type, indexes, names, objects, opaque, policies, privileges, sequences, types,
    views,
};

/// More brackets in each other nobody writes; and the parser looks ahead at each of them.
const MAX_DEPTH: usize = 1_000;

/// The parser's stack grows with the tokens, and only a dump's data has as many.
const MAX_TOKENS: usize = 200_000;

/// A statement that is read through its tree.
pub(super) fn statement(text: Text<'_>, size: Size) -> Kind {
    if text.text.contains('\0') {
        return as_a_whole(text, "a statement cannot hold the character NUL");
    }
    if size.depth > MAX_DEPTH {
        return as_a_whole(text, "the statement nests too deeply");
    }
    if size.n_tokens > MAX_TOKENS {
        return as_a_whole(text, "the statement is too long");
    }
    if size.has_merge && is_endless(text.text) {
        return as_a_whole(text, "MERGE PARTITIONS is not known");
    }
    let tree = Tree::parse(text, size.n_tokens);
    let mut statements = tree.statements();
    let (first, second) = (statements.next(), statements.next());
    // What is no continuation of a statement begins another one to the parser.
    let second = second.filter(|it| it.kind() != SyntaxKind::ERROR).map(Node::start);
    match (&tree.error, second) {
        (Some((_, at)), Some(second)) if second <= *at => return unreadable(text, "expected command", second),
        (Some((message, at)), _) => return unreadable(text, message, *at),
        (None, Some(second)) => return unreadable(text, "expected command", second),
        (None, None) => {}
    }
    let Some(first) = first else { return Kind::Nothing };
    if let Some(column) = typeless(first) {
        return unreadable(text, "expected a type", column.end());
    }
    lower(first).unwrap_or_else(|| as_a_whole(text, "this form of the statement is not known"))
}

/// The parser of this version never comes back from `ALTER TABLE … MERGE PARTITIONS`, which is PostgreSQL 19's, where a word that
/// stands for a value is in the list.
fn is_endless(text: &str) -> bool {
    let mut has_alter = false;
    let mut is_merging = false;
    let mut introduces = false;
    for token in Scanner::new(text) {
        let is_any = |words: &[&str]| words.iter().any(|word| token.is_word(text, word));
        if is_merging && is_any(&VALUES) {
            return true;
        }
        has_alter |= is_any(&["ALTER"]);
        is_merging |= has_alter && !introduces && is_any(&["MERGE"]);
        introduces = token.is_mark(b'.') || is_any(&INTRODUCING);
    }
    false
}

/// Behind these words MERGE is a name.
const INTRODUCING: [&str; 8] = ["TABLE", "ONLY", "EXISTS", "COLUMN", "CONSTRAINT", "ADD", "RENAME", "TO"];

const VALUES: [&str; 12] = [
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_ROLE",
    "CURRENT_USER",
    "CURRENT_CATALOG",
    "CURRENT_SCHEMA",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "SESSION_USER",
    "SYSTEM_USER",
    "USER",
];

/// None where something is missing that the statement cannot do without.
fn lower(node: Node<'_>) -> Option<Kind> {
    match node.kind() {
        SyntaxKind::CREATE_TABLE | SyntaxKind::CREATE_FOREIGN_TABLE => create_table::create(node),
        SyntaxKind::CREATE_TABLE_AS => create_table::create_as(node),
        SyntaxKind::CREATE_INDEX => indexes::create(node),
        SyntaxKind::CREATE_TYPE => create_type::create(node),
        SyntaxKind::CREATE_DOMAIN => create_type::create_domain(node),
        SyntaxKind::CREATE_SEQUENCE => sequences::create(node),
        SyntaxKind::CREATE_VIEW | SyntaxKind::CREATE_MATERIALIZED_VIEW => views::create(node),
        SyntaxKind::CREATE_POLICY => policies::create(node),
        SyntaxKind::CREATE_ROLE | SyntaxKind::CREATE_USER | SyntaxKind::CREATE_GROUP => policies::create_role(node),
        SyntaxKind::CREATE_EXTENSION => create_extension(node),
        SyntaxKind::CREATE_SCHEMA => create_namespace(node),
        SyntaxKind::ALTER_TABLE
        | SyntaxKind::ALTER_FOREIGN_TABLE
        | SyntaxKind::ALTER_INDEX
        | SyntaxKind::ALTER_VIEW
        | SyntaxKind::ALTER_MATERIALIZED_VIEW
        | SyntaxKind::ALTER_SEQUENCE => alter_relation::alter(node),
        SyntaxKind::ALTER_TYPE => create_type::alter(node),
        SyntaxKind::ALTER_DOMAIN => create_type::alter_domain(node),
        SyntaxKind::ALTER_POLICY => policies::alter(node),
        SyntaxKind::ALTER_ROLE | SyntaxKind::ALTER_USER | SyntaxKind::ALTER_GROUP
            if !node.has(SyntaxKind::ROLE_RENAME_TO) =>
        {
            policies::alter_role(node)
        }
        SyntaxKind::COMMENT_ON => objects::comment(node),
        SyntaxKind::GRANT => privileges::grant(node),
        SyntaxKind::REVOKE => privileges::revoke(node),
        SyntaxKind::DROP_OWNED => Some(Kind::Nothing),
        _ if node.has(SyntaxKind::CREATE_KW) => opaque::create(node),
        _ if node.has(SyntaxKind::DROP_KW) => objects::drop(node),
        _ if node.has(SyntaxKind::ALTER_KW) => objects::alter(node),
        _ => create_table::select_into(node),
    }
}

/// A table's column that has no type though the table is no partition and has no type of its own.
fn typeless(node: Node<'_>) -> Option<Node<'_>> {
    if node.kind() != SyntaxKind::CREATE_TABLE || node.has(SyntaxKind::PARTITION_OF) || node.has(SyntaxKind::OF_TYPE) {
        return None;
    }
    let list = node.child(SyntaxKind::TABLE_ARG_LIST)?;
    list.all(SyntaxKind::COLUMN).find(|column| !column.children().any(types::is_type))
}

fn create_extension(node: Node<'_>) -> Option<Kind> {
    let namespace = node.child(SyntaxKind::EXTENSION_SCHEMA).and_then(|it| it.child(SyntaxKind::SCHEMA_REF));
    Some(Kind::CreateExtension {
        name: names::ident(node.child(SyntaxKind::EXTENSION)?)?,
        if_not_exists: node.has(SyntaxKind::IF_NOT_EXISTS),
        namespace: namespace.and_then(names::ident),
    })
}

/// CREATE SCHEMA with the statements it holds; without a name it has its owner's.
fn create_namespace(node: Node<'_>) -> Option<Kind> {
    let name = match (node.child(SyntaxKind::NAMED_SCHEMA), node.child(SyntaxKind::AUTHORIZATION_SCHEMA)) {
        (Some(named), _) => names::ident(named.child(SyntaxKind::SCHEMA)?)?,
        (None, Some(owner)) => match owner.child(SyntaxKind::ROLE) {
            Some(role) => names::ident(role)?,
            None => return Some(Kind::Nothing),
        },
        (None, None) => return None,
    };
    let is_statement = |it: &Node<'_>| it.has(SyntaxKind::CREATE_KW) || it.has(SyntaxKind::GRANT_KW);
    let element = |it: Node<'_>| Some(Statement { span: it.span(), kind: lower(it)? });
    Some(Kind::CreateNamespace {
        name,
        if_not_exists: node.has(SyntaxKind::IF_NOT_EXISTS),
        elements: node.children().filter(is_statement).filter_map(element).collect(),
    })
}
