//! The lowered tree: what an evaluator needs of a TypeScript file, and nothing of its types.

use rustc_hash::{FxHashMap, FxHashSet};
use source::{FilePath, Span};
use std::sync::Arc;

/// An expression of one module, by its number.
pub type ExprId = u32;

/// One file.
#[derive(Debug)]
pub struct Module {
    pub file: FilePath,
    pub text: Arc<str>,
    pub exprs: Vec<Expr>,
    /// Top-level bindings by name.
    pub bindings: FxHashMap<Arc<str>, Binding>,
    /// Exported names, `default` included, in source order.
    pub exports: Vec<Export>,
    /// Their positions by name; the first of a name counts.
    pub exports_by_name: FxHashMap<Arc<str>, usize>,
    /// `export * from '…'`.
    pub star_exports: Vec<(Arc<str>, Span)>,
    /// True where the exports are `module.exports`: they keep the order of their assignment.
    pub is_common_js: bool,
    /// The value of `module.exports = …`.
    pub common_js_export: Option<ExprId>,
    /// Names whose value is changed after their definition: they have no one value.
    pub reassigned: FxHashSet<Arc<str>>,
    /// Places the parser could not make sense of.
    pub errors: Vec<Span>,
}

impl Module {
    pub fn export(&self, name: &str) -> Option<&Export> {
        self.exports.get(*self.exports_by_name.get(name)?)
    }

    pub fn expr(&self, id: ExprId) -> Option<&Expr> {
        self.exprs.get(id as usize)
    }
}

/// A top-level name.
#[derive(Debug)]
pub struct Binding {
    pub span: Span,
    pub kind: BindingKind,
}

/// What a top-level name stands for.
#[derive(Debug)]
pub enum BindingKind {
    /// `import { name } from source` (`name` is `default` for a default import).
    Import {
        source: Arc<str>,
        name: Arc<str>,
    },
    /// `import * as … from source`.
    ImportAll {
        source: Arc<str>,
    },
    Value(ExprId),
    /// A name inside a destructuring pattern of the value.
    Destructured(Arc<Pattern>, ExprId),
    Function(Arc<Function>),
    Enum(Arc<EnumDeclaration>),
    /// A class, a namespace, a declaration without a value: not evaluated, with the reason.
    Opaque(&'static str),
}

/// An exported name and what it stands for.
#[derive(Debug)]
pub struct Export {
    pub name: Arc<str>,
    pub span: Span,
    pub target: ExportTarget,
}

#[derive(Debug)]
pub enum ExportTarget {
    Local(Arc<str>),
    /// `export default …`.
    Expression(ExprId),
    /// `export { name } from source`.
    From {
        source: Arc<str>,
        name: Arc<str>,
    },
    /// `export * as … from source`.
    AllFrom {
        source: Arc<str>,
    },
}

/// A TypeScript enum.
#[derive(Debug)]
pub struct EnumDeclaration {
    pub members: Vec<EnumMember>,
}

#[derive(Debug)]
pub struct EnumMember {
    pub name: Arc<str>,
    pub value: Option<ExprId>,
}

#[derive(Debug)]
pub struct Expr {
    pub span: Span,
    pub kind: ExprKind,
}

#[derive(Debug)]
pub enum ExprKind {
    Undefined,
    Null,
    Boolean(bool),
    Number(f64),
    /// Decimal digits with an optional sign.
    BigInt(Arc<str>),
    String(Arc<str>),
    Regex(Arc<str>),
    Identifier(Arc<str>),
    Template {
        strings: Vec<Arc<str>>,
        values: Vec<ExprId>,
    },
    TaggedTemplate {
        tag: ExprId,
        strings: Vec<Arc<str>>,
        values: Vec<ExprId>,
    },
    Array(Vec<Element>),
    Object(Vec<Property>),
    Function(Arc<Function>),
    Call {
        callee: ExprId,
        arguments: Vec<Element>,
        optional: bool,
    },
    New {
        callee: ExprId,
        arguments: Vec<Element>,
    },
    Member {
        object: ExprId,
        property: Arc<str>,
        property_span: Span,
        optional: bool,
    },
    Index {
        object: ExprId,
        index: ExprId,
        optional: bool,
    },
    Conditional {
        test: ExprId,
        then: ExprId,
        otherwise: ExprId,
    },
    Binary {
        operator: Operator,
        left: ExprId,
        right: ExprId,
    },
    Unary {
        operator: UnaryOperator,
        operand: ExprId,
    },
    /// `a = b`, or `a op= b`.
    Assign {
        target: ExprId,
        operator: Option<Operator>,
        value: ExprId,
    },
    Sequence(Vec<ExprId>),
    Await(ExprId),
    This,
    /// `import.meta`.
    ImportMeta,
    Unsupported(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
    Nullish,
    In,
    BitOr,
    BitAnd,
    BitXor,
    ShiftLeft,
    ShiftRight,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    Not,
    Minus,
    Plus,
    Typeof,
    Void,
    Other,
}

/// An element of an array or an argument of a call.
#[derive(Debug, Clone, Copy)]
pub enum Element {
    Item(ExprId),
    Spread(ExprId),
    Hole,
}

#[derive(Debug)]
pub enum PropertyKey {
    Name(Arc<str>),
    Computed(ExprId),
}

/// A property of an object literal.
#[derive(Debug)]
pub enum Property {
    /// `span` covers key and value, `key_span` the key alone.
    Value {
        key: PropertyKey,
        value: ExprId,
        span: Span,
        key_span: Span,
    },
    Getter {
        key: PropertyKey,
        function: Arc<Function>,
        span: Span,
        key_span: Span,
    },
    Spread {
        value: ExprId,
        span: Span,
    },
    /// Something the parser could not make sense of: the object may hold more.
    Broken(Span),
}

#[derive(Debug)]
pub struct Function {
    pub parameters: Vec<Pattern>,
    pub body: Body,
    pub is_generator: bool,
}

#[derive(Debug)]
pub enum Body {
    Expression(ExprId),
    Block(Vec<Statement>),
}

/// What a value is bound to.
#[derive(Debug)]
pub enum Pattern {
    Name(Arc<str>),
    Default(Box<Pattern>, ExprId),
    Object { properties: Vec<(PropertyKey, Pattern)>, rest: Option<Box<Pattern>> },
    Array { elements: Vec<Option<Pattern>>, rest: Option<Box<Pattern>> },
    Rest(Box<Pattern>),
    Unsupported,
}

impl Pattern {
    /// Calls `found` with every name the pattern binds.
    pub fn names(&self, found: &mut dyn FnMut(&Arc<str>)) {
        match self {
            Pattern::Name(name) => found(name),
            Pattern::Default(inner, _) | Pattern::Rest(inner) => inner.names(found),
            Pattern::Object { properties, rest } => {
                properties.iter().for_each(|(_, pattern)| pattern.names(found));
                if let Some(rest) = rest {
                    rest.names(found);
                }
            }
            Pattern::Array { elements, rest } => {
                elements.iter().flatten().for_each(|pattern| pattern.names(found));
                if let Some(rest) = rest {
                    rest.names(found);
                }
            }
            Pattern::Unsupported => {}
        }
    }
}

#[derive(Debug)]
pub enum Statement {
    Declare { pattern: Pattern, value: Option<ExprId> },
    Function { name: Arc<str>, function: Arc<Function> },
    Enum { name: Arc<str>, declaration: Arc<EnumDeclaration> },
    Return(Option<ExprId>),
    If { test: ExprId, then: Vec<Statement>, otherwise: Vec<Statement> },
    Switch { value: ExprId, cases: Vec<(Option<ExprId>, Vec<Statement>)> },
    ForOf { pattern: Pattern, iterable: ExprId, body: Vec<Statement> },
    Block(Vec<Statement>),
    Expression(ExprId),
    Throw(Span),
    Break,
    Continue,
    Unsupported(&'static str, Span),
}
