//! From tree-sitter's concrete tree to the lowered one: the shared part and the top level of a module.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use source::{FilePath, Span};
use tree_sitter::{Node, Tree};

use super::fields;
use super::syntax::{
    Binding, BindingKind, EnumDeclaration, EnumMember, Export, ExportTarget, Expr, ExprId, ExprKind, Module, Pattern,
    Property, PropertyKey, Statement,
};

/// Deeper nesting than this is not followed: no schema is, and the stack is finite.
const MAX_DEPTH: usize = 400;

/// How many broken places are remembered: the first ones tell enough.
const MAX_ERRORS: usize = 50;

/// Lowers a whole file.
pub(super) fn lower(file: &FilePath, text: &Arc<str>, tree: &Tree) -> Module {
    let mut lowering = Lowering {
        text,
        exprs: Vec::new(),
        bindings: FxHashMap::default(),
        exports: Vec::new(),
        star_exports: Vec::new(),
        common_js_export: None,
        reassigned: FxHashSet::default(),
        depth: 0,
    };
    let root = tree.root_node();
    let mut cursor = root.walk();
    for child in root.named_children(&mut cursor) {
        lowering.top_level(child);
    }
    let errors = if root.has_error() { broken_places(root) } else { Vec::new() };
    let has_module_syntax = has_module_syntax(root);
    let mut exports_by_name = FxHashMap::default();
    for (position, export) in lowering.exports.iter().enumerate() {
        exports_by_name.entry(export.name.clone()).or_insert(position);
    }
    Module {
        file: file.clone(),
        text: text.clone(),
        exprs: lowering.exprs,
        bindings: lowering.bindings,
        exports: lowering.exports,
        exports_by_name,
        star_exports: lowering.star_exports,
        is_common_js: !has_module_syntax,
        common_js_export: lowering.common_js_export,
        reassigned: lowering.reassigned,
        errors,
    }
}

pub(super) struct Lowering<'a> {
    pub(super) text: &'a str,
    exprs: Vec<Expr>,
    bindings: FxHashMap<Arc<str>, Binding>,
    exports: Vec<Export>,
    star_exports: Vec<(Arc<str>, Span)>,
    common_js_export: Option<ExprId>,
    reassigned: FxHashSet<Arc<str>>,
    depth: usize,
}

pub(super) fn span_of(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

impl<'a> Lowering<'a> {
    pub(super) fn text_of(&self, node: Node<'_>) -> &'a str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    pub(super) fn name_of(&self, node: Node<'_>) -> Arc<str> {
        Arc::from(self.text_of(node))
    }

    pub(super) fn add(&mut self, span: Span, kind: ExprKind) -> ExprId {
        let id = u32::try_from(self.exprs.len()).unwrap_or(u32::MAX);
        self.exprs.push(Expr { span, kind });
        id
    }

    /// Runs `inner` one level deeper; past the limit it gives None instead.
    pub(super) fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let value = stacker::maybe_grow(64 * 1024, 1024 * 1024, || inner(self));
        self.depth -= 1;
        Some(value)
    }

    /// A variable's value is changed somewhere: `x = …`, `x.y = …`, `x.push(…)`.
    pub(super) fn note_reassigned(&mut self, target: Node<'_>) {
        let mut node = target;
        while matches!(node.kind(), "member_expression" | "subscript_expression" | "non_null_expression") {
            let Some(inner) = fields::OBJECT.of(node).or_else(|| node.named_child(0)) else { return };
            node = inner;
        }
        if node.kind() == "identifier" {
            let name = self.name_of(node);
            self.reassigned.insert(name);
        }
    }

    fn top_level(&mut self, node: Node<'_>) {
        match node.kind() {
            "import_statement" => self.import(node),
            "export_statement" => self.export(node),
            "lexical_declaration" | "variable_declaration" => self.declaration(node, false),
            "function_declaration"
            | "generator_function_declaration"
            | "enum_declaration"
            | "class_declaration"
            | "abstract_class_declaration"
            | "internal_module"
            | "module" => self.declaration(node, false),
            "expression_statement" => self.top_level_expression(node),
            "ambient_declaration" | "if_statement" | "for_statement" | "for_in_statement" | "try_statement" => {
                // Only what it assigns matters: such names have no one value.
                self.note_assignments_below(node);
            }
            _ => {}
        }
    }

    /// A statement for its effect: `namespace X {}` is one for the parser, and an assignment or `push` changes a binding.
    fn top_level_expression(&mut self, node: Node<'_>) {
        match node.named_child(0) {
            Some(inner) if inner.kind() == "internal_module" => self.declaration(inner, false),
            Some(inner) if self.common_js_exports(inner) || self.first_assignment(inner) => {}
            Some(_) => self.note_assignments_below(node),
            None => {}
        }
    }

    /// `module.exports = …`, `module.exports.name = …`, `exports.name = …`.
    fn common_js_exports(&mut self, node: Node<'_>) -> bool {
        let (Some(left), Some(right)) = (fields::LEFT.of(node), fields::RIGHT.of(node)) else {
            return false;
        };
        if node.kind() != "assignment_expression" {
            return false;
        }
        let target = self.text_of(left);
        if target == "module.exports" {
            let id = self.expression(right);
            self.common_js_export = Some(id);
            self.export_properties(id);
            return true;
        }
        let name = target.strip_prefix("module.exports.").or_else(|| target.strip_prefix("exports."));
        let Some(name) = name.filter(|name| !name.contains(['.', '['])) else { return false };
        let target = ExportTarget::Expression(self.expression(right));
        self.exports.push(Export { name: Arc::from(name), span: span_of(left), target });
        true
    }

    /// The properties of `module.exports = { … }` are exports.
    fn export_properties(&mut self, id: ExprId) {
        let Some(Expr { kind: ExprKind::Object(properties), .. }) = self.exprs.get(id as usize) else { return };
        let found: Vec<(Arc<str>, Span, ExprId)> = properties
            .iter()
            .filter_map(|property| match property {
                Property::Value { key: PropertyKey::Name(name), value, key_span, .. } => {
                    Some((name.clone(), *key_span, *value))
                }
                _ => None,
            })
            .collect();
        for (name, span, value) in found {
            let target = match self.exprs.get(value as usize).map(|expr| &expr.kind) {
                Some(ExprKind::Identifier(local)) => ExportTarget::Local(local.clone()),
                _ => ExportTarget::Expression(value),
            };
            self.exports.push(Export { name, span, target });
        }
    }

    /// `let x; x = value;`: a variable declared without a value has the one that it is given first.
    fn first_assignment(&mut self, node: Node<'_>) -> bool {
        let (Some(left), Some(right)) = (fields::LEFT.of(node), fields::RIGHT.of(node)) else {
            return false;
        };
        let is_empty = self
            .bindings
            .get(self.text_of(left))
            .is_some_and(|binding| matches!(binding.kind, BindingKind::Opaque("a variable without a value")));
        if node.kind() != "assignment_expression" || !is_empty {
            return false;
        }
        let value = self.expression(right);
        let name = self.name_of(left);
        if let Some(binding) = self.bindings.get_mut(&name) {
            binding.kind = BindingKind::Value(value);
        }
        true
    }

    fn note_assignments_below(&mut self, node: Node<'_>) {
        if let Some(target) = changed_target(node, self.text) {
            self.note_reassigned(target);
        }
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
        self.deeper(|lowering| children.into_iter().for_each(|child| lowering.note_assignments_below(child)));
    }

    fn import(&mut self, node: Node<'_>) {
        let Some(source) = fields::SOURCE.of(node).map(|string| self.string_value(string)) else { return };
        if has_token(node, "type") {
            return;
        }
        let mut cursor = node.walk();
        for clause in node.named_children(&mut cursor).filter(|child| child.kind() == "import_clause") {
            let mut inner = clause.walk();
            for part in clause.named_children(&mut inner) {
                match part.kind() {
                    "identifier" => self.import_name(part, &source, Arc::from("default"), part),
                    "namespace_import" => {
                        if let Some(name) = part.named_child(0) {
                            let kind = BindingKind::ImportAll { source: source.clone() };
                            self.bind(self.name_of(name), span_of(name), kind);
                        }
                    }
                    "named_imports" => self.named_imports(part, &source),
                    _ => {}
                }
            }
        }
    }

    fn named_imports(&mut self, node: Node<'_>, source: &Arc<str>) {
        let mut cursor = node.walk();
        for specifier in node.named_children(&mut cursor).filter(|child| child.kind() == "import_specifier") {
            if has_token(specifier, "type") {
                continue;
            }
            let Some(name) = fields::NAME.of(specifier) else { continue };
            let local = fields::ALIAS.of(specifier).unwrap_or(name);
            let imported = self.specifier_name(name);
            self.import_name(local, source, imported, local);
        }
    }

    fn import_name(&mut self, local: Node<'_>, source: &Arc<str>, name: Arc<str>, place: Node<'_>) {
        let kind = BindingKind::Import { source: source.clone(), name };
        self.bind(self.name_of(local), span_of(place), kind);
    }

    /// `{ a }` or `{ "a b" }`.
    fn specifier_name(&self, node: Node<'_>) -> Arc<str> {
        if node.kind() == "string" { self.string_value(node) } else { self.name_of(node) }
    }

    fn export(&mut self, node: Node<'_>) {
        let source = fields::SOURCE.of(node).map(|string| self.string_value(string));
        if has_token(node, "type") {
            return;
        }
        if let Some(declaration) = fields::DECLARATION.of(node) {
            if has_token(node, "default") {
                self.export_default_declaration(declaration);
            } else {
                self.declaration(declaration, true);
            }
            return;
        }
        if let Some(value) = fields::VALUE.of(node) {
            let id = self.expression(value);
            let target = ExportTarget::Expression(id);
            self.exports.push(Export { name: Arc::from("default"), span: span_of(value), target });
            return;
        }
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.children(&mut cursor).collect();
        for child in children {
            match (child.kind(), &source) {
                ("*", Some(source)) => self.star_exports.push((source.clone(), span_of(node))),
                ("namespace_export", Some(source)) => {
                    if let Some(name) = child.named_child(0) {
                        let target = ExportTarget::AllFrom { source: source.clone() };
                        self.exports.push(Export { name: self.specifier_name(name), span: span_of(name), target });
                    }
                }
                ("export_clause", source) => self.export_clause(child, source.as_ref()),
                _ => {}
            }
        }
    }

    fn export_clause(&mut self, node: Node<'_>, source: Option<&Arc<str>>) {
        let mut cursor = node.walk();
        for specifier in node.named_children(&mut cursor).filter(|child| child.kind() == "export_specifier") {
            if has_token(specifier, "type") {
                continue;
            }
            let Some(name) = fields::NAME.of(specifier) else { continue };
            let local = self.specifier_name(name);
            let exported = fields::ALIAS.of(specifier).map(|alias| self.specifier_name(alias));
            let target = match source {
                Some(source) => ExportTarget::From { source: source.clone(), name: local.clone() },
                None => ExportTarget::Local(local.clone()),
            };
            self.exports.push(Export { name: exported.unwrap_or(local), span: span_of(specifier), target });
        }
    }

    fn export_default_declaration(&mut self, declaration: Node<'_>) {
        let name = fields::NAME.of(declaration).map(|name| self.name_of(name));
        let local = name.unwrap_or_else(|| Arc::from("*default*"));
        self.named_declaration(declaration, local.clone());
        let target = ExportTarget::Local(local);
        self.exports.push(Export { name: Arc::from("default"), span: span_of(declaration), target });
    }

    fn declaration(&mut self, node: Node<'_>, exported: bool) {
        let before = self.exports.len();
        match node.kind() {
            "lexical_declaration" | "variable_declaration" => self.variables(node, exported),
            _ => {
                let Some(name_node) = fields::NAME.of(node) else { return };
                let name = self.name_of(name_node);
                self.named_declaration(node, name.clone());
                if exported && self.bindings.contains_key(&name) {
                    let target = ExportTarget::Local(name.clone());
                    self.exports.push(Export { name, span: span_of(name_node), target });
                }
            }
        }
        debug_assert!(exported || before == self.exports.len());
    }

    fn named_declaration(&mut self, node: Node<'_>, name: Arc<str>) {
        let span = fields::NAME.of(node).map_or_else(|| span_of(node), span_of);
        let kind = match node.kind() {
            "function_declaration" | "function_expression" | "generator_function_declaration" => {
                BindingKind::Function(Arc::new(self.function(node)))
            }
            "enum_declaration" => BindingKind::Enum(Arc::new(self.enum_declaration(node))),
            "class_declaration" | "abstract_class_declaration" | "class" => BindingKind::Opaque("a class"),
            "internal_module" | "module" => BindingKind::Opaque("a namespace"),
            _ => return,
        };
        self.bind(name, span, kind);
    }

    fn variables(&mut self, node: Node<'_>, exported: bool) {
        let mut cursor = node.walk();
        for declarator in node.named_children(&mut cursor).filter(|child| child.kind() == "variable_declarator") {
            let Some(target) = fields::NAME.of(declarator) else { continue };
            let value = fields::VALUE.of(declarator).map(|value| self.expression(value));
            let span = span_of(target);
            let pattern = Arc::new(self.pattern(target));
            let mut names = Vec::new();
            pattern.names(&mut |name| names.push(name.clone()));
            for name in names {
                let kind = match (value, pattern.as_ref()) {
                    (None, _) => BindingKind::Opaque("a variable without a value"),
                    (Some(value), Pattern::Name(_)) => BindingKind::Value(value),
                    (Some(value), _) => BindingKind::Destructured(pattern.clone(), value),
                };
                self.bind(name.clone(), span, kind);
                if exported {
                    self.exports.push(Export { name: name.clone(), span, target: ExportTarget::Local(name) });
                }
            }
        }
    }

    pub(super) fn enum_declaration(&mut self, node: Node<'_>) -> EnumDeclaration {
        let mut members = Vec::new();
        if let Some(body) = fields::BODY.of(node) {
            let mut cursor = body.walk();
            for member in body.named_children(&mut cursor) {
                let (name_node, value) = match member.kind() {
                    "enum_assignment" => {
                        let value = fields::VALUE.of(member).map(|value| self.expression(value));
                        (fields::NAME.of(member), value)
                    }
                    "property_identifier" | "string" => (Some(member), None),
                    _ => continue,
                };
                let Some(name_node) = name_node else { continue };
                members.push(EnumMember { name: self.specifier_name(name_node), value });
            }
        }
        EnumDeclaration { members }
    }

    /// The first definition of a name stands: a later one is an overload or an error the type checker reports.
    fn bind(&mut self, name: Arc<str>, span: Span, kind: BindingKind) {
        self.bindings.entry(name).or_insert(Binding { span, kind });
    }

    pub(super) fn statement_list(&mut self, node: Node<'_>) -> Vec<Statement> {
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
        let mut statements = Vec::new();
        for child in children {
            self.statement(child, &mut statements);
        }
        statements
    }
}

/// True where one of the node's own tokens is this word (`import type …`, `export default …`).
pub(super) fn has_token(node: Node<'_>, word: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| !child.is_named() && child.kind() == word)
}

/// What an expression changes, where it is one that changes something.
fn changed_target<'t>(node: Node<'t>, text: &str) -> Option<Node<'t>> {
    match node.kind() {
        "assignment_expression" | "augmented_assignment_expression" => fields::LEFT.of(node),
        "update_expression" => fields::ARGUMENT.of(node),
        "call_expression" => {
            let callee = fields::FUNCTION.of(node)?;
            let property = fields::PROPERTY.of(callee)?;
            let method = text.get(property.byte_range())?;
            let changes = matches!(method, "push" | "unshift" | "splice" | "pop" | "shift" | "fill");
            if changes {
                return fields::OBJECT.of(callee);
            }
            let is_assign = text.get(callee.byte_range()) == Some("Object.assign");
            is_assign.then(|| fields::ARGUMENTS.of(node)?.named_child(0)).flatten()
        }
        _ => None,
    }
}

/// `import` and `export` make a file a module.
fn has_module_syntax(root: Node<'_>) -> bool {
    let mut cursor = root.walk();
    root.named_children(&mut cursor).any(|child| matches!(child.kind(), "import_statement" | "export_statement"))
}

fn broken_places(root: Node<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        if found.len() >= MAX_ERRORS {
            break;
        }
        if node.is_error() || node.is_missing() {
            found.push(span_of(node));
            continue;
        }
        let mut cursor = node.walk();
        pending.extend(node.children(&mut cursor).filter(|child| child.has_error() || child.is_missing()));
    }
    found.sort();
    found
}
