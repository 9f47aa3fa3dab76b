//! Which name stands at a place of a file, and whether it is one of the file's top-level names: nothing is said of a name that a
//! function, a block or a class has for itself, nor of one in code that cannot be parsed.

use std::sync::Arc;

use source::Span;
use tree_sitter::Node;

use super::fields;
use super::lower::span_of;
use super::parse::Parsed;

/// A name at the top of a file, and what is taken of it: `schema.users.email`, up to the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePath {
    /// Never empty; the first is the file's own name.
    pub names: Vec<Arc<str>>,
    /// Of the last.
    pub span: Span,
}

/// The name at an offset. None where it is declared there, or is the name of something inside a function or block.
pub fn name_at(parsed: &Parsed, offset: u32) -> Option<NamePath> {
    let text = &parsed.module.text;
    let root = parsed.root();
    let node = name_node(root, offset as usize)?;
    let statement = ancestors(node).take_while(|it| it.kind() != "program").last()?;
    let mut cursor = root.walk();
    // Code that is broken there, or that lost a bracket, may have lost a scope with it.
    if statement.has_error() || root.children(&mut cursor).any(|child| child.is_error()) {
        return None;
    }
    if let Some(name) = imported(node, text) {
        return Some(NamePath { names: vec![name], span: span_of(node) });
    }
    let (start, names) = match written_table(node, text) {
        Some(table) => {
            let (start, mut names) = path_to(table, text)?;
            names.push(Arc::from(text_of(node, text)));
            (start, names)
        }
        None => path_to(node, text)?,
    };
    let first = names.first()?;
    (is_use(start) && !is_local(start, first, text)).then(|| NamePath { names: names.clone(), span: span_of(node) })
}

fn ancestors(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    std::iter::successors(Some(node), |it| it.parent())
}

/// The name that the offset touches; of two, the one that begins there.
fn name_node(root: Node<'_>, offset: usize) -> Option<Node<'_>> {
    let at = |offset: usize| root.descendant_for_byte_range(offset, offset).filter(|node| is_name(*node));
    at(offset).or_else(|| at(offset.checked_sub(1)?))
}

fn is_name(node: Node<'_>) -> bool {
    matches!(node.kind(), "identifier" | "property_identifier" | "shorthand_property_identifier")
}

fn text_of<'t>(node: Node<'_>, text: &'t str) -> &'t str {
    text.get(node.byte_range()).unwrap_or_default()
}

/// What an import calls here the thing that it names.
fn imported(node: Node<'_>, text: &str) -> Option<Arc<str>> {
    let parent = node.parent()?;
    let local = match parent.kind() {
        "import_specifier" => fields::ALIAS.of(parent).or_else(|| fields::NAME.of(parent))?,
        "import_clause" | "namespace_import" => node,
        _ => return None,
    };
    Some(Arc::from(text_of(local, text)))
}

/// From the start of `a.b.c` to the node; and the node that it starts with.
fn path_to<'t>(node: Node<'t>, text: &str) -> Option<(Node<'t>, Vec<Arc<str>>)> {
    let mut names = Vec::new();
    let mut current = node;
    while current.kind() == "property_identifier" || current.kind() == "member_expression" {
        let member = if current.kind() == "member_expression" { current } else { current.parent()? };
        if member.kind() != "member_expression" {
            return None;
        }
        let property = fields::PROPERTY.of(member).filter(|it| it.kind() == "property_identifier")?;
        names.push(Arc::from(text_of(property, text)));
        current = plain(fields::OBJECT.of(member)?);
    }
    is_name(current).then(|| names.push(Arc::from(text_of(current, text))))?;
    names.reverse();
    Some((current, names))
}

/// The table whose column a key of `db.insert(table).values({ key: … })` or `db.update(table).set({ key: … })` is.
fn written_table<'t>(key: Node<'t>, text: &str) -> Option<Node<'t>> {
    let pair =
        key.parent().filter(|it| it.kind() == "pair" && fields::KEY.of(*it).is_some_and(|it| it.id() == key.id()))?;
    let row = pair.parent().filter(|it| it.kind() == "object")?;
    let rows = row.parent().filter(|it| it.kind() == "array").unwrap_or(row);
    let call = rows.parent().filter(|it| it.kind() == "arguments")?.parent()?;
    let (receiver, method) = called(call, text)?;
    let (_, begin) = called(receiver, text)?;
    let is_written = matches!((begin, method), ("insert", "values") | ("update", "set"));
    let table = fields::ARGUMENTS.of(receiver).filter(|it| is_written && it.named_child_count() == 1)?;
    table.named_child(0).map(plain)
}

/// What a method is called on, and its name.
fn called<'t, 's>(call: Node<'t>, text: &'s str) -> Option<(Node<'t>, &'s str)> {
    let member =
        fields::FUNCTION.of(call).filter(|it| call.kind() == "call_expression" && it.kind() == "member_expression")?;
    Some((fields::OBJECT.of(member)?, text_of(fields::PROPERTY.of(member)?, text)))
}

/// Without parentheses and `!`.
fn plain(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    while matches!(node.kind(), "parenthesized_expression" | "non_null_expression") && node.named_child_count() == 1 {
        let Some(inner) = node.named_child(0) else { break };
        node = inner;
    }
    node
}

/// False where the name is given, or belongs to another file or to HTML.
fn is_use(node: Node<'_>) -> bool {
    let Some(parent) = node.parent() else { return false };
    let is = |field: &fields::Field| field.of(parent).is_some_and(|it| it.id() == node.id());
    match parent.kind() {
        "required_parameter" | "optional_parameter" => !is(&fields::PATTERN),
        "assignment_pattern" | "object_assignment_pattern" => !is(&fields::LEFT),
        "rest_pattern" | "object_pattern" | "array_pattern" | "pair_pattern" | "import_clause" | "namespace_import" => {
            false
        }
        "export_specifier" => {
            is(&fields::NAME) && !ancestors(parent).any(|it| it.kind() == "export_statement" && has_source(it))
        }
        "jsx_expression" => true,
        kind if kind.starts_with("jsx") => false,
        _ => !is(&fields::NAME) && !is(&fields::PARAMETER),
    }
}

fn has_source(node: Node<'_>) -> bool {
    fields::SOURCE.of(node).is_some()
}

/// True where something between the node and the top of the file has this name for its own.
fn is_local(node: Node<'_>, name: &str, text: &str) -> bool {
    let around = ancestors(node).skip(1).take_while(|it| it.kind() != "program");
    around.into_iter().any(|scope| {
        let own = fields::NAME.of(scope).filter(|it| matches!(it.kind(), "identifier" | "type_identifier"));
        let is_declaring = scope.kind() != "export_specifier" && !scope.kind().starts_with("jsx");
        let names_itself = is_declaring && own.is_some_and(|it| text_of(it, text) == name);
        let loops_over =
            scope.kind() == "for_in_statement" && fields::LEFT.of(scope).is_some_and(|it| binds(it, name, text));
        names_itself || loops_over || takes(scope, name, text) || declares(scope, name, text)
    })
}

/// True for a function, also a type of one, with a parameter of this name, or with a `var` of this name anywhere in it; and for `catch`.
fn takes(scope: Node<'_>, name: &str, text: &str) -> bool {
    let single = fields::PARAMETER.of(scope).is_some_and(|it| binds(it, name, text));
    let Some(list) = fields::PARAMETERS.of(scope) else {
        return single || (fields::PARAMETER.of(scope).is_some() && has_var(scope, name, text));
    };
    let mut cursor = list.walk();
    let is_taken = list.named_children(&mut cursor).any(|it| binds(it, name, text));
    single || is_taken || has_var(scope, name, text)
}

/// True where the node's own statements, or those of its cases, declare the name.
fn declares(scope: Node<'_>, name: &str, text: &str) -> bool {
    let mut cursor = scope.walk();
    scope.named_children(&mut cursor).any(|child| match child.kind() {
        "switch_case" | "switch_default" => declares(child, name, text),
        "export_statement" | "ambient_declaration" | "expression_statement" => declares(child, name, text),
        _ => declares_itself(child, name, text),
    })
}

fn declares_itself(statement: Node<'_>, name: &str, text: &str) -> bool {
    match statement.kind() {
        "lexical_declaration" | "variable_declaration" | "using_declaration" => {
            let mut cursor = statement.walk();
            let mut targets = statement.named_children(&mut cursor).filter_map(|it| fields::NAME.of(it));
            targets.any(|target| binds(target, name, text))
        }
        "function_declaration"
        | "generator_function_declaration"
        | "class_declaration"
        | "abstract_class_declaration"
        | "enum_declaration"
        | "function_signature"
        | "internal_module"
        | "module" => fields::NAME.of(statement).is_some_and(|it| text_of(it, text) == name),
        "import_alias" => statement.named_child(0).is_some_and(|it| text_of(it, text) == name),
        _ => false,
    }
}

/// A `var` belongs to the whole function, wherever in it it stands.
fn has_var(function: Node<'_>, name: &str, text: &str) -> bool {
    let mut pending = vec![function];
    while let Some(node) = pending.pop() {
        if node.kind() == "variable_declaration" && declares_itself(node, name, text) {
            return true;
        }
        let is_other = node.id() != function.id() && fields::PARAMETERS.of(node).is_some();
        if !is_other {
            let mut cursor = node.walk();
            pending.extend(node.named_children(&mut cursor));
        }
    }
    false
}

/// True where a pattern gives this name; what its parts are by default gives none, nor do their types.
fn binds(pattern: Node<'_>, name: &str, text: &str) -> bool {
    let inner = |field: &fields::Field| field.of(pattern).is_some_and(|it| binds(it, name, text));
    match pattern.kind() {
        "identifier" | "shorthand_property_identifier_pattern" => text_of(pattern, text) == name,
        "required_parameter" | "optional_parameter" => inner(&fields::PATTERN),
        "assignment_pattern" | "object_assignment_pattern" => inner(&fields::LEFT),
        "pair_pattern" => inner(&fields::VALUE),
        "rest_pattern" | "object_pattern" | "array_pattern" => {
            let mut cursor = pattern.walk();
            pattern.named_children(&mut cursor).any(|it| binds(it, name, text))
        }
        _ => false,
    }
}
