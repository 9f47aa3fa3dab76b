//! What has to follow in a Drizzle schema file, by the tokens before the cursor and the brackets that are open there.

use languages::typescript_tokens::{End, TokenKind, Tokens, tokens};
use source::Span;

/// The call of a table around the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TableCall {
    /// What the table is bound to: the `users` of `const users = pgTable(`.
    pub(super) binding: Option<String>,
    /// The name in the database, where it is written as a plain string.
    pub(super) name: Option<String>,
    /// Its columns, as far as they stand before the cursor.
    pub(super) columns: Vec<WrittenColumn>,
    /// The argument that the cursor is in: 1 for the columns, 2 for the extras.
    argument: usize,
    open: usize,
}

/// A column as the text has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WrittenColumn {
    pub(super) key: String,
    pub(super) builder: String,
    /// The name in the database; None where the key stands for it.
    pub(super) name: Option<String>,
}

/// What can stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Nothing,
    /// A function that makes a column, behind this qualifier (`t.`) or bare.
    Builder {
        qualifier: Option<String>,
    },
    /// A column of any table, with its table: `users.id`.
    AnyColumn,
    /// The columns of what this name stands for.
    ColumnsOf {
        name: String,
    },
    /// A column of the table itself, with the name that its callback gives the table.
    OwnColumn {
        parameter: String,
    },
    /// The columns of the table itself, behind that name.
    OwnColumns,
    /// A value of the enum that this function makes columns of.
    EnumValue {
        function: String,
    },
    /// One of these strings.
    OneOf(Vec<String>),
    /// SQL text from this offset on.
    Sql {
        start: u32,
    },
}

/// What is asked for at the end of `before`.
pub(super) struct Place<'t> {
    pub(super) tokens: Tokens<'t>,
    pub(super) table: Option<TableCall>,
    pub(super) expected: Expected,
    /// What a completion replaces, up to the cursor.
    pub(super) prefix: Span,
}

pub(super) fn place(before: &str) -> Place<'_> {
    let tokens = tokens(before);
    let cursor = before.len();
    let n_tokens = tokens.tokens.len();
    let is_word = tokens.end == End::Code
        && tokens.tokens.last().is_some_and(|last| last.kind == TokenKind::Word && last.span.end as usize == cursor);
    let prefix = match (tokens.end, tokens.tokens.last()) {
        (End::String(start), _) => Span::new(start as usize + 1, cursor),
        (End::Code, Some(last)) if is_word => last.span,
        _ => Span::new(cursor, cursor),
    };
    // How many tokens stand before what is typed.
    let end = if is_word { n_tokens - 1 } else { n_tokens };
    let table = table_call(&tokens, end);
    let expected = match tokens.end {
        End::Comment => Expected::Nothing,
        End::String(_) => in_string(&tokens, end),
        End::Template => in_template(&tokens),
        End::Code => table.as_ref().map_or(Expected::Nothing, |table| in_code(&tokens, table, end)),
    };
    Place { tokens, table, expected, prefix }
}

fn is_mark(tokens: &Tokens<'_>, at: Option<usize>, mark: u8) -> bool {
    at.is_some_and(|at| tokens.kind(at) == Some(TokenKind::Mark(mark)))
}

fn is_open(tokens: &Tokens<'_>, at: usize, bracket: u8) -> bool {
    tokens.kind(at) == Some(TokenKind::Open(bracket))
}

/// The innermost call around the cursor that makes a table.
fn table_call(tokens: &Tokens<'_>, end: usize) -> Option<TableCall> {
    let open = tokens.open.iter().rev().copied().find(|open| {
        let callee = open.checked_sub(1);
        let is_word = callee.is_some_and(|at| tokens.kind(at) == Some(TokenKind::Word));
        let name = callee.map(|at| tokens.text_of(at)).unwrap_or_default();
        is_open(tokens, *open, b'(') && is_word && (name.ends_with("Table") || name == "table" || name == "withRLS")
    })?;
    let arguments = arguments(tokens, open, end);
    let name = arguments
        .first()
        .filter(|at| tokens.kind(**at) == Some(TokenKind::String))
        .map(|at| unquoted(tokens.text_of(*at)));
    // `const users = schema.table(`
    let mut start = open - 1;
    while is_mark(tokens, start.checked_sub(1), b'.') && start >= 2 {
        start -= 2;
    }
    let binding = start.checked_sub(2).filter(|_| is_mark(tokens, start.checked_sub(1), b'='));
    let binding =
        binding.filter(|at| tokens.kind(*at) == Some(TokenKind::Word)).map(|at| tokens.text_of(at).to_owned());
    let columns = arguments.get(1).map(|start| written_columns(tokens, *start, end)).unwrap_or_default();
    Some(TableCall { binding, name, columns, argument: arguments.len().saturating_sub(1), open })
}

/// Where each argument of a call starts, as far as they are written.
fn arguments(tokens: &Tokens<'_>, open: usize, end: usize) -> Vec<usize> {
    let mut starts = vec![open + 1];
    let mut depth = 0_usize;
    for at in open + 1..end {
        match tokens.kind(at) {
            Some(TokenKind::Open(_)) => depth += 1,
            Some(TokenKind::Close(_)) => depth = depth.saturating_sub(1),
            Some(TokenKind::Mark(b',')) if depth == 0 => starts.push(at + 1),
            _ => {}
        }
    }
    starts
}

fn unquoted(literal: &str) -> String {
    literal.trim_matches(|quote| matches!(quote, '\'' | '"')).to_owned()
}

/// The object of columns starts at `start`, or behind the arrow of a callback there.
fn columns_object(tokens: &Tokens<'_>, start: usize, end: usize) -> Option<usize> {
    if is_open(tokens, start, b'{') {
        return Some(start);
    }
    let arrow = (start..end.min(start + 8)).find(|at| tokens.kind(*at) == Some(TokenKind::Arrow))?;
    (is_open(tokens, arrow + 1, b'(') && is_open(tokens, arrow + 2, b'{')).then_some(arrow + 2)
}

fn written_columns(tokens: &Tokens<'_>, start: usize, end: usize) -> Vec<WrittenColumn> {
    let Some(object) = columns_object(tokens, start, end) else { return Vec::new() };
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut is_start = true;
    for at in object + 1..end {
        let kind = tokens.kind(at);
        let is_key = matches!(kind, Some(TokenKind::Word | TokenKind::String)) && is_mark(tokens, Some(at + 1), b':');
        if depth == 0 && is_start && is_key && at + 2 < end {
            let mut builder = at + 2;
            while is_mark(tokens, Some(builder + 1), b'.') && tokens.kind(builder + 2) == Some(TokenKind::Word) {
                builder += 2;
            }
            let name = Some(builder + 2)
                .filter(|at| is_open(tokens, at - 1, b'(') && tokens.kind(*at) == Some(TokenKind::String));
            found.push(WrittenColumn {
                key: unquoted(tokens.text_of(at)),
                builder: tokens.text_of(builder).to_owned(),
                name: name.map(|at| unquoted(tokens.text_of(at))),
            });
        }
        is_start = depth == 0 && kind == Some(TokenKind::Mark(b','));
        match kind {
            Some(TokenKind::Open(_)) => depth += 1,
            Some(TokenKind::Close(_)) => match depth.checked_sub(1) {
                Some(shallower) => depth = shallower,
                None => break,
            },
            _ => {}
        }
    }
    found
}

fn in_code(tokens: &Tokens<'_>, table: &TableCall, end: usize) -> Expected {
    let inner: Vec<usize> = tokens.open.iter().copied().filter(|at| *at > table.open && *at < end).collect();
    let arguments = arguments(tokens, table.open, end);
    match (table.argument, arguments.get(table.argument)) {
        (1, Some(start)) => in_columns(tokens, *start, &inner, end),
        (2, Some(start)) => in_extras(tokens, *start, &inner, end),
        _ => Expected::Nothing,
    }
}

fn in_columns(tokens: &Tokens<'_>, start: usize, inner: &[usize], end: usize) -> Expected {
    let Some(object) = columns_object(tokens, start, end) else { return Expected::Nothing };
    let last = end.checked_sub(1);
    if inner.last() == Some(&object) {
        // `key: ` or `key: t.`
        let is_value = |at: usize| is_mark(tokens, at.checked_sub(1), b':') && at >= 2 && is_key(tokens, at - 2);
        if is_value(end) {
            return Expected::Builder { qualifier: None };
        }
        if is_mark(tokens, last, b'.') && end >= 2 && is_value(end - 2) {
            return Expected::Builder { qualifier: Some(tokens.text_of(end - 2).to_owned()) };
        }
        return Expected::Nothing;
    }
    let Some(open) = inner
        .iter()
        .rev()
        .copied()
        .find(|at| is_open(tokens, *at, b'(') && tokens.is_word(at.saturating_sub(1), "references"))
    else {
        return Expected::Nothing;
    };
    let Some(arrow) = (open..end).find(|at| tokens.kind(*at) == Some(TokenKind::Arrow)) else {
        return Expected::Nothing;
    };
    reference(tokens, arrow + 1, end)
}

/// A key is a name at the start of a property.
fn is_key(tokens: &Tokens<'_>, at: usize) -> bool {
    let is_name = matches!(tokens.kind(at), Some(TokenKind::Word | TokenKind::String));
    let is_start =
        at.checked_sub(1).is_some_and(|before| is_open(tokens, before, b'{') || is_mark(tokens, Some(before), b','));
    is_name && is_start
}

/// `users.id` from `start` on.
fn reference(tokens: &Tokens<'_>, start: usize, end: usize) -> Expected {
    match end.checked_sub(start) {
        Some(0) => Expected::AnyColumn,
        Some(2) if is_mark(tokens, end.checked_sub(1), b'.') && tokens.kind(start) == Some(TokenKind::Word) => {
            Expected::ColumnsOf { name: tokens.text_of(start).to_owned() }
        }
        _ => Expected::Nothing,
    }
}

fn in_extras(tokens: &Tokens<'_>, start: usize, inner: &[usize], end: usize) -> Expected {
    let parameter = match tokens.kind(start) {
        Some(TokenKind::Open(b'(')) => start + 1,
        _ => start,
    };
    let is_callback = tokens.kind(parameter) == Some(TokenKind::Word)
        && (start..end.min(start + 6)).any(|at| tokens.kind(at) == Some(TokenKind::Arrow));
    let parameter = is_callback.then(|| tokens.text_of(parameter));
    let is_own = |at: usize| parameter.is_some_and(|parameter| tokens.is_word(at, parameter));
    let last = end.checked_sub(1);
    if end >= 2 && is_mark(tokens, last, b'.') && is_own(end - 2) && !is_mark(tokens, end.checked_sub(3), b'.') {
        return Expected::OwnColumns;
    }
    let Some(open) = inner.last().copied() else { return Expected::Nothing };
    let before = |n: usize| open.checked_sub(n);
    let is_word =
        |at: Option<usize>, words: &[&str]| at.is_some_and(|at| words.iter().any(|word| tokens.is_word(at, word)));
    let start_of_item = last.filter(|last| *last == open || is_mark(tokens, Some(*last), b','));
    // `columns: [`, `foreignColumns: [`
    if is_open(tokens, open, b'[') && is_mark(tokens, before(1), b':') {
        if is_word(before(2), &["foreignColumns"]) {
            let item = (open + 1..end).rev().find(|at| is_mark(tokens, Some(*at), b',')).unwrap_or(open);
            return reference(tokens, item + 1, end);
        }
        if is_word(before(2), &["columns"]) && start_of_item.is_some() {
            return own_column(parameter);
        }
        return Expected::Nothing;
    }
    let is_on = is_open(tokens, open, b'(')
        && is_word(before(1), &["on", "onOnly", "using"])
        && is_mark(tokens, before(2), b'.')
        && start_of_item.is_some();
    let is_method = is_word(before(1), &["using"]) && last == Some(open);
    let is_key = is_open(tokens, open, b'(') && is_word(before(1), &["primaryKey"]) && start_of_item.is_some();
    if (is_on && !is_method) || (is_key && last != Some(open)) { own_column(parameter) } else { Expected::Nothing }
}

fn own_column(parameter: Option<&str>) -> Expected {
    parameter.map_or(Expected::Nothing, |parameter| Expected::OwnColumn { parameter: parameter.to_owned() })
}

/// `.default('`: of the column whose chain it ends.
fn in_string(tokens: &Tokens<'_>, end: usize) -> Expected {
    let Some(open) = end.checked_sub(1).filter(|last| is_open(tokens, *last, b'(')) else { return Expected::Nothing };
    let is_default = open >= 2 && tokens.is_word(open - 1, "default") && is_mark(tokens, Some(open - 2), b'.');
    if !is_default {
        return Expected::Nothing;
    }
    // Back over `.notNull()` and the like to the call that the chain starts with.
    let Some(mut close) = open.checked_sub(3) else { return Expected::Nothing };
    loop {
        if tokens.kind(close) != Some(TokenKind::Close(b'(')) {
            return Expected::Nothing;
        }
        let Some(opening) = tokens.opening_of(close) else { return Expected::Nothing };
        let Some(callee) = opening.checked_sub(1).filter(|at| tokens.kind(*at) == Some(TokenKind::Word)) else {
            return Expected::Nothing;
        };
        let behind_dot = is_mark(tokens, callee.checked_sub(1), b'.');
        match callee.checked_sub(2) {
            Some(earlier) if behind_dot && tokens.kind(earlier) == Some(TokenKind::Close(b'(')) => close = earlier,
            _ => {
                let listed = listed_values(tokens, opening, close);
                let function = tokens.text_of(callee).to_owned();
                return if listed.is_empty() { Expected::EnumValue { function } } else { Expected::OneOf(listed) };
            }
        }
    }
}

/// The strings of `{ enum: ['a', 'b'] }` in a call.
fn listed_values(tokens: &Tokens<'_>, open: usize, close: usize) -> Vec<String> {
    let start = (open..close)
        .find(|at| tokens.is_word(*at, "enum") && is_mark(tokens, Some(at + 1), b':') && is_open(tokens, at + 2, b'['));
    let Some(start) = start else { return Vec::new() };
    let inside = (start + 3..close).take_while(|at| tokens.kind(*at) != Some(TokenKind::Close(b'[')));
    let strings = inside.filter(|at| tokens.kind(*at) == Some(TokenKind::String));
    strings.map(|at| unquoted(tokens.text_of(at))).collect()
}

/// The text of sql`…`, of sql<type>`…` too.
fn in_template(tokens: &Tokens<'_>) -> Expected {
    let Some(open) = tokens.open.last().copied() else { return Expected::Nothing };
    let Some(mut tag) = open.checked_sub(1) else { return Expected::Nothing };
    if is_mark(tokens, Some(tag), b'>') {
        let Some(start) = (0..tag)
            .rev()
            .take(40)
            .find(|at| is_mark(tokens, Some(*at), b'<') && tokens.is_word(at.saturating_sub(1), "sql"))
        else {
            return Expected::Nothing;
        };
        tag = start - 1;
    }
    let start = tokens.tokens.get(open).map(|token| token.span.end);
    match start {
        Some(start) if tokens.is_word(tag, "sql") && !is_mark(tokens, tag.checked_sub(1), b'.') => {
            Expected::Sql { start }
        }
        _ => Expected::Nothing,
    }
}
