//! The scripts of the workflow in a `package.json`. Everything else of the file stays as it is, byte for byte.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::value::RawValue;

use crate::environments::folders_up;

const PACKAGE_JSON: &str = "package.json";

/// The commands of the workflow that need no further word.
const COMMANDS: [&str; 5] = ["check", "generate", "push", "migrate", "status"];

/// A `package.json` with the scripts in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageJson {
    pub text: String,
    /// Names and commands that are new.
    pub added: Vec<(String, String)>,
    /// Names and commands that stand there already, whatever they do.
    pub kept: Vec<(String, String)>,
}

/// Why nothing can be added to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptsError {
    /// Line and column, counted from one, where they are known.
    pub place: Option<(usize, usize)>,
    pub why: String,
}

impl fmt::Display for ScriptsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "{line}:{column}: ")?;
        }
        f.write_str(&self.why)
    }
}

impl std::error::Error for ScriptsError {}

/// The nearest one from the project's folder up to the repository's.
pub fn package_json_above(base: &Path) -> Option<PathBuf> {
    folders_up(base).into_iter().map(|folder| folder.join(PACKAGE_JSON)).find(|file| file.is_file())
}

/// Adds the scripts that are not there. `path` is what the commands are told of where the project is; empty where it is the package's folder.
pub fn with_scripts(text: &str, path: &str) -> Result<PackageJson, ScriptsError> {
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    let top = members(body, body)?;
    let scripts = top.iter().find(|member| member.name == "scripts");
    let known = match scripts {
        Some(scripts) => members(body, scripts.value)?,
        None => Vec::new(),
    };
    let mut found = PackageJson { text: text.to_owned(), ..PackageJson::default() };
    for command in COMMANDS {
        let (name, does) = (format!("db:{command}"), format!("driftlens {command}{path}"));
        match known.iter().find(|member| member.name == name) {
            Some(there) => {
                let there = serde_json::from_str(there.value).unwrap_or_else(|_| there.value.to_owned());
                found.kept.push((name, there));
            }
            None => found.added.push((name, does)),
        }
    }
    if found.added.is_empty() {
        return Ok(found);
    }
    let style = Style::of(body, &top);
    let lines: Vec<String> =
        found.added.iter().map(|(name, does)| format!("{}: {}", quoted(name), quoted(does))).collect();
    let changed = match scripts {
        Some(scripts) => insert(body, scripts.value, known.last(), &lines, &style, 1),
        None => {
            let all = insert("{}", "{}", None, &lines, &style, 1);
            insert(body, body.trim(), top.last(), &[format!("\"scripts\": {all}")], &style, 0)
        }
    };
    found.text = format!("{mark}{changed}");
    Ok(found)
}

/// A member of an object; its value is a part of the text.
struct Member<'t> {
    name: String,
    value: &'t str,
}

/// The members of an object in the order in which they stand, `object` a part of `text`.
fn members<'t>(text: &'t str, object: &'t str) -> Result<Vec<Member<'t>>, ScriptsError> {
    let found: BTreeMap<String, &RawValue> = serde_json::from_str(object).map_err(|error| {
        // The places of a part are not those of the file.
        let is_whole = std::ptr::eq(text, object);
        let what = if is_whole { "it is no JSON object" } else { "`scripts` is no object" };
        ScriptsError { place: is_whole.then(|| (error.line(), error.column())), why: format!("{what} ({error})") }
    })?;
    let mut members: Vec<Member<'t>> =
        found.into_iter().map(|(name, value)| Member { name, value: value.get() }).collect();
    members.sort_by_key(|member| member.value.as_ptr());
    Ok(members)
}

/// How the file is written.
struct Style {
    newline: &'static str,
    /// One step of indentation; None where everything stands on one line.
    indent: Option<String>,
}

impl Style {
    fn of(text: &str, top: &[Member<'_>]) -> Style {
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let before = text.split('"').next().unwrap_or_default();
        let indent = match (top, before.rsplit_once('\n')) {
            // An empty object says nothing: as npm writes them.
            ([], _) => Some(String::from("  ")),
            (_, Some((_, indent))) if indent.chars().all(char::is_whitespace) => Some(indent.to_owned()),
            _ => None,
        };
        Style { newline, indent }
    }
}

/// Puts members behind the last one of an object, which is a part of `text` at this depth.
fn insert(
    text: &str,
    object: &str,
    last: Option<&Member<'_>>,
    lines: &[String],
    style: &Style,
    depth: usize,
) -> String {
    let start = offset(text, object);
    // An object that stands on one line between others that do not is left so.
    let is_flat = style.indent.is_none() || (last.is_some() && !object.contains('\n'));
    let (Some(indent), false) = (&style.indent, is_flat) else {
        let at = last.map_or(start + 1, |last| offset(text, last.value) + last.value.len());
        let before = if last.is_some() { ", " } else { "" };
        return spliced(text, at, at, &format!("{before}{}", lines.join(", ")));
    };
    let inner = indent.repeat(depth + 1);
    let separator = format!(",{}{inner}", style.newline);
    match last {
        Some(last) => {
            let at = offset(text, last.value) + last.value.len();
            spliced(text, at, at, &format!("{separator}{}", lines.join(&separator)))
        }
        None => {
            let body = format!("{{{0}{inner}{1}{0}{2}}}", style.newline, lines.join(&separator), indent.repeat(depth));
            spliced(text, start, start + object.len(), &body)
        }
    }
}

/// Where a part of a text begins in it; the start where it is none.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize).filter(|at| *at <= text.len()).unwrap_or_default()
}

fn spliced(text: &str, start: usize, end: usize, with: &str) -> String {
    format!("{}{with}{}", text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default())
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text afterwards. Only additions, valid JSON, and a second run changes nothing.
    fn check(text: &str) -> String {
        let found = with_scripts(text, "").unwrap();
        let plain =
            |text: &str| -> serde_json::Value { serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap() };
        let scripts = plain(&found.text)["scripts"].clone();
        for (name, does) in found.added.iter().chain(&found.kept) {
            assert_eq!(scripts[name], does.as_str(), "{}", found.text);
        }
        let before: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        for word in before {
            assert!(found.text.contains(word.trim_end_matches(['{', '}', ','])), "{word} in {}", found.text);
        }
        let again = with_scripts(&found.text, "").unwrap();
        assert_eq!((again.text, again.added), (found.text.clone(), Vec::new()));
        found.text
    }

    #[test]
    fn scripts_are_put_behind_those_that_are_there() {
        assert_eq!(
            check("{\n  \"name\": \"x\",\n  \"scripts\": {\n    \"dev\": \"vite\"\n  },\n  \"private\": true\n}\n"),
            "{\n  \"name\": \"x\",\n  \"scripts\": {\n    \"dev\": \"vite\",\n    \"db:check\": \"driftlens check\",\n    \"db:generate\": \"driftlens generate\",\n    \"db:push\": \"driftlens push\",\n    \"db:migrate\": \"driftlens migrate\",\n    \"db:status\": \"driftlens status\"\n  },\n  \"private\": true\n}\n"
        );
    }

    #[test]
    fn tabs_line_ends_and_a_missing_final_newline_stay() {
        let text = check("{\r\n\t\"name\": \"x\",\r\n\t\"scripts\": {}\r\n}");
        assert!(
            text.starts_with(
                "{\r\n\t\"name\": \"x\",\r\n\t\"scripts\": {\r\n\t\t\"db:check\": \"driftlens check\",\r\n"
            ),
            "{text}"
        );
        assert!(text.ends_with("\"driftlens status\"\r\n\t}\r\n}"), "{text}");
        let text = check("\u{feff}{\n    \"name\": \"x\"\n}\n\n");
        assert!(
            text.starts_with("\u{feff}{\n    \"name\": \"x\",\n    \"scripts\": {\n        \"db:check\""),
            "{text}"
        );
        assert!(text.ends_with("\n    }\n}\n\n"), "{text}");
    }

    #[test]
    fn what_stands_on_one_line_stays_there() {
        assert!(
            check("{\"name\":\"x\",\"scripts\":{\"a\":\"b\"}}")
                .starts_with("{\"name\":\"x\",\"scripts\":{\"a\":\"b\", \"db:check\":")
        );
        assert!(check("{\"name\":\"x\"}\n").ends_with("\"db:status\": \"driftlens status\"}}\n"));
        assert!(
            check("{\n  \"scripts\": { \"a\": \"b\" },\n  \"x\": 1\n}\n")
                .contains("{ \"a\": \"b\", \"db:check\": \"driftlens check\", ")
        );
        check("{}");
        check("{\n}\n");
    }

    #[test]
    fn a_script_of_the_name_is_never_replaced() {
        let text = "{\n  \"scripts\": {\n    \"db:push\": \"drizzle-kit \\\"push\\\"\",\n    \"db:check\": \"driftlens check\"\n  }\n}\n";
        let found = with_scripts(text, " packages/db").unwrap();
        let kept: Vec<&str> = found.kept.iter().map(|(_, does)| does.as_str()).collect();
        assert_eq!(kept, ["driftlens check", "drizzle-kit \"push\""]);
        assert_eq!(found.added[0], (String::from("db:generate"), String::from("driftlens generate packages/db")));
        assert!(found.text.starts_with(text.trim_end_matches("\n  }\n}\n")), "{}", found.text);
    }

    #[test]
    fn what_is_no_package_json_is_told() {
        let error = |text: &str| with_scripts(text, "").unwrap_err().to_string();
        assert!(
            error("{\n  \"a\": 1,\n}\n").starts_with("3:1: it is no JSON object"),
            "{}",
            error("{\n  \"a\": 1,\n}\n")
        );
        assert!(error("[]").contains("no JSON object"));
        assert!(error("{\"scripts\": []}").contains("`scripts` is no object"));
    }
}
