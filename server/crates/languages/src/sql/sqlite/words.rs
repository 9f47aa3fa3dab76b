//! Which words can be names, and what a statement's first word says. (sqlite.org/lang_keywords.html; `%fallback ID` in `parse.y`.)

/// No keyword is longer.
const MAX_WORD: usize = 17;

/// What the first word of a statement says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    Create,
    Alter,
    Drop,
    Pragma,
    Begin,
    Commit,
    Rollback,
    Savepoint,
    /// Changes nothing that a schema holds, however it goes on.
    Nothing,
    Unknown,
}

pub(super) fn first(word: &str) -> First {
    match Upper::of(word).bytes() {
        b"CREATE" => First::Create,
        b"ALTER" => First::Alter,
        b"DROP" => First::Drop,
        b"PRAGMA" => First::Pragma,
        b"BEGIN" => First::Begin,
        b"COMMIT" | b"END" => First::Commit,
        b"ROLLBACK" => First::Rollback,
        b"SAVEPOINT" | b"RELEASE" => First::Savepoint,
        b"INSERT" | b"REPLACE" | b"UPDATE" | b"DELETE" | b"SELECT" | b"VALUES" | b"WITH" | b"EXPLAIN" | b"ANALYZE"
        | b"REINDEX" | b"VACUUM" | b"ATTACH" | b"DETACH" => First::Nothing,
        _ => First::Unknown,
    }
}

/// True for keywords that SQLite never takes for a name unless they are quoted.
pub(super) fn is_reserved(word: &str) -> bool {
    matches!(
        Upper::of(word).bytes(),
        b"ADD"
            | b"ALL"
            | b"ALTER"
            | b"AND"
            | b"AS"
            | b"AUTOINCREMENT"
            | b"BETWEEN"
            | b"CASE"
            | b"CHECK"
            | b"COLLATE"
            | b"COMMIT"
            | b"CONSTRAINT"
            | b"CREATE"
            | b"DEFAULT"
            | b"DEFERRABLE"
            | b"DELETE"
            | b"DISTINCT"
            | b"DROP"
            | b"ELSE"
            | b"ESCAPE"
            | b"EXCEPT"
            | b"EXISTS"
            | b"FOREIGN"
            | b"FROM"
            | b"GROUP"
            | b"HAVING"
            | b"IN"
            | b"INDEX"
            | b"INSERT"
            | b"INTERSECT"
            | b"INTO"
            | b"IS"
            | b"ISNULL"
            | b"JOIN"
            | b"LIMIT"
            | b"NOT"
            | b"NOTHING"
            | b"NOTNULL"
            | b"NULL"
            | b"ON"
            | b"OR"
            | b"ORDER"
            | b"PRIMARY"
            | b"REFERENCES"
            | b"RETURNING"
            | b"SELECT"
            | b"SET"
            | b"TABLE"
            | b"THEN"
            | b"TO"
            | b"TRANSACTION"
            | b"UNION"
            | b"UNIQUE"
            | b"UPDATE"
            | b"USING"
            | b"VALUES"
            | b"WHEN"
            | b"WHERE"
    )
}

/// Names as any other word, but no part of a type and no alias.
pub(super) fn is_join_word(word: &str) -> bool {
    matches!(
        Upper::of(word).bytes(),
        b"CROSS" | b"FULL" | b"INDEXED" | b"INNER" | b"LEFT" | b"NATURAL" | b"OUTER" | b"RIGHT"
    )
}

/// A word in upper case without an allocation; empty where it is too long for a keyword.
pub(super) struct Upper {
    bytes: [u8; MAX_WORD],
    len: usize,
}

impl Upper {
    pub(super) fn of(word: &str) -> Upper {
        let mut upper = Upper { bytes: [0; MAX_WORD], len: 0 };
        if word.len() <= MAX_WORD {
            upper.len = word.len();
            for (to, from) in upper.bytes.iter_mut().zip(word.bytes()) {
                *to = from.to_ascii_uppercase();
            }
        }
        upper
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}
