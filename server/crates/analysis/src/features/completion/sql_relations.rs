//! The tables that a statement names, where they are named and how far they are seen.

use languages::sql::tokens::TokenKind;

use super::sql_statement::{Piece, Statement};

/// A table's name as a statement writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) namespace: Option<String>,
    pub(super) name: String,
}

/// A table that a statement reads from or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) table: Named,
    pub(super) alias: Option<String>,
    /// The parentheses that it stands in: the position of the innermost, in all tokens of the statement.
    scope: Option<usize>,
    pub(super) role: Role,
    /// Where its name starts, in all tokens.
    pub(super) at: usize,
    /// Behind its name.
    pub(super) end: usize,
}

/// What can follow a table's name and is no alias of it.
const NO_ALIAS: [&str; 62] = [
    "ADD",
    "ALTER",
    "AS",
    "CASCADE",
    "CHECK",
    "CROSS",
    "DEFAULT",
    "DEFERRABLE",
    "DISABLE",
    "DO",
    "DROP",
    "ENABLE",
    "EXCEPT",
    "FETCH",
    "FOR",
    "FORCE",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "INDEXED",
    "INHERIT",
    "INITIALLY",
    "INNER",
    "INTERSECT",
    "INTO",
    "IS",
    "JOIN",
    "LATERAL",
    "LEFT",
    "LIMIT",
    "MATCH",
    "NATURAL",
    "NO",
    "NOT",
    "OFFSET",
    "ON",
    "ORDER",
    "OVERRIDING",
    "OWNER",
    "PARTITION",
    "PRIMARY",
    "REFERENCES",
    "RENAME",
    "RESTRICT",
    "RETURNING",
    "RIGHT",
    "SELECT",
    "SET",
    "TABLESAMPLE",
    "TO",
    "UNION",
    "UNIQUE",
    "USING",
    "VALUES",
    "VALIDATE",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
    "DETACH",
    "ATTACH",
];

/// What ends a list of tables.
const ENDS_FROM: [&str; 16] = [
    "WHERE",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "SET",
    "RETURNING",
    "SELECT",
    "VALUES",
    "WINDOW",
    "FOR",
];

impl<'t> Statement<'t> {
    /// The name at a position of all tokens, and where it ends.
    pub(super) fn named_at(&self, at: usize) -> Option<(Named, usize)> {
        let first = self.piece(at).filter(Piece::is_name)?;
        // A name is not joined over the cursor: what is typed there may belong to neither side.
        let is_cut = |position: usize| position == self.before.len() && at < position;
        let is_qualified =
            self.piece(at + 1).is_some_and(|dot| dot.is_mark(b'.')) && !is_cut(at + 1) && !is_cut(at + 2);
        match self.piece(at + 2).filter(|second| is_qualified && second.is_name()) {
            Some(second) => Some((Named { namespace: Some(self.name(&first)), name: self.name(&second) }, at + 3)),
            None => Some((Named { namespace: None, name: self.name(&first) }, at + 1)),
        }
    }

    /// Every table that the statement names where tables are named, and the names of what it makes itself with WITH.
    pub(super) fn relations(&self) -> Vec<Relation> {
        let n_all = self.before.len() + self.behind.len();
        let mut found: Vec<Relation> = Vec::new();
        // For each open parenthesis: where it is, and whether a list of tables is open inside of it.
        let mut scopes: Vec<(Option<usize>, bool)> = vec![(None, false)];
        let mut own_names: Vec<String> = Vec::new();
        let mut at = 0;
        while at < n_all {
            let Some(piece) = self.piece(at) else { break };
            if piece.is_mark(b'(') {
                scopes.push((Some(at), false));
            } else if piece.is_mark(b')') && scopes.len() > 1 {
                scopes.pop();
            }
            let is_in_list = scopes.last().is_some_and(|(_, is_in_list)| *is_in_list);
            if piece.is("AS")
                && self.piece(at + 1).is_some_and(|next| next.is_mark(b'(') || next.is_any(&["MATERIALIZED", "NOT"]))
            {
                let name = at.checked_sub(1).and_then(|at| self.piece(at)).filter(Piece::is_name);
                own_names.extend(name.map(|name| self.name(&name)));
            }
            let starts = self.starts_relation(at, &piece, is_in_list, scopes.last().and_then(|(at, _)| *at));
            if let Some(scope) = scopes.last_mut() {
                match starts {
                    Some(Role::List) => scope.1 = true,
                    _ if piece.is_any(&ENDS_FROM) => scope.1 = false,
                    _ => {}
                }
            }
            at += 1;
            if let Some(start) = starts {
                let skipped = at + self.skipped(at);
                if let Some((table, end)) = self.named_at(skipped).filter(|_| !self.is_keyword_at(skipped)) {
                    let (alias, end_of_alias) = self.alias_at(end);
                    let scope = scopes.last().and_then(|(at, _)| *at);
                    found.push(Relation { table, alias, scope, role: start, at: skipped, end });
                    at = end_of_alias;
                }
            }
        }
        found.retain(|relation| relation.table.namespace.is_some() || !own_names.contains(&relation.table.name));
        found
    }

    /// The tables whose columns can be named at the cursor.
    pub(super) fn visible(&self, relations: &[Relation]) -> Vec<Relation> {
        let is_around = |relation: &&Relation| relation.scope.is_none_or(|at| self.open.contains(&at));
        relations.iter().filter(is_around).cloned().collect()
    }

    /// Whether a table's name has to follow the token at a position before the cursor, and how it comes to stand there.
    pub(super) fn role_at(&self, position: usize) -> Option<Role> {
        let mut scopes: Vec<(Option<usize>, bool)> = vec![(None, false)];
        let mut found = None;
        for (at, piece) in self.before.iter().enumerate().take(position + 1) {
            if piece.is_mark(b'(') {
                scopes.push((Some(at), false));
            } else if piece.is_mark(b')') && scopes.len() > 1 {
                scopes.pop();
            }
            let (opener, is_in_list) = scopes.last().copied().unwrap_or_default();
            found = self.starts_relation(at, piece, is_in_list, opener);
            if let Some(scope) = scopes.last_mut() {
                match found {
                    Some(Role::List) => scope.1 = true,
                    _ if piece.is_any(&ENDS_FROM) => scope.1 = false,
                    _ => {}
                }
            }
        }
        found
    }

    fn is_keyword_at(&self, at: usize) -> bool {
        self.piece(at).is_some_and(|piece| piece.is_any(&NO_ALIAS))
    }

    /// How many words between the keyword and the table's name there are.
    fn skipped(&self, at: usize) -> usize {
        let is = |offset: usize, words: &[&str]| self.piece(at + offset).is_some_and(|piece| piece.is_any(words));
        let mut n_skipped = usize::from(is(0, &["TABLE"]));
        if is(n_skipped, &["IF"]) {
            n_skipped += if is(n_skipped + 1, &["NOT"]) { 3 } else { 2 };
        }
        n_skipped + usize::from(is(n_skipped, &["ONLY", "LATERAL"]))
    }

    fn alias_at(&self, at: usize) -> (Option<String>, usize) {
        let at = at + usize::from(self.piece(at).is_some_and(|piece| piece.is("AS")));
        // What is typed at the cursor is no alias yet, and what stands behind it was none.
        let is_free = at != self.before.len() && !self.is_keyword_at(at);
        match self.piece(at).filter(|piece| is_free && piece.is_name()) {
            Some(alias) => (Some(self.name(&alias)), at + 1),
            None => (None, at),
        }
    }

    /// Whether a table's name follows the token at a position.
    fn starts_relation(&self, at: usize, piece: &Piece<'_>, is_in_list: bool, opener: Option<usize>) -> Option<Role> {
        if piece.is_mark(b',') && is_in_list {
            return Some(Role::List);
        }
        if piece.kind != TokenKind::Word {
            return None;
        }
        let previous = at.checked_sub(1).and_then(|at| self.piece(at));
        let follows = |words: &[&str]| previous.is_some_and(|piece| piece.is_any(words));
        let is_first = at == 0 || previous.is_some_and(|piece| piece.is_mark(b'('));
        let head = self.before.first().copied();
        let is_headed = |words: &[&str]| head.is_some_and(|head| head.is_any(words));
        match piece.text.to_ascii_uppercase().as_str() {
            "FROM"
                if follows(&["DISTINCT"])
                    && at > 1
                    && self.piece(at - 2).is_some_and(|it| it.is_any(&["IS", "NOT"])) =>
            {
                None
            }
            "FROM" if is_headed(&["REVOKE", "COPY", "FETCH", "MOVE", "SECURITY", "IMPORT", "SET", "SHOW", "ALTER"]) => {
                None
            }
            "FROM"
                if opener
                    .and_then(|at| self.piece(at.checked_sub(1)?))
                    .is_some_and(|it| it.is_any(&FROM_FUNCTIONS)) =>
            {
                None
            }
            "FROM" => Some(Role::List),
            "JOIN" => Some(Role::List),
            "USING" if is_headed(&["DELETE", "MERGE"]) && self.piece(at + 1).is_none_or(|next| !next.is_mark(b'(')) => {
                Some(Role::List)
            }
            "INTO" if follows(&["INSERT", "MERGE", "REPLACE", "ABORT", "FAIL", "IGNORE", "ROLLBACK"]) => {
                Some(Role::Target)
            }
            "UPDATE" if is_first && self.piece(at + 1).is_none_or(|next| !next.is("SET")) => Some(Role::One),
            "TABLE" if follows(&["ALTER", "DROP", "LOCK", "TRUNCATE", "ON", "FOREIGN", "REINDEX"]) => Some(Role::One),
            "TABLE" if is_headed(&["CREATE"]) && opener.is_none() && at < 5 => Some(Role::One),
            "TRUNCATE" | "COPY" if is_first && self.piece(at + 1).is_none_or(|next| !next.is("TABLE")) => {
                Some(Role::One)
            }
            "REFERENCES" if !is_headed(&["GRANT", "REVOKE"]) => Some(Role::Referenced),
            "ON" if is_headed(&["CREATE", "ALTER", "DROP"])
                && self.before.iter().take(5).any(|it| it.is_any(&["INDEX", "POLICY", "TRIGGER"]))
                && !(0..at).any(|earlier| self.piece(earlier).is_some_and(|it| it.is("ON"))) =>
            {
                Some(Role::One)
            }
            "ON" if is_headed(&["GRANT", "REVOKE"]) => Some(Role::One),
            _ => None,
        }
    }
}

/// Functions whose arguments are written with FROM.
const FROM_FUNCTIONS: [&str; 5] = ["EXTRACT", "SUBSTRING", "TRIM", "OVERLAY", "POSITION"];

/// How a table's name comes to stand where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// In a list of tables: more may follow behind a comma.
    List,
    One,
    /// What is inserted into: a query beside it does not see its columns.
    Target,
    /// REFERENCES: its columns are named in parentheses only.
    Referenced,
}
