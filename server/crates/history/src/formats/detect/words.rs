//! Words of SQL that only one database knows: a cheap look at a text, not a parse.

use schema::Dialect;

use super::FoundDialect;

#[derive(Clone, Copy)]
enum Database {
    Postgres,
    Sqlite,
    Mysql,
}

/// Words, lower case, and how much each tells. A word that is also a likely name of a column tells little.
const WORDS: &[(&str, Database, u32)] = &[
    ("serial", Database::Postgres, 3),
    ("bigserial", Database::Postgres, 3),
    ("smallserial", Database::Postgres, 3),
    ("jsonb", Database::Postgres, 3),
    ("timestamptz", Database::Postgres, 3),
    ("bytea", Database::Postgres, 3),
    ("plpgsql", Database::Postgres, 3),
    ("tsvector", Database::Postgres, 3),
    ("extension", Database::Postgres, 2),
    ("uuid", Database::Postgres, 1),
    ("autoincrement", Database::Sqlite, 3),
    ("pragma", Database::Sqlite, 3),
    ("sqlite_master", Database::Sqlite, 3),
    ("sqlite_sequence", Database::Sqlite, 3),
    ("datetime", Database::Sqlite, 1),
    ("blob", Database::Sqlite, 1),
    ("auto_increment", Database::Mysql, 3),
    ("unsigned", Database::Mysql, 3),
    ("utf8mb4", Database::Mysql, 3),
    ("mediumtext", Database::Mysql, 3),
    ("longtext", Database::Mysql, 3),
];

/// Pairs of a word and what follows it: a word, or a sign.
const PAIRS: &[(&str, &str, Database, u32)] = &[
    ("without", "rowid", Database::Sqlite, 3),
    ("using", "btree", Database::Postgres, 3),
    ("using", "gin", Database::Postgres, 3),
    ("using", "gist", Database::Postgres, 3),
    ("using", "hash", Database::Postgres, 2),
    ("engine", "=", Database::Mysql, 3),
];

/// What the words of some texts say together.
#[derive(Default)]
pub(super) struct Score {
    postgres: u32,
    sqlite: u32,
    mysql: u32,
}

impl Score {
    /// Counts the words of a text, comments and string literals left out.
    pub(super) fn add(&mut self, text: &str) {
        let mut rest = text;
        let mut previous = String::new();
        while let Some(first) = rest.chars().next() {
            let (token, behind) = next_token(rest, first);
            rest = behind;
            match token {
                Token::Blank => {}
                Token::Word(word) => {
                    let word = word.to_ascii_lowercase();
                    let told = WORDS.iter().find(|(known, ..)| *known == word);
                    self.count(told.map(|(_, database, weight)| (*database, *weight)));
                    self.pair(&previous, &word);
                    previous = word;
                }
                Token::Sign(sign) => {
                    let told = matches!(sign, "::" | "$").then_some((Database::Postgres, 3));
                    self.count(told);
                    self.pair(&previous, sign);
                    previous.clear();
                }
            }
        }
    }

    fn pair(&mut self, previous: &str, next: &str) {
        let told = PAIRS.iter().find(|(first, second, ..)| *first == previous && *second == next);
        self.count(told.map(|(_, _, database, weight)| (*database, *weight)));
    }

    fn count(&mut self, told: Option<(Database, u32)>) {
        match told {
            Some((Database::Postgres, weight)) => self.postgres += weight,
            Some((Database::Sqlite, weight)) => self.sqlite += weight,
            Some((Database::Mysql, weight)) => self.mysql += weight,
            None => {}
        }
    }

    /// The database that more speaks for than for any other.
    pub(super) fn winner(&self) -> Option<FoundDialect> {
        let (postgres, sqlite, mysql) = (self.postgres, self.sqlite, self.mysql);
        if mysql > postgres.max(sqlite) {
            Some(FoundDialect::Unsupported(String::from("mysql")))
        } else if sqlite > postgres.max(mysql) {
            Some(FoundDialect::Known(Dialect::Sqlite))
        } else if postgres > sqlite.max(mysql) {
            Some(FoundDialect::Known(Dialect::Postgres))
        } else {
            None
        }
    }
}

enum Token<'a> {
    /// A blank, a comment, a string or a quoted name: it says nothing.
    Blank,
    Word(&'a str),
    Sign(&'a str),
}

/// The token at the start of `rest`, which starts with `first`, and what is behind it.
fn next_token(rest: &str, first: char) -> (Token<'_>, &str) {
    let split = |end: usize| rest.split_at_checked(end).unwrap_or((rest, ""));
    let behind = |start: usize, closing: &str| {
        let from = rest.get(start..).unwrap_or_default();
        from.split_once(closing).map_or("", |(_, behind)| behind)
    };
    match first {
        '-' if rest.starts_with("--") => (Token::Blank, behind(2, "\n")),
        '/' if rest.starts_with("/*") => (Token::Blank, behind(2, "*/")),
        '\'' => (Token::Blank, behind(1, "'")),
        '"' => (Token::Blank, behind(1, "\"")),
        '`' => (Token::Blank, behind(1, "`")),
        ':' if rest.starts_with("::") => {
            let (sign, behind) = split(2);
            (Token::Sign(sign), behind)
        }
        '$' => dollar(rest),
        _ if first.is_ascii_alphabetic() || first == '_' => {
            let (word, behind) =
                split(rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count());
            (Token::Word(word), behind)
        }
        _ if first.is_whitespace() => (Token::Blank, rest.trim_start()),
        _ => {
            let (sign, behind) = split(first.len_utf8());
            (Token::Sign(sign), behind)
        }
    }
}

/// The opening of a dollar-quoted string is a sign of its own; what is inside is read on, and its closing counts again.
fn dollar(rest: &str) -> (Token<'_>, &str) {
    let tag = rest.bytes().skip(1).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    match rest.as_bytes().get(tag + 1) {
        Some(b'$') => (Token::Sign("$"), rest.get(tag + 2..).unwrap_or_default()),
        _ => (Token::Blank, rest.get(1..).unwrap_or_default()),
    }
}
