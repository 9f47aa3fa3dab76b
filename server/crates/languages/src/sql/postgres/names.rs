//! Names: folded and cut as the server does it. (SQL Syntax, 4.1.1 Identifiers and Key Words.)

use squawk_parser::SyntaxKind;

use super::super::statement::{Ident, QName};
use super::literals;
use super::place::{Decoded, Text};
use super::scan::Token;
use super::tree::Node;

/// `NAMEDATALEN` less one.
const MAX_BYTES: usize = 63;

/// The last name in a node: `b` in `a.b`.
pub(super) fn ident(node: Node<'_>) -> Option<Ident> {
    parts(node).pop()
}

/// The object that a node names.
pub(super) fn qname(node: Node<'_>) -> Option<QName> {
    let mut parts = parts(node);
    let name = parts.pop()?;
    Some(QName { namespace: parts.pop(), name })
}

/// `table.column`.
pub(super) fn column(node: Node<'_>) -> Option<(QName, Ident)> {
    let mut parts = parts(node);
    let column = parts.pop()?;
    let name = parts.pop()?;
    Some((QName { namespace: parts.pop(), name }, column))
}

/// The names of all nodes of a kind right inside a node.
pub(super) fn idents(node: Node<'_>, kind: SyntaxKind) -> Vec<Ident> {
    node.all(kind).filter_map(ident).collect()
}

/// All names in a node, separated by dots.
fn parts(node: Node<'_>) -> Vec<Ident> {
    if node.is_token() {
        return vec![of_token(node)];
    }
    let mut parts = Vec::with_capacity(2);
    let mut in_clause = false;
    for token in node.descendants().filter(|it| it.is_token()) {
        match token.kind() {
            SyntaxKind::UESCAPE_KW => in_clause = true,
            SyntaxKind::STRING if in_clause => in_clause = false,
            kind if kind == SyntaxKind::IDENT || kind.is_keyword() => parts.push(of_token(token)),
            _ => {}
        }
    }
    parts
}

fn of_token(token: Node<'_>) -> Ident {
    let text = folded(token.text(), || literals::unicode_escape(token.source().text, token.end()));
    Ident { text, span: token.span() }
}

/// The name that a word or a quoted name says.
fn folded(token: &str, unicode_escape: impl FnOnce() -> char) -> String {
    let mut name = match token.strip_prefix('"') {
        Some(inner) => inner.strip_suffix('"').unwrap_or(inner).replace("\"\"", "\""),
        None => match token.strip_prefix(['u', 'U']).and_then(|rest| rest.strip_prefix("&\"")) {
            Some(inner) => {
                let mut decoded = Decoded::default();
                let inner = inner.strip_suffix('"').unwrap_or(inner);
                literals::unicode(inner, Text::file(inner), 0, unicode_escape(), &mut decoded);
                decoded.text
            }
            None => token.to_ascii_lowercase(),
        },
    };
    name.truncate(cut(&name));
    name
}

fn cut(name: &str) -> usize {
    if name.len() <= MAX_BYTES { name.len() } else { name.floor_char_boundary(MAX_BYTES) }
}

/// A name of a scanned text.
pub(super) fn of_scanned(text: Text<'_>, token: Token) -> Ident {
    Ident { text: folded(token.text(text.text), || '\\'), span: text.span(token.start, token.end) }
}

/// A name as written, quotes taken away where they change nothing: `"C"`, `public.text_ops`.
pub(super) fn spelled(node: Node<'_>) -> String {
    let parts: Vec<String> = parts(node).into_iter().map(|part| quoted_where_needed(&part.text)).collect();
    parts.join(".")
}

fn quoted_where_needed(name: &str) -> String {
    let is_simple = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    // Of the reserved words only this one names a collation.
    if is_simple && name != "default" { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// What `set_config('search_path', …)` is given: names separated by commas.
pub(super) fn listed(text: &str) -> Vec<String> {
    let names = text.split(',').map(str::trim).filter(|name| !matches!(*name, "" | "\"\""));
    names.map(|name| folded(name, || '\\')).collect()
}
