//! Functions and procedures, as people write them and as `pg_get_functiondef` prints them. (sql-createfunction.html.)

use schema::{Body, Definition, Dialect, Form, Signature};

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
    let result = match reader.is("returns") && !reader.is_ahead(1, "null") {
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
    let text = until(reader, ends)?;
    (!text.is_empty() && !text.contains('%')).then(|| canonical_type(text))
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

#[derive(Default)]
struct Options {
    language: Option<String>,
    volatility: Option<&'static str>,
    is_strict: bool,
    is_leakproof: bool,
    is_definer: bool,
    is_window: bool,
    parallel: Option<String>,
    cost: Option<String>,
    rows: Option<String>,
    support: Option<String>,
    transform: Option<String>,
    /// By name.
    settings: std::collections::BTreeMap<String, String>,
    texts: Vec<String>,
    statements: Option<String>,
}

impl Options {
    /// One option; None for what is none.
    fn read(&mut self, reader: &mut Reader<'_, '_>) -> Option<()> {
        if let Some(word) = ["immutable", "stable", "volatile"].into_iter().find(|word| reader.eat(word)) {
            self.volatility = Some(word);
        } else if reader.eat("language") {
            let token = reader.next()?;
            self.language = Some(match token.kind {
                Kind::Text => constant(token.text)?,
                _ => unquoted(token.text),
            });
        } else if reader.eat("transform") {
            self.transform = Some(lexer::folded(DIALECT, &lexer::tokens(DIALECT, until(reader, &OPTION_WORDS)?)?));
        } else if reader.eat("window") {
            self.is_window = true;
        } else if reader.eat("not leakproof") {
            self.is_leakproof = false;
        } else if reader.eat("leakproof") {
            self.is_leakproof = true;
        } else if reader.eat("called on null input") {
            self.is_strict = false;
        } else if reader.eat("strict") || reader.eat("returns null on null input") {
            self.is_strict = true;
        } else if reader.eat("security definer") || reader.eat("external security definer") {
            self.is_definer = true;
        } else if reader.eat("security invoker") || reader.eat("external security invoker") {
            self.is_definer = false;
        } else if reader.eat("parallel") {
            self.parallel = Some(unquoted(reader.name()?.text));
        } else if reader.eat("cost") {
            self.cost = Some(number(reader.next()?.text));
        } else if reader.eat("rows") {
            self.rows = Some(number(reader.next()?.text));
        } else if reader.eat("support") {
            self.support = Some(reader.qualified_name()?.0);
        } else if reader.eat("set") {
            self.setting(reader)?;
        } else if reader.eat("as") {
            self.texts.push(constant(reader.next()?.text)?);
            if reader.eat(",") {
                self.texts.push(constant(reader.next()?.text)?);
            }
        } else if reader.is("return") || reader.is("begin") {
            let start = reader.position();
            reader.rest();
            self.statements = Some(lexer::folded(DIALECT, reader.since(start)));
        } else {
            return None;
        }
        Some(())
    }

    /// What a setting FROM CURRENT is depends on the session.
    fn setting(&mut self, reader: &mut Reader<'_, '_>) -> Option<()> {
        let name = match reader.eat("time zone") {
            true => String::from("timezone"),
            false => {
                let name = reader.qualified_name()?.0.trim_matches('"').to_ascii_lowercase();
                if !reader.eat("to") {
                    reader.expect("=")?;
                }
                name
            }
        };
        if reader.eat("default") {
            self.settings.remove(&name);
            return Some(());
        }
        let mut values = Vec::new();
        loop {
            let sign = if reader.eat("-") { "-" } else { "" };
            let token = reader.next()?;
            let value = match token.kind {
                Kind::Text => constant(token.text)?,
                Kind::Word | Kind::QuotedName => unquoted(token.text),
                Kind::Number => format!("{sign}{}", token.text),
                _ => return None,
            };
            values.push(value);
            if !reader.eat(",") {
                break;
            }
        }
        self.settings.insert(name, format!("{values:?}"));
        Some(())
    }

    /// The language, which need not be said of statements, and the body.
    fn body(&self) -> Option<(String, Body)> {
        let language = self.language.clone().or_else(|| self.statements.as_ref().map(|_| String::from("sql")))?;
        let body = match (&self.statements, self.texts.as_slice()) {
            (Some(statements), []) => Body::Sql(statements.clone()),
            (None, [text]) => Body::Text { language: language.clone(), text: text.clone() },
            (None, [file, symbol]) => Body::Text { language: language.clone(), text: format!("{file}\n{symbol}") },
            _ => return None,
        };
        Some((language, body))
    }

    /// What is not usual.
    fn canonical(&self, result: &str, language: &str) -> String {
        let mut words = Vec::new();
        let usual_cost = if matches!(language, "c" | "internal") { "1" } else { "100" };
        let is_set = result.starts_with("setof ") || result.starts_with("table(");
        let mut add = |word: &str, value: Option<&String>, usual: &str| {
            words.extend(value.filter(|value| *value != usual).map(|value| format!(" {word} {value}")));
        };
        add("transform", self.transform.as_ref(), "");
        add("parallel", self.parallel.as_ref(), "unsafe");
        add("cost", self.cost.as_ref(), usual_cost);
        add("rows", self.rows.as_ref(), if is_set { "1000" } else { "0" });
        add("support", self.support.as_ref(), "");
        for (name, value) in &self.settings {
            add(&format!("set {name} ="), Some(value), "");
        }
        let flags = [
            (self.is_window, "window"),
            (self.is_leakproof, "leakproof"),
            (self.is_strict, "strict"),
            (self.is_definer, "security definer"),
        ];
        let flags = flags.iter().filter(|(is_set, _)| *is_set).map(|(_, word)| format!(" {word}"));
        let volatility = self.volatility.filter(|it| *it != "volatile").map(|it| format!(" {it}"));
        volatility.into_iter().chain(flags).chain(words).collect()
    }
}

/// `100.0` is `100`.
fn number(text: &str) -> String {
    let text = text.trim_start_matches('+');
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    }
}

/// The text that a string constant stands for; None for escapes that are seldom written.
fn constant(token: &str) -> Option<String> {
    if token.starts_with('$') {
        let tag_len = token.get(1..)?.find('$')? + 2;
        return Some(token.get(tag_len..token.len().checked_sub(tag_len)?)?.to_owned());
    }
    let has_escapes = token.starts_with(['e', 'E']);
    let inner = token.trim_start_matches(['e', 'E']).strip_prefix('\'')?.strip_suffix('\'')?;
    let inner = inner.replace("''", "'");
    if !has_escapes || !inner.contains('\\') {
        return Some(inner);
    }
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                escaped @ ('\\' | '\'') => escaped,
                _ => return None,
            },
            character => character,
        });
    }
    Some(text)
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
