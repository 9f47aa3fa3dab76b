//! What has to follow in a statement: a table, a column, a type, an enum's value. Only what is certain.

use languages::sql::tokens::TokenKind;

use super::sql_definition::{alter_table, at_list_item, columns_of, create};
use super::sql_relations::{Named, Relation, Role};
use super::sql_statement::{Piece, Prefix, Statement};
use super::sql_value::value;

/// What can stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Nothing,
    /// Tables, and views where `with_views`; behind a namespace only those in it.
    Tables {
        with_views: bool,
        namespace: Option<String>,
    },
    /// Materialized or other views.
    Views,
    /// The columns of a table, but these.
    ColumnsOf {
        table: Named,
        but: Vec<String>,
    },
    /// The columns that a CREATE TABLE has declared so far.
    DeclaredColumns,
    /// An expression: the columns of these tables, and their names in the statement.
    Operand {
        of: Vec<Relation>,
        declared: bool,
    },
    /// Behind `table.`: its columns.
    BehindDot {
        table: Named,
    },
    Types {
        namespace: Option<String>,
    },
    /// Enums and domains.
    OwnTypes,
    /// A string that is compared with a column, assigned to it, or its default.
    ValueOf {
        table: Option<Named>,
        column: String,
    },
    /// A value of this type.
    ValueOfType {
        name: Named,
    },
}

/// Words behind which a value follows.
const BEFORE_OPERAND: [&str; 17] = [
    "SELECT",
    "DISTINCT",
    "WHERE",
    "AND",
    "OR",
    "NOT",
    "ON",
    "HAVING",
    "BY",
    "RETURNING",
    "WHEN",
    "THEN",
    "ELSE",
    "CASE",
    "BETWEEN",
    "LIKE",
    "ILIKE",
];

/// What starts a part of a query.
const CLAUSES: [&str; 13] = [
    "SELECT",
    "FROM",
    "WHERE",
    "BY",
    "HAVING",
    "RETURNING",
    "SET",
    "VALUES",
    "ON",
    "USING",
    "LIMIT",
    "INTO",
    "CONFLICT",
];

/// What has to follow. `is_part`: the text is a part of an expression over one table, a template in a schema file.
pub(super) fn expected(statement: &Statement<'_>, is_part: bool) -> Expected {
    let relations = statement.relations();
    if statement.prefix == Prefix::String {
        return value(statement, &relations);
    }
    if statement.back(0).is_some_and(|last| last.is_mark(b'.')) {
        return behind_dot(statement, &relations);
    }
    if let Some(expected) = tables(statement) {
        return expected;
    }
    if statement.back(0).is_some_and(|it| it.is_mark(b':')) && statement.back(1).is_some_and(|it| it.is_mark(b':')) {
        return Expected::Types { namespace: None };
    }
    if statement.back(0).is_some_and(|it| it.is("AS")) && opener_word(statement).is_some_and(|it| it.is("CAST")) {
        return Expected::Types { namespace: None };
    }
    let found = match statement.before.first() {
        Some(first) if first.is("ALTER") => alter_table(statement, &relations),
        Some(first) if first.is("CREATE") => create(statement, &relations),
        Some(first) if first.is_any(&["GRANT", "REVOKE", "COMMENT", "DROP", "COPY", "SET", "SHOW"]) => {
            Some(Expected::Nothing)
        }
        _ => None,
    };
    found
        .or_else(|| columns_of_a_list(statement, &relations))
        .unwrap_or_else(|| operand(statement, &relations, is_part))
}

/// The word before the innermost open parenthesis.
pub(super) fn opener_word<'t>(statement: &Statement<'t>) -> Option<Piece<'t>> {
    statement.open.last().and_then(|at| statement.before.get(at.checked_sub(1)?)).copied()
}

fn tables(statement: &Statement<'_>) -> Option<Expected> {
    let tables = |with_views| Some(Expected::Tables { with_views, namespace: None });
    let last = statement.back(0)?;
    let is_headed = |words: &[&str]| statement.before.first().is_some_and(|head| head.is_any(words));
    if is_headed(&["COMMENT"]) {
        return match () {
            () if statement.ends_with(&["ON", "TABLE"]) || statement.ends_with(&["ON", "COLUMN"]) => tables(false),
            () if statement.ends_with(&["ON", "VIEW"]) => Some(Expected::Views),
            () => Some(Expected::Nothing),
        };
    }
    if is_headed(&["DROP", "ALTER", "REFRESH"]) {
        let is_view = statement.ends_with(&["VIEW"]) || statement.ends_with(&["VIEW", "IF", "EXISTS"]);
        if is_view {
            return Some(Expected::Views);
        }
        if statement.before.len() == 2 && last.is("TYPE") {
            return Some(Expected::OwnTypes);
        }
        let is_table = statement.ends_with(&["TABLE"]) || statement.ends_with(&["TABLE", "IF", "EXISTS"]);
        let is_list = statement.starts_with(&["DROP", "TABLE"]) && last.is_mark(b',');
        if (is_table && statement.before.len() <= 5) || is_list {
            return tables(false);
        }
    }
    if is_headed(&["TRUNCATE"]) && (last.is_mark(b',') || (last.is("TRUNCATE") && statement.before.len() == 1)) {
        return tables(false);
    }
    if is_headed(&["CREATE"]) {
        let is_body = |words: &[&str]| opener_word(statement).is_some_and(|it| it.is_any(words));
        if statement.ends_with(&["PARTITION", "OF"]) || is_body(&["INHERITS"]) {
            return tables(false);
        }
        if last.is("TABLE") || last.is("EXISTS") {
            return Some(Expected::Nothing);
        }
        if last.is("LIKE") && statement.open.len() == 1 && statement.starts_with(&["CREATE", "TABLE"]) {
            return tables(true);
        }
    }
    let (is_asked, with_views) = statement.asks_for_table();
    is_asked.then_some(Expected::Tables { with_views, namespace: None })
}

impl Statement<'_> {
    /// True where the token before the cursor is one behind which a table is named; and whether it may be a view.
    fn asks_for_table(&self) -> (bool, bool) {
        // A name put at the cursor is taken for a table exactly where one is asked for.
        let skips = |piece: &Piece<'_>| piece.is_any(&["ONLY", "LATERAL"]);
        let n_skipped = usize::from(self.back(0).is_some_and(|last| skips(&last)));
        let Some(keyword) = self.before.len().checked_sub(1 + n_skipped) else { return (false, false) };
        let Some(role) = self.role_at(keyword) else { return (false, false) };
        (true, matches!(role, Role::List | Role::Target))
    }
}

/// The columns that an INSERT lists, that an UPDATE sets, that a conflict is about.
fn columns_of_a_list(statement: &Statement<'_>, relations: &[Relation]) -> Option<Expected> {
    let target = relations.iter().rev().find(|it| it.role == Role::Target && it.end <= statement.before.len());
    if let (Some(target), Some(opener)) = (target, statement.open.last()) {
        let is_list = target.end == *opener || opener_word(statement).is_some_and(|it| it.is("CONFLICT"));
        if is_list {
            return Some(at_list_item(statement, |but| columns_of(target, but)));
        }
    }
    let clause = clause(statement)?;
    let is_start = statement.back(0).is_some_and(|last| last.is("SET") || last.is_mark(b','));
    if !clause.is("SET")
        || !is_start
        || !statement.before.first().is_some_and(|it| it.is_any(&["UPDATE", "INSERT", "WITH"]))
    {
        return None;
    }
    let updated = relations.iter().find(|it| it.role == Role::One && it.end <= statement.before.len());
    updated.or(target).map(|table| columns_of(table, Vec::new()))
}

/// The word that started the part of the statement in which the cursor is, in the innermost parentheses.
fn clause<'t>(statement: &Statement<'t>) -> Option<Piece<'t>> {
    clause_before(statement, statement.before.len())
}

pub(super) fn clause_before<'t>(statement: &Statement<'t>, end: usize) -> Option<Piece<'t>> {
    let mut depth = 0_usize;
    for piece in statement.before.iter().take(end).rev() {
        match piece.kind {
            TokenKind::Mark(b')') => depth += 1,
            TokenKind::Mark(b'(') => depth = depth.checked_sub(1)?,
            TokenKind::Word if depth == 0 && piece.is_any(&CLAUSES) => return Some(*piece),
            _ => {}
        }
    }
    None
}

/// True where a value has to follow, and not an operator, an alias or a keyword.
pub(super) fn expects_operand(statement: &Statement<'_>) -> bool {
    let Some(last) = statement.back(0) else { return false };
    let is_before = |mark: u8| statement.back(1).is_some_and(|it| it.is_mark(mark));
    match last.kind {
        TokenKind::Word => last.is_any(&BEFORE_OPERAND),
        TokenKind::Mark(b'(') => !opener_word(statement)
            .is_some_and(|word| word.is_any(&["VALUES", "IN", "INTERVAL", "EXISTS", "AS", "OVER"])),
        TokenKind::Mark(b',') => !opener_word(statement).is_some_and(|word| word.is_any(&["VALUES", "IN"])),
        // The star of SELECT, and the operators of JSON, whose right side is a key.
        TokenKind::Mark(b'*') => false,
        TokenKind::Mark(b'>') => !is_before(b'-') && !is_before(b'>') && !is_before(b'#'),
        TokenKind::Mark(mark) => b"=<+-/%|".contains(&mark),
        _ => false,
    }
}

fn operand(statement: &Statement<'_>, relations: &[Relation], is_part: bool) -> Expected {
    let is_start_of_part = is_part && statement.before.is_empty();
    if !expects_operand(statement) && !is_start_of_part {
        return Expected::Nothing;
    }
    if !is_part || clause(statement).is_some() {
        // Rows of values and lists of tables are no expressions; and at the top of a statement something has to have started one.
        let is_excluded = |word: &Piece<'_>| word.is_any(&["VALUES", "INTO", "FROM", "LIMIT", "USING"]);
        let started = statement.open.last().map_or(statement.before.len(), |opener| *opener);
        let innermost = clause(statement).or_else(|| clause_before(statement, started));
        if innermost.as_ref().is_some_and(is_excluded) && !is_inside_join_condition(statement) {
            return Expected::Nothing;
        }
    }
    let mut of = statement.visible(relations);
    let is_returning = clause(statement).is_some_and(|it| it.is_any(&["RETURNING", "SET"]));
    of.retain(|it| it.role != Role::Referenced && (it.role != Role::Target || is_returning));
    Expected::Operand { of, declared: false }
}

/// `JOIN b ON a.x = `: the condition belongs to the list of tables.
fn is_inside_join_condition(statement: &Statement<'_>) -> bool {
    clause(statement).is_some_and(|it| it.is("ON"))
}

fn behind_dot(statement: &Statement<'_>, relations: &[Relation]) -> Expected {
    let n_before = statement.before.len();
    let Some(first) = statement.back(1).filter(Piece::is_name) else { return Expected::Nothing };
    let qualifier = statement.name(&first);
    // `namespace.table.`
    if statement.back(2).is_some_and(|dot| dot.is_mark(b'.')) {
        let namespace = statement.back(3).filter(Piece::is_name).map(|piece| statement.name(&piece));
        return Expected::BehindDot { table: Named { namespace, name: qualifier } };
    }
    if statement.starts_with(&["COMMENT", "ON", "COLUMN"]) && n_before == 5 {
        return Expected::BehindDot { table: Named { namespace: None, name: qualifier } };
    }
    // A namespace, where what has one is asked for.
    let unqualified = Statement {
        before: statement.before.iter().take(n_before.saturating_sub(2)).copied().collect(),
        ..statement.clone()
    };
    match expected(&unqualified, false) {
        Expected::Tables { with_views, .. } => return Expected::Tables { with_views, namespace: Some(qualifier) },
        Expected::Types { .. } => return Expected::Types { namespace: Some(qualifier) },
        _ => {}
    }
    let visible = statement.visible(relations);
    let is_called = |relation: &&Relation| match &relation.alias {
        Some(alias) => *alias == qualifier,
        None => relation.table.name == qualifier,
    };
    if let Some(relation) = visible.iter().rev().find(is_called) {
        return Expected::BehindDot { table: relation.table.clone() };
    }
    // What an upsert would have inserted.
    if qualifier.eq_ignore_ascii_case("excluded")
        || qualifier.eq_ignore_ascii_case("new")
        || qualifier.eq_ignore_ascii_case("old")
    {
        let target = relations.iter().find(|it| it.role == Role::Target);
        return target.map_or(Expected::Nothing, |it| Expected::BehindDot { table: it.table.clone() });
    }
    Expected::Nothing
}
