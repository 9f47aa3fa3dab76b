//! What stands behind the arguments and the result of a function or procedure: options in any order, and the body.

use std::collections::BTreeMap;

use schema::{Body, Dialect};

use super::{OPTION_WORDS, until};
use crate::definition::Reader;
use crate::lexer::{self, Kind};
use crate::postgres::names::unquoted;

const DIALECT: Dialect = Dialect::Postgres;

/// What an option is about. A function says at most one thing about each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Language,
    Transform,
    Window,
    Volatility,
    Leakproof,
    Strict,
    Security,
    Parallel,
    Cost,
    Rows,
    Support,
    /// The setting of this name.
    Setting(String),
    /// The body, as a text.
    Text,
    /// The body, as statements: nothing stands behind them.
    Statements,
}

#[derive(Default)]
pub(super) struct Options {
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
    settings: BTreeMap<String, String>,
    texts: Vec<String>,
    statements: Option<String>,
}

impl Options {
    /// One option, and what it is about; None for what is none.
    pub(super) fn read(&mut self, reader: &mut Reader<'_, '_>) -> Option<Subject> {
        if let Some(subject) = self.read_flag(reader) {
            return Some(subject);
        }
        if reader.eat("language") {
            let token = reader.next()?;
            self.language = Some(match token.kind {
                Kind::Text => constant(token.text)?,
                _ => unquoted(token.text),
            });
            Some(Subject::Language)
        } else if reader.eat("transform") {
            let types = lexer::tokens(DIALECT, until(reader, &OPTION_WORDS)?)?;
            self.transform = Some(lexer::folded(DIALECT, &types));
            Some(Subject::Transform)
        } else if reader.eat("parallel") {
            self.parallel = Some(unquoted(reader.name()?.text));
            Some(Subject::Parallel)
        } else if reader.eat("cost") {
            self.cost = Some(number(reader.next()?.text));
            Some(Subject::Cost)
        } else if reader.eat("rows") {
            self.rows = Some(number(reader.next()?.text));
            Some(Subject::Rows)
        } else if reader.eat("support") {
            self.support = Some(reader.qualified_name()?.0);
            Some(Subject::Support)
        } else if reader.eat("set") {
            self.setting(reader).map(Subject::Setting)
        } else if reader.eat("as") {
            self.texts.push(constant(reader.next()?.text)?);
            if reader.eat(",") {
                self.texts.push(constant(reader.next()?.text)?);
            }
            Some(Subject::Text)
        } else if reader.is("return") || reader.is("begin") {
            let start = reader.position();
            reader.rest();
            self.statements = Some(lexer::folded(DIALECT, reader.since(start)));
            Some(Subject::Statements)
        } else {
            None
        }
    }

    /// An option without a value.
    fn read_flag(&mut self, reader: &mut Reader<'_, '_>) -> Option<Subject> {
        if let Some(word) = ["immutable", "stable", "volatile"].into_iter().find(|word| reader.eat(word)) {
            self.volatility = Some(word);
            return Some(Subject::Volatility);
        }
        let (subject, flag, is_set) = match () {
            () if reader.eat("window") => (Subject::Window, &mut self.is_window, true),
            () if reader.eat("not leakproof") => (Subject::Leakproof, &mut self.is_leakproof, false),
            () if reader.eat("leakproof") => (Subject::Leakproof, &mut self.is_leakproof, true),
            () if reader.eat("called on null input") => (Subject::Strict, &mut self.is_strict, false),
            () if reader.eat("strict") || reader.eat("returns null on null input") => {
                (Subject::Strict, &mut self.is_strict, true)
            }
            () if reader.eat("security definer") || reader.eat("external security definer") => {
                (Subject::Security, &mut self.is_definer, true)
            }
            () if reader.eat("security invoker") || reader.eat("external security invoker") => {
                (Subject::Security, &mut self.is_definer, false)
            }
            () => return None,
        };
        *flag = is_set;
        Some(subject)
    }

    /// What a setting FROM CURRENT is depends on the session.
    fn setting(&mut self, reader: &mut Reader<'_, '_>) -> Option<String> {
        let is_time_zone = reader.is("time") && reader.is_ahead(1, "zone");
        let name = setting_name(reader)?;
        if !is_time_zone && !reader.eat("to") {
            reader.expect("=")?;
        }
        if reader.eat("default") || (is_time_zone && reader.eat("local")) {
            self.settings.remove(&name);
            return Some(name);
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
        self.settings.insert(name.clone(), format!("{values:?}"));
        Some(name)
    }

    pub(super) fn has_setting(&self, name: &str) -> bool {
        self.settings.contains_key(name)
    }

    /// The language, which need not be said of statements, and the body.
    pub(super) fn body(&self) -> Option<(String, Body)> {
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
    pub(super) fn canonical(&self, result: &str, language: &str) -> String {
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

/// The name of a setting, as it is compared.
pub(super) fn setting_name(reader: &mut Reader<'_, '_>) -> Option<String> {
    match reader.eat("time zone") {
        true => Some(String::from("timezone")),
        false => Some(reader.qualified_name()?.0.trim_matches('"').to_ascii_lowercase()),
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
