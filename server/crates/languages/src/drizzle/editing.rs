//! What an edit of a schema file needs to know of its text: where a name is written, where an `export` goes, which SQL text names
//! something. Each parses the one file anew: it is asked for by a person, not at a keystroke.

use source::{FilePath, Span};
use std::sync::Arc;

use crate::typescript::syntax::{BindingKind, Element, ExprId, ExprKind, Module, Property};
use crate::typescript::{Parsed, parse, variable_statement};

/// A database name written as a plain string, first in the call that declares what has it: the `'email'` of `email: text('email')`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameLiteral {
    pub name: Arc<str>,
    /// Between the quotes.
    pub span: Span,
    /// The property's key, or the exported name, that the call is the value of.
    pub declared: Span,
}

/// The name under the cursor. None on anything else, and where the string is not written as it is read.
pub fn name_literal(file: &FilePath, text: &Arc<str>, offset: u32) -> Option<NameLiteral> {
    let module = parse(file, text, None)?.module;
    let strings = module.exprs.iter().filter_map(|expr| match &expr.kind {
        ExprKind::String(name) if expr.span.touches(offset) => Some((expr.span, name.clone())),
        _ => None,
    });
    let (quoted, name) = strings.min_by_key(|(span, _)| span.len())?;
    let span = Span { start: quoted.start + 1, end: quoted.end.checked_sub(1)? };
    let is_first = |id: ExprId| first_argument(&module, id).is_some_and(|span| span == quoted);
    let bound = module.bindings.values().filter_map(|binding| match binding.kind {
        BindingKind::Value(id) => Some((id, binding.span)),
        _ => None,
    });
    let properties = module.exprs.iter().filter_map(|expr| match &expr.kind {
        ExprKind::Object(properties) => Some(properties),
        _ => None,
    });
    let values = properties.flatten().filter_map(|property| match property {
        Property::Value { value, key_span, .. } => Some((*value, *key_span)),
        _ => None,
    });
    let (_, declared) = bound.chain(values).find(|(id, _)| is_first(*id))?;
    (span.start <= offset && offset <= span.end && span.text(text) == &*name).then_some(NameLiteral {
        name,
        span,
        declared,
    })
}

/// The first argument of the call that a chain starts with: `'email'` of `text('email').notNull()`.
fn first_argument(module: &Module, value: ExprId) -> Option<Span> {
    let mut id = value;
    loop {
        let ExprKind::Call { callee, arguments, .. } = &module.expr(id)?.kind else { return None };
        match &module.expr(*callee)?.kind {
            ExprKind::Member { object, .. } if is_call(module, *object) => id = *object,
            ExprKind::Member { .. } | ExprKind::Identifier(_) => {
                let Some(Element::Item(first)) = arguments.first() else { return None };
                return module.expr(*first).map(|expr| expr.span);
            }
            _ => return None,
        }
    }
}

fn is_call(module: &Module, id: ExprId) -> bool {
    module.expr(id).is_some_and(|expr| matches!(expr.kind, ExprKind::Call { .. }))
}

/// The first place in SQL text (sql`…`, `sql.raw('…')`) that has this word; what stands in `${…}` is no text.
pub fn word_in_sql(file: &FilePath, text: &Arc<str>, word: &str) -> Option<Span> {
    let module = parse(file, text, None)?.module;
    let names_sql = |id: ExprId| match module.expr(id).map(|expr| &expr.kind) {
        Some(ExprKind::Identifier(name)) => &**name == "sql",
        Some(ExprKind::Member { object, .. }) => {
            matches!(module.expr(*object).map(|expr| &expr.kind), Some(ExprKind::Identifier(name)) if &**name == "sql")
        }
        _ => false,
    };
    let found = module.exprs.iter().filter_map(|expr| {
        let is_named = match &expr.kind {
            ExprKind::TaggedTemplate { tag, strings, .. } => {
                names_sql(*tag) && strings.iter().any(|part| has_word(part, word))
            }
            ExprKind::Call { callee, arguments, .. } => {
                let texts = arguments.iter().filter_map(|argument| match argument {
                    Element::Item(id) => module.expr(*id),
                    _ => None,
                });
                names_sql(*callee)
                    && texts.into_iter().any(|argument| match &argument.kind {
                        ExprKind::String(part) => has_word(part, word),
                        ExprKind::Template { strings, .. } => strings.iter().any(|part| has_word(part, word)),
                        _ => false,
                    })
            }
            _ => false,
        };
        is_named.then_some(expr.span)
    });
    found.min()
}

fn has_word(text: &str, word: &str) -> bool {
    crate::word_offsets(text, word).next().is_some()
}

/// What makes a top-level name exported, at an offset; `name` is where it is bound. None where an `export` would be wrong.
pub fn export_insertion(file: &FilePath, text: &Arc<str>, name: Span) -> Option<(u32, String)> {
    let parsed: Parsed = parse(file, text, None)?;
    let module = &parsed.module;
    let is_common_js = module.is_common_js
        || module.common_js_export.is_some()
        || file.extension().is_some_and(|extension| extension == "cjs" || extension == "cts");
    let is_bound = module.bindings.values().any(|it| it.span == name && matches!(it.kind, BindingKind::Value(_)));
    if is_common_js || !module.errors.is_empty() || !is_bound {
        return None;
    }
    let statement = variable_statement(&parsed, name)?;
    if statement.n_names == 1 {
        return Some((statement.span.start, String::from("export ")));
    }
    // `export` before it would export the others too.
    Some((statement.span.end, format!("\nexport {{ {} }};", name.text(text))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use std::fmt::Write as _;
    use std::path::Path;

    fn file() -> FilePath {
        Arc::from(Path::new("/p/schema.ts"))
    }

    /// What can be renamed, cursor by cursor.
    fn literals(text: &str, expected: Expect) {
        let text: Arc<str> = Arc::from(text);
        let mut shown = String::new();
        let mut last = None;
        for offset in 0..text.len() {
            let found = name_literal(&file(), &text, u32::try_from(offset).unwrap());
            if let Some(found) = found.filter(|found| last.as_ref() != Some(found)) {
                let _ = writeln!(shown, "{} of {}", found.span.text(&text), found.declared.text(&text));
                last = Some(found);
            }
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn only_the_name_of_a_declaration_is_one() {
        literals(
            "import { pgTable, text } from 'drizzle-orm/pg-core';
            export const users = pgTable('users', {
              mail: text('email', { enum: ['email'] }).notNull().default('none'),
              kind: t.varchar(\"kind\"),
              bad: helper(text('bad')),
              worse: text('wor\\u0073e'),
              none: text(),
            });
            const own = mySchema.table('own', {});",
            expect![[r#"
                users of users
                email of mail
                kind of kind
                own of own
            "#]],
        );
    }

    #[test]
    fn a_word_of_sql_text_is_found() {
        let found = |text: &str| {
            let text: Arc<str> = Arc::from(text);
            word_in_sql(&file(), &text, "name").map(|span| span.text(&text).to_owned())
        };
        assert_eq!(found("const a = sql`lower(name)`;").as_deref(), Some("sql`lower(name)`"));
        assert_eq!(found("const a = sql.raw('name = 1');").as_deref(), Some("sql.raw('name = 1')"));
        assert_eq!(found("const a = sql`lower(full_name) ${t.name}`; const b = 'name'; const c = other`name`;"), None);
    }

    fn exported(text: &str, name: &str, expected: Expect) {
        let text: Arc<str> = Arc::from(text);
        let start = text.find(&format!(" {name} ")).unwrap() + 1;
        let shown = match export_insertion(&file(), &text, Span::new(start, start + name.len())) {
            Some((at, insertion)) => {
                let (before, after) = text.split_at(at as usize);
                format!("{before}{insertion}{after}")
            }
            None => String::from("no"),
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn an_export_goes_before_the_statement_or_behind_one_of_several_names() {
        exported(
            "import { pgTable } from 'drizzle-orm/pg-core';\n// users\nconst users = pgTable('users', {});",
            "users",
            expect![[r#"
                import { pgTable } from 'drizzle-orm/pg-core';
                // users
                export const users = pgTable('users', {});"#]],
        );
        exported(
            "export {};\nconst a = 1, users = pgTable('users', {});\nlet b;",
            "users",
            expect![[r#"
                export {};
                const a = 1, users = pgTable('users', {});
                export { users };
                let b;"#]],
        );
    }

    #[test]
    fn no_export_where_it_would_be_wrong() {
        let no = || expect![["no"]];
        exported("declare const users : unknown;", "users", no());
        exported("import users from './users'; const x = { users };", "users", no());
        exported("const users = pgTable('users', {});\nmodule.exports = { a: 1 };", "users", no());
        exported("const { users } = make();", "users", no());
        exported("export const users = pgTable('users', {});", "users", no());
    }
}
