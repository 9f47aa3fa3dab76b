//! `driftlens.toml`, our own configuration. Never fails: what is wrong with it is told at its place, key by key.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as WordError, StrDeserializer};
use source::{Code, Diagnostic, FilePath, Files, Location, ReadError, Span, codes};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::keys::{EnvironmentKeys, KEYS, PROJECT, Placed, ProjectKeys, SchemaPaths, words};

/// What the file is called.
pub const FILE_NAME: &str = "driftlens.toml";

/// What reading a file gave. A project of it is None where it cannot be worked with; a diagnostic says why.
#[derive(Clone, Debug, Default)]
pub struct DriftlensReading {
    pub projects: Vec<DeclaredProject>,
    /// About no project: the file cannot be read, or holds none.
    pub diagnostics: Vec<Diagnostic>,
}

/// One project of the file.
#[derive(Clone, Debug)]
pub struct DeclaredProject {
    /// None where an entry is wrong.
    pub keys: Option<ProjectKeys>,
    /// Where findings about the project as a whole are shown: its `[[project]]`; the start of the file.
    pub span: Span,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the file, an open buffer included.
pub fn read(file: &FilePath, files: &dyn Files) -> DriftlensReading {
    let text = match files.read(file) {
        Ok(text) => text,
        Err(error) => return unreadable(file, &error),
    };
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let reader = Reader { file, bom };
    let (table, errors) = DeTable::parse_recoverable(text.get(bom..).unwrap_or_default());
    // What was recovered may lack a key: nothing is guessed from it. What comes after the first error may follow from it.
    if let Some(first) = errors.first() {
        return DriftlensReading { projects: Vec::new(), diagnostics: vec![reader.broken(first)] };
    }
    reader.file(table.get_ref())
}

fn unreadable(file: &FilePath, error: &ReadError) -> DriftlensReading {
    let reason = match error {
        ReadError::NotFound => String::from("there is no such file"),
        other => format!("it {other}"),
    };
    let message = format!("the configuration cannot be read: {reason}");
    let diagnostic = Diagnostic::new(codes::UNREADABLE_CONFIG, Location::start_of(file), message)
        .with_help("check the path and the file's permissions");
    DriftlensReading { projects: Vec::new(), diagnostics: vec![diagnostic] }
}

struct Reader<'f> {
    file: &'f FilePath,
    /// The bytes before the text that TOML begins with.
    bom: usize,
}

type Value<'i> = Spanned<DeValue<'i>>;

impl Reader<'_> {
    fn span<T>(&self, of: &Spanned<T>) -> Span {
        self.range(&of.span())
    }

    fn range(&self, range: &std::ops::Range<usize>) -> Span {
        Span::new(range.start + self.bom, range.end + self.bom)
    }

    fn finding(&self, code: Code, span: Span, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, Location::new(self.file, span), message).with_help(help)
    }

    fn invalid(&self, span: Span, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        self.finding(codes::INVALID_CONFIG, span, message, help)
    }

    fn broken(&self, error: &toml::de::Error) -> Diagnostic {
        let span = error.span().map(|range| self.range(&range)).unwrap_or_default();
        let message = format!("this is not TOML: {}", error.message().lines().collect::<Vec<&str>>().join(", "));
        self.finding(
            codes::UNREADABLE_CONFIG,
            span,
            message,
            "nothing in its projects is checked until the file is whole",
        )
    }

    fn file(&self, table: &DeTable<'_>) -> DriftlensReading {
        let mut reading = DriftlensReading::default();
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == PROJECT) else {
            let project = self.project(table, Span::default());
            reading.projects.push(project);
            return reading;
        };
        for (other, _) in table.iter().filter(|(other, _)| other.get_ref() != PROJECT) {
            let name = other.get_ref();
            let (message, help) = if KEYS.contains(&&**name) {
                let message = format!("`{name}` stands beside `[[project]]`: a file has one project or a list of them");
                (message, String::from("move it below the `[[project]]` it belongs to"))
            } else {
                unknown_key(name)
            };
            reading.diagnostics.push(self.invalid(self.span(other), message, help));
        }
        match value.get_ref() {
            DeValue::Array(list) => self.list(list, &mut reading),
            other => {
                let message = format!("`{PROJECT}` is {}, not a list of projects", kind(other));
                reading.diagnostics.push(self.invalid(
                    self.span(key),
                    message,
                    "write `[[project]]` with two brackets",
                ));
            }
        }
        reading
    }

    fn list(&self, list: &DeArray<'_>, reading: &mut DriftlensReading) {
        for item in list.iter() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    let project = self.project(table, self.span(item));
                    reading.projects.push(project);
                }
                other => {
                    let message = format!("a project is {}, not a table", kind(other));
                    let help = "write `[[project]]` and its keys below";
                    reading.diagnostics.push(self.invalid(self.span(item), message, help));
                }
            }
        }
    }

    fn project(&self, table: &DeTable<'_>, span: Span) -> DeclaredProject {
        let mut keys = ProjectKeys::default();
        let mut found = Vec::new();
        for (key, value) in table.iter() {
            match &**key.get_ref() {
                "name" => keys.name = self.text("name", value, &mut found),
                "dialect" => keys.dialect = self.word("dialect", value, &mut found),
                "schema" => keys.schema = self.paths(value, &mut found),
                "drizzle" => keys.drizzle = self.path("drizzle", value, &mut found),
                "migrations" => keys.migrations = self.path("migrations", value, &mut found),
                "format" => keys.format = self.word("format", value, &mut found),
                "environments" => keys.environments = self.environments(value, &mut found),
                other => {
                    let (message, help) = unknown_key(other);
                    found.push(self.invalid(self.span(key), message, help));
                }
            }
        }
        if found.is_empty() {
            self.together(&keys, span, &mut found);
        }
        found.sort_by_key(|diagnostic| diagnostic.location.span);
        let keys = found.is_empty().then_some(keys);
        DeclaredProject { keys, span, diagnostics: found }
    }

    /// What is wrong with entries that are right each by itself.
    fn together(&self, keys: &ProjectKeys, span: Span, found: &mut Vec<Diagnostic>) {
        match (&keys.drizzle, &keys.schema, &keys.dialect) {
            (Some(drizzle), Some(_), _) => {
                let message = "`drizzle` and `schema` both say what the schema should be";
                found.push(self.invalid(drizzle.span, message, "leave one of them out"));
            }
            (Some(_), None, Some(dialect)) => {
                let message = "`dialect` comes from the Drizzle configuration";
                found.push(self.invalid(dialect.span, message, "leave it out"));
            }
            _ => {}
        }
        if keys.migrations.is_none() && keys.drizzle.is_none() {
            let help = "add `migrations = \"…\"`: the folder, relative to this file";
            found.push(self.invalid(span, "the project has no `migrations`", help));
        }
    }

    fn wrong(&self, key: &str, value: &Value<'_>, wanted: &str, help: &str) -> Diagnostic {
        let message = format!("`{key}` is {}, not {wanted}", kind(value.get_ref()));
        self.invalid(self.span(value), message, help)
    }

    fn text(&self, key: &str, value: &Value<'_>, found: &mut Vec<Diagnostic>) -> Option<Placed<String>> {
        let span = self.span(value);
        match value.get_ref().as_str() {
            Some("") => {
                found.push(self.invalid(span, format!("`{key}` is empty"), "say it or leave it out"));
                None
            }
            Some(text) => Some(Placed { value: text.to_owned(), span }),
            None => {
                found.push(self.wrong(key, value, "a string", "write it in quotes"));
                None
            }
        }
    }

    fn path(&self, key: &str, value: &Value<'_>, found: &mut Vec<Diagnostic>) -> Option<Placed<String>> {
        let text = self.text(key, value, found)?;
        // On every system: a configuration is shared.
        if text.value.contains('\\') {
            found.push(self.invalid(text.span, format!("`{key}` has a backslash"), "write `/` between folders"));
            return None;
        }
        Some(text)
    }

    fn paths(&self, value: &Value<'_>, found: &mut Vec<Diagnostic>) -> Option<Placed<SchemaPaths>> {
        let span = self.span(value);
        let help = "a file, a folder, a pattern or a list of them: `schema = [\"db/schema.sql\"]`";
        let paths = match value.get_ref() {
            DeValue::String(_) => vec![self.path("schema", value, found)?],
            DeValue::Array(list) if list.is_empty() => {
                found.push(self.invalid(span, "`schema` is an empty list", help));
                return None;
            }
            DeValue::Array(list) => {
                let before = found.len();
                let paths = list.iter().filter_map(|item| self.path("schema", item, found)).collect();
                if found.len() > before {
                    return None;
                }
                paths
            }
            _ => {
                found.push(self.wrong("schema", value, "a path or a list of paths", help));
                return None;
            }
        };
        Some(Placed { value: SchemaPaths(paths), span })
    }

    fn environments(
        &self,
        value: &Value<'_>,
        found: &mut Vec<Diagnostic>,
    ) -> Option<BTreeMap<String, EnvironmentKeys>> {
        let DeValue::Table(table) = value.get_ref() else {
            found.push(self.wrong("environments", value, "a table", "write `[environments.NAME]` with a `url`"));
            return None;
        };
        let mut environments = BTreeMap::new();
        for (name, entry) in table.iter() {
            let DeValue::Table(entry_table) = entry.get_ref() else {
                found.push(self.wrong(name.get_ref(), entry, "a table", "write `[environments.NAME]` with a `url`"));
                continue;
            };
            let (mut url, mut kind_word, mut seed) = (None, None, None);
            for (key, value) in entry_table.iter() {
                match &**key.get_ref() {
                    "url" => url = self.text("url", value, found),
                    "kind" => kind_word = self.word("kind", value, found),
                    "seed" => seed = self.text("seed", value, found),
                    other => {
                        let message = format!("there is no key `{other}`");
                        found.push(self.invalid(self.span(key), message, "an environment has url, kind, seed"));
                    }
                }
            }
            match url {
                Some(url) => {
                    environments.insert(name.get_ref().to_string(), EnvironmentKeys { url, kind: kind_word, seed });
                }
                None if found.is_empty() => {
                    let message = format!("the environment `{}` has no `url`", name.get_ref());
                    found.push(self.invalid(self.span(name), message, "add `url = \"${DATABASE_URL}\"`"));
                }
                None => {}
            }
        }
        Some(environments)
    }

    /// One of the words that `T` names.
    fn word<'d, T: JsonSchema + Deserialize<'d>>(
        &self,
        key: &str,
        value: &'d Value<'_>,
        found: &mut Vec<Diagnostic>,
    ) -> Option<Placed<T>> {
        let span = self.span(value);
        let text = value.get_ref().as_str();
        if let Some(text) = text {
            let word: StrDeserializer<'d, WordError> = text.into_deserializer();
            if let Ok(value) = T::deserialize(word) {
                return Some(Placed { value, span });
            }
        }
        let known: Vec<String> = words::<T>().into_iter().map(|(word, _)| word).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let list = known.join(", ");
        found.push(match text {
            None => self.wrong(key, value, "a string", &format!("one of {list}")),
            Some(text) => {
                let help = match nearest(text, &known) {
                    Some(near) => format!("did you mean `{near}`? One of {list}"),
                    None => format!("one of {list}"),
                };
                self.invalid(span, format!("there is no {key} `{text}`"), help)
            }
        });
        None
    }
}

fn unknown_key(name: &str) -> (String, String) {
    let known: Vec<&str> = KEYS.into_iter().chain([PROJECT]).collect();
    let help = match nearest(name, &known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("a project has {}", KEYS.join(", ")),
    };
    (format!("there is no key `{name}`"), help)
}

/// The known word that a person most likely meant.
fn nearest<'w>(word: &str, known: &[&'w str]) -> Option<&'w str> {
    // Longer than any known word: comparing it costs and tells nothing.
    if word.len() > 40 {
        return None;
    }
    let word = word.to_lowercase();
    let score = |known: &str| {
        let starts = known.starts_with(&word) || word.starts_with(known);
        if word.len() > 2 && starts { 1.0 } else { strsim::normalized_damerau_levenshtein(&word, known) }
    };
    let scored = known.iter().map(|known| (score(known), *known));
    let best = scored.max_by(|left, right| left.0.total_cmp(&right.0))?;
    (best.0 >= 0.6).then_some(best.1)
}

/// What a value is, with its article.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The folder that the paths of a file are relative to.
pub fn base(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}

#[cfg(test)]
mod tests;
