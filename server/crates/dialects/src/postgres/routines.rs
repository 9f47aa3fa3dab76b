//! Functions and procedures, as people write them and as `pg_get_functiondef` prints them. (sql-createfunction.html.)

mod altered;
mod options;
mod renamed_type;

pub(crate) use altered::altered;
pub(crate) use renamed_type::with_renamed_type;

use options::Options;
use schema::{Definition, Dialect, Form, Signature};

use super::arguments::canonical_type;
use super::names::unquoted;
use crate::definition::Reader;
use crate::lexer::{self, Kind, Token};

const DIALECT: Dialect = Dialect::Postgres;

pub(crate) fn definition(statement: &str) -> Option<Definition> {
    let tokens = lexer::tokens(DIALECT, statement)?;
    let mut reader = Reader::new(DIALECT, statement, &tokens);
    reader.expect("create")?;
    reader.eat("or replace");
    let is_procedure = reader.eat("procedure");
    if !is_procedure {
        reader.expect("function")?;
    }
    reader.qualified_name()?;
    let start = reader.position();
    let parameters = parameters(reader.parenthesized()?)?;
    let result = match has_result(&reader) {
        true => result(&mut reader)?,
        false => implied_result(&parameters, is_procedure),
    };
    let mut options = Options::default();
    while reader.peek().is_some() {
        options.read(&mut reader)?;
    }
    let text = reader.text_since(start).to_owned();
    let (language, body) = options.body()?;
    let inputs = || parameters.iter().filter(|it| it.mode.is_input());
    let signature = Signature {
        result: result.clone(),
        names: inputs().map(|it| it.name.clone()).collect(),
        n_defaults: inputs().filter(|it| it.default.is_some()).count(),
    };
    let parameters: Vec<String> = parameters.iter().map(Parameter::canonical).collect();
    let header = format!(
        "({}) returns {result} language {language}{}",
        parameters.join(", "),
        options.canonical(&result, &language)
    );
    Some(Definition { text, events: String::new(), is_constraint: false, header, body, signature })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    In,
    Out,
    InOut,
    Variadic,
}

impl Mode {
    fn is_input(self) -> bool {
        self != Mode::Out
    }

    fn is_output(self) -> bool {
        matches!(self, Mode::Out | Mode::InOut)
    }
}

struct Parameter {
    mode: Mode,
    name: String,
    sql_type: String,
    default: Option<String>,
}

impl Parameter {
    fn canonical(&self) -> String {
        let mode = match self.mode {
            Mode::In => "",
            Mode::Out => "out ",
            Mode::InOut => "inout ",
            Mode::Variadic => "variadic ",
        };
        let default = self.default.as_ref().map(|it| format!(" default {it}")).unwrap_or_default();
        format!("{mode}{:?} {}{default}", self.name, self.sql_type)
    }
}

fn parameters(list: &str) -> Option<Vec<Parameter>> {
    let tokens = lexer::tokens(DIALECT, list)?;
    let mut reader = Reader::new(DIALECT, list, &tokens);
    let mut parameters = Vec::new();
    while reader.peek().is_some() {
        parameters.push(parameter(&mut reader)?);
        if !reader.eat(",") && reader.peek().is_some() {
            return None;
        }
    }
    Some(parameters)
}

fn mode(reader: &mut Reader<'_, '_>) -> Option<Mode> {
    if reader.eat("in out") || reader.eat("inout") {
        Some(Mode::InOut)
    } else if reader.eat("in") {
        Some(Mode::In)
    } else if reader.eat("out") {
        Some(Mode::Out)
    } else if reader.eat("variadic") {
        Some(Mode::Variadic)
    } else {
        None
    }
}

fn parameter(reader: &mut Reader<'_, '_>) -> Option<Parameter> {
    let before = mode(reader);
    let name = if is_named(reader) { unquoted(reader.name()?.text) } else { String::new() };
    let mode = before.or_else(|| mode(reader)).unwrap_or(Mode::In);
    let sql_type = type_of(reader, &["default", "=", ","])?;
    let default = match reader.eat("default") || reader.eat("=") {
        true => {
            let column_type = crate::sql_type(DIALECT, &sql_type, None);
            Some(crate::default(DIALECT, until(reader, &[","])?, Form::Sql, &column_type).canonical)
        }
        false => None,
    };
    Some(Parameter { mode, name, sql_type, default })
}

/// True where a name comes before the type: two words one after the other are a name and a type, unless they are one type.
fn is_named(reader: &Reader<'_, '_>) -> bool {
    let is_word = |token: &Token<'_>| matches!(token.kind, Kind::Word | Kind::QuotedName);
    let mut ahead = reader.ahead().iter();
    let (Some(first), Some(second)) = (ahead.next(), ahead.next()) else { return false };
    if !is_word(first) || !is_word(second) || ["default", "setof"].iter().any(|it| first.text.eq_ignore_ascii_case(it))
    {
        return false;
    }
    let (first, second) = (first.text.to_ascii_lowercase(), second.text.to_ascii_lowercase());
    let is_one_type = match first.as_str() {
        "double" => second == "precision",
        "character" | "char" | "bit" => second == "varying",
        "national" => second == "character" || second == "char",
        "time" | "timestamp" => second == "with" || second == "without",
        "interval" => ["year", "month", "day", "hour", "minute", "second"].contains(&second.as_str()),
        _ => false,
    };
    !is_one_type && second != "default" && second != "array"
}

/// A type up to one of these words. One that follows a column's (`%TYPE`) is looked up when the function is made: it cannot be told.
fn type_of(reader: &mut Reader<'_, '_>, ends: &[&str]) -> Option<String> {
    let start = reader.position();
    let text = until(reader, ends)?;
    let follows_a_column = reader.since(start).iter().any(|token| token.text.starts_with('%'));
    (!text.is_empty() && !follows_a_column).then(|| canonical_type(text))
}

/// The text up to one of these words outside of parentheses and brackets.
fn until<'a>(reader: &mut Reader<'_, 'a>, ends: &[&str]) -> Option<&'a str> {
    let start = reader.position();
    let mut depth = 0_usize;
    while let Some(token) = reader.peek() {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.checked_sub(1)?,
            _ if depth == 0 && ends.iter().any(|end| reader.is(end)) => break,
            _ => {}
        }
        reader.next();
    }
    Some(reader.text_since(start))
}

/// True before `RETURNS type`; `RETURNS NULL ON NULL INPUT` is an option.
fn has_result(reader: &Reader<'_, '_>) -> bool {
    reader.is("returns") && !reader.is_ahead(1, "null")
}

/// `RETURNS …`: a table is what OUT arguments are.
fn result(reader: &mut Reader<'_, '_>) -> Option<String> {
    reader.expect("returns")?;
    if reader.eat("table") {
        let columns = parameters(reader.parenthesized()?)?;
        let columns: Vec<String> = columns.iter().map(Parameter::canonical).collect();
        return Some(format!("table({})", columns.join(", ")));
    }
    let set = if reader.eat("setof") { "setof " } else { "" };
    Some(format!("{set}{}", type_of(reader, &OPTION_WORDS)?))
}

/// The words with which the options behind a type begin.
const OPTION_WORDS: [&str; 22] = [
    "language",
    "transform",
    "window",
    "immutable",
    "stable",
    "volatile",
    "leakproof",
    "not",
    "called",
    "returns",
    "strict",
    "external",
    "security",
    "parallel",
    "cost",
    "rows",
    "support",
    "set",
    "as",
    "return",
    "begin",
    "reset",
];

fn implied_result(parameters: &[Parameter], is_procedure: bool) -> String {
    let mut outputs = parameters.iter().filter(|it| it.mode.is_output());
    match (outputs.next(), outputs.next()) {
        // A procedure's are a row even where there is one.
        (Some(_), _) if is_procedure => String::from("record"),
        (Some(one), None) => one.sql_type.clone(),
        (Some(_), Some(_)) => String::from("record"),
        (None, _) => String::from("void"),
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    fn header(statement: &str) -> String {
        definition(statement).map_or_else(|| String::from("not known"), |it| it.header)
    }

    #[test]
    fn one_function_in_two_spellings_has_one_header() {
        let written = "create function app.f(a int4, out b varchar(10), c text = 'x') language 'plpgsql' as $$ begin end $$ stable cost 100;";
        let printed = "CREATE OR REPLACE FUNCTION app.f(a integer, OUT b character varying, c text DEFAULT 'x'::text)\n RETURNS character varying\n \
            LANGUAGE plpgsql\n STABLE\nAS $function$ begin end $function$\n";
        assert_eq!(header(written), header(printed));
        assert_eq!(definition(written), definition(printed));
        assert_eq!(
            header(written),
            "(\"a\" integer, out \"b\" character varying, \"c\" text default 'x') returns character varying language plpgsql stable"
        );
    }

    #[test]
    fn settings_and_options_have_one_order() {
        let table = [
            (
                "create function f() returns void language sql as '' strict immutable",
                "() returns void language sql immutable strict",
            ),
            (
                "create function f() returns void set search_path = public, pg_temp language sql as ''",
                "() returns void language sql set search_path = [\"public\", \"pg_temp\"]",
            ),
            (
                "create function f() returns void set search_path to 'public', 'pg_temp' as '' language sql",
                "() returns void language sql set search_path = [\"public\", \"pg_temp\"]",
            ),
            (
                "create function f() returns setof int rows 1000 language sql as ''",
                "() returns setof integer language sql",
            ),
            (
                "create function f(int, double precision) returns table (a int) language sql begin atomic select 1; end",
                "(\"\" integer, \"\" double precision) returns table(\"a\" integer) language sql",
            ),
            ("create procedure p(inout a int) language sql as ''", "(inout \"a\" integer) returns record language sql"),
            ("create function f(a users.id%type) returns int language sql as ''", "not known"),
            ("create function f() returns int set work_mem from current language sql as ''", "not known"),
        ];
        for (statement, expected) in table {
            assert_eq!(header(statement), expected, "{statement}");
        }
    }

    #[test]
    fn a_body_is_compared_as_it_is() {
        let of =
            |body: &str| definition(&format!("create function f() returns int language sql as {body}")).unwrap().body;
        assert_eq!(of("'select ''a'''"), of("$x$select 'a'$x$"));
        assert_ne!(of("'select 1'"), of("'select  1'"));
        assert_eq!(of("e'select\\n1'"), of("'select\n1'"));
    }

    #[test]
    fn what_or_replace_cannot_change_is_told() {
        let of = |header: &str| definition(&format!("create function f{header} language sql as ''")).unwrap().signature;
        let before = of("(a int, text) returns int");
        for (after, expected) in [
            ("(a int, text) returns int", true),
            ("(a int, b text default '') returns int", true),
            ("(b int, text) returns int", false),
            ("(a int, text) returns bigint", false),
            ("(a int, text, out x int)", true),
            ("(a int, text, out x int, out y int)", false),
        ] {
            assert_eq!(of(after).replaces(&before), expected, "{after}");
        }
        assert!(!of("(a int) returns int").replaces(&of("(a int default 1) returns int")));
    }
}
