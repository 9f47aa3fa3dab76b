//! Lowering of functions and the statements in them.

use std::sync::Arc;

use tree_sitter::Node;

use super::fields;
use super::lower::{Lowering, has_token, span_of};
use super::syntax::{Body, Function, Pattern, Statement};

impl Lowering<'_> {
    /// A function declaration, an arrow, a function expression or a method.
    pub(super) fn function(&mut self, node: Node<'_>) -> Function {
        let mut parameters = Vec::new();
        if let Some(single) = fields::PARAMETER.of(node) {
            parameters.push(Pattern::Name(self.name_of(single)));
        } else if let Some(list) = fields::PARAMETERS.of(node) {
            let mut cursor = list.walk();
            for parameter in list.named_children(&mut cursor) {
                let is_this = fields::PATTERN.of(parameter).is_some_and(|pattern| pattern.kind() == "this");
                if parameter.kind() != "comment" && !is_this {
                    parameters.push(self.pattern(parameter));
                }
            }
        }
        let body = match fields::BODY.of(node) {
            Some(block) if block.kind() == "statement_block" => {
                Body::Block(self.deeper(|lowering| lowering.statement_list(block)).unwrap_or_default())
            }
            Some(expression) => Body::Expression(self.expression(expression)),
            None => Body::Block(Vec::new()),
        };
        let is_generator = has_token(node, "*") || node.kind().starts_with("generator");
        Function { parameters, body, is_generator }
    }

    pub(super) fn statement(&mut self, node: Node<'_>, out: &mut Vec<Statement>) {
        let lowered = self.deeper(|lowering| lowering.statement_inner(node, out));
        if lowered.is_none() {
            out.push(Statement::Unsupported("code nested too deeply", span_of(node)));
        }
    }

    fn statement_inner(&mut self, node: Node<'_>, out: &mut Vec<Statement>) {
        match node.kind() {
            "comment" | "empty_statement" | "type_alias_declaration" | "interface_declaration" => {}
            "lexical_declaration" | "variable_declaration" => self.local_variables(node, out),
            "function_declaration" => {
                if let Some(name) = fields::NAME.of(node).map(|name| self.name_of(name)) {
                    let function = Arc::new(self.function(node));
                    // Hoisted: it can be called before its place.
                    out.insert(0, Statement::Function { name, function });
                }
            }
            "enum_declaration" => {
                if let Some(name) = fields::NAME.of(node).map(|name| self.name_of(name)) {
                    let declaration = Arc::new(self.enum_declaration(node));
                    out.push(Statement::Enum { name, declaration });
                }
            }
            "return_statement" => {
                let mut cursor = node.walk();
                let value = node.named_children(&mut cursor).find(|child| child.kind() != "comment");
                let value = value.map(|value| self.expression(value));
                out.push(Statement::Return(value));
            }
            "if_statement" => self.if_statement(node, out),
            "switch_statement" => self.switch_statement(node, out),
            "for_in_statement" if has_token(node, "of") => self.for_of(node, out),
            "statement_block" => {
                let block = self.statement_list(node);
                out.push(Statement::Block(block));
            }
            "expression_statement" => {
                if let Some(inner) = node.named_child(0) {
                    let id = self.expression(inner);
                    out.push(Statement::Expression(id));
                }
            }
            "throw_statement" => out.push(Statement::Throw(span_of(node))),
            "break_statement" => out.push(Statement::Break),
            "continue_statement" => out.push(Statement::Continue),
            "for_statement" | "for_in_statement" | "while_statement" | "do_statement" => {
                out.push(Statement::Unsupported("a loop", span_of(node)));
            }
            "try_statement" => out.push(Statement::Unsupported("try and catch", span_of(node))),
            "class_declaration" => out.push(Statement::Unsupported("a class", span_of(node))),
            _ => out.push(Statement::Unsupported("a statement of this kind", span_of(node))),
        }
    }

    fn local_variables(&mut self, node: Node<'_>, out: &mut Vec<Statement>) {
        let mut cursor = node.walk();
        for declarator in node.named_children(&mut cursor).filter(|child| child.kind() == "variable_declarator") {
            let Some(target) = fields::NAME.of(declarator) else { continue };
            let pattern = self.pattern(target);
            let value = fields::VALUE.of(declarator).map(|value| self.expression(value));
            out.push(Statement::Declare { pattern, value });
        }
    }

    fn if_statement(&mut self, node: Node<'_>, out: &mut Vec<Statement>) {
        let Some(test) = fields::CONDITION.of(node).map(|test| self.expression(test)) else { return };
        let mut then = Vec::new();
        if let Some(consequence) = fields::CONSEQUENCE.of(node) {
            self.statement(consequence, &mut then);
        }
        let mut otherwise = Vec::new();
        // The alternative is an `else_clause` around the statement.
        if let Some(inner) = fields::ALTERNATIVE.of(node).and_then(|clause| clause.named_child(0)) {
            self.statement(inner, &mut otherwise);
        }
        out.push(Statement::If { test, then, otherwise });
    }

    fn switch_statement(&mut self, node: Node<'_>, out: &mut Vec<Statement>) {
        let Some(value) = fields::VALUE.of(node).map(|value| self.expression(value)) else { return };
        let mut cases = Vec::new();
        if let Some(body) = fields::BODY.of(node) {
            let mut cursor = body.walk();
            for case in body.named_children(&mut cursor) {
                let test = fields::VALUE.of(case).map(|test| self.expression(test));
                let test_id = fields::VALUE.of(case).map(|test| test.id());
                let mut statements = Vec::new();
                let mut inner = case.walk();
                for statement in case.named_children(&mut inner).filter(|child| Some(child.id()) != test_id) {
                    self.statement(statement, &mut statements);
                }
                cases.push((test, statements));
            }
        }
        out.push(Statement::Switch { value, cases });
    }

    fn for_of(&mut self, node: Node<'_>, out: &mut Vec<Statement>) {
        let (Some(left), Some(right)) = (fields::LEFT.of(node), fields::RIGHT.of(node)) else {
            return;
        };
        let pattern = self.pattern(left);
        let iterable = self.expression(right);
        let mut body = Vec::new();
        if let Some(block) = fields::BODY.of(node) {
            self.statement(block, &mut body);
        }
        out.push(Statement::ForOf { pattern, iterable, body });
    }
}
