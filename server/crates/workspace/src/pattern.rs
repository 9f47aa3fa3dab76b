//! A glob pattern taken apart: alternatives in braces multiplied out, each split into the names, wildcards and `**` between its slashes.

use globset::{GlobBuilder, GlobMatcher};

/// A pattern of braces inside braces can name astronomically many alternatives; no configuration has this many.
const MAX_ALTERNATIVES: usize = 1000;

/// What stands between two slashes.
pub(crate) enum Segment {
    /// A name as it is, `.` and `..` included.
    Name(String),
    /// Any name that matches; `dotted` where names that begin with a dot are meant.
    Wildcard { matcher: GlobMatcher, dotted: bool },
    /// `**`: any number of folders.
    AnyFolders,
}

/// Every alternative of a pattern without braces, split at slashes.
pub(crate) fn alternatives(pattern: &str) -> Vec<Vec<Segment>> {
    let mut expanded = Vec::new();
    expand(pattern, &mut expanded);
    expanded.iter().map(|pattern| pattern.split('/').filter(|it| !it.is_empty()).map(segment).collect()).collect()
}

fn segment(text: &str) -> Segment {
    if text == "**" {
        return Segment::AnyFolders;
    }
    if !text.contains(['*', '?', '[', '\\']) {
        return Segment::Name(text.to_owned());
    }
    // `**` beside other characters means no more than `*`.
    let mut single = text.to_owned();
    while single.contains("**") {
        single = single.replace("**", "*");
    }
    // What is no pattern (an unclosed bracket) is a name, as in minimatch.
    match GlobBuilder::new(&single).literal_separator(true).build() {
        Ok(glob) => Segment::Wildcard { matcher: glob.compile_matcher(), dotted: text.starts_with('.') },
        Err(_) => Segment::Name(text.to_owned()),
    }
}

/// `a{b,c}d` becomes `abd` and `acd`; braces without a comma stay.
fn expand(pattern: &str, expanded: &mut Vec<String>) {
    if expanded.len() >= MAX_ALTERNATIVES {
        return;
    }
    let Some((before, options, after)) = first_braces(pattern) else {
        expanded.push(pattern.to_owned());
        return;
    };
    for option in options {
        expand(&format!("{before}{option}{after}"), expanded);
    }
}

/// The text before the first braces that hold a comma, what the commas separate, and the text after.
fn first_braces(pattern: &str) -> Option<(&str, Vec<&str>, &str)> {
    for (start, _) in pattern.match_indices('{') {
        let (before, rest) = pattern.split_at_checked(start)?;
        let inner = rest.strip_prefix('{')?;
        let mut depth = 0_u32;
        let mut options = Vec::new();
        let mut option_start = 0;
        for (at, character) in inner.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' if depth == 0 => {
                    options.push(inner.get(option_start..at)?);
                    option_start = at + 1;
                }
                '}' if options.is_empty() => break,
                '}' => {
                    options.push(inner.get(option_start..at)?);
                    return Some((before, options, inner.get(at + 1..)?));
                }
                _ => {}
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, expected: &[&str]) {
        let mut expanded = Vec::new();
        expand(pattern, &mut expanded);
        assert_eq!(expanded, expected);
    }

    #[test]
    fn braces_multiply_out() {
        check("src/{a,b}/*.{ts,js}", &["src/a/*.ts", "src/a/*.js", "src/b/*.ts", "src/b/*.js"]);
        check("{a,{b,c}d}", &["a", "bd", "cd"]);
    }

    #[test]
    fn braces_without_a_comma_are_text() {
        check("a{b}c{d,e}", &["a{b}cd", "a{b}ce"]);
        check("a{b", &["a{b"]);
    }

    #[test]
    fn braces_that_multiply_without_end_are_cut_off() {
        let mut expanded = Vec::new();
        expand(&"{a,b}".repeat(40), &mut expanded);
        assert_eq!(expanded.len(), MAX_ALTERNATIVES);
    }
}
