//! Text to tree: tree-sitter, incremental and error-tolerant, then lowered.

use std::path::Path;
use std::sync::Arc;

use source::{FilePath, Span};
use tree_sitter::{InputEdit, Language, Parser, Point, Tree};

use super::lower::{lower, span_of};
use super::syntax::Module;

/// A parsed file with what the next parse of it can start from.
pub struct Parsed {
    pub module: Arc<Module>,
    tree: Tree,
    /// The text the tree was made of.
    parsed_text: String,
}

impl Parsed {
    pub(super) fn root(&self) -> tree_sitter::Node<'_> {
        self.tree.root_node()
    }
}

/// Parses a file. `previous` is an earlier parse of the same file: only what differs is parsed again.
/// None where the parser gives up, which it does only when it is told to.
pub fn parse(file: &FilePath, text: &Arc<str>, previous: Option<&Parsed>) -> Option<Parsed> {
    let mut parser = Parser::new();
    parser.set_language(&language_of(file)).ok()?;
    let parsed_text = as_the_grammar_knows_it(text);
    let old_tree = previous.map(|parsed| edited(&parsed.tree, &parsed.parsed_text, &parsed_text));
    let tree = parser.parse(parsed_text.as_bytes(), old_tree.as_ref())?;
    let module = Arc::new(lower(file, text, &tree));
    Some(Parsed { module, tree, parsed_text })
}

/// A statement at the top of a file that declares variables and exports none of them.
pub struct VariableStatement {
    pub span: Span,
    /// How many variables it declares.
    pub n_names: usize,
}

/// The statement that binds the name at this place; None for one that is exported or `declare`d.
pub fn variable_statement(parsed: &Parsed, name: Span) -> Option<VariableStatement> {
    let root = parsed.tree.root_node();
    let mut cursor = root.walk();
    let statement = root.children(&mut cursor).find(|node| span_of(*node).contains(name))?;
    if !matches!(statement.kind(), "lexical_declaration" | "variable_declaration") {
        return None;
    }
    let mut cursor = statement.walk();
    let n_names = statement.named_children(&mut cursor).filter(|child| child.kind() == "variable_declarator").count();
    Some(VariableStatement { span: span_of(statement), n_names })
}

/// The text without what the grammar takes for something else. Offsets stay; the lowering reads the real text.
fn as_the_grammar_knows_it(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    without_template_types(text, &mut bytes);
    without_type_stars(text, &mut bytes);
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// `export type * from "x"` and `export type * as n from "x"` (TypeScript 5.0) as `export type {} from "x"`: none of them is anything at run
/// time.
fn without_type_stars(text: &str, bytes: &mut [u8]) {
    const BLANKS: [char; 2] = [' ', '\t'];
    // What stands behind a word and at least one blank.
    let behind = |rest: &'_ str, word: &str| -> Option<usize> {
        let after = rest.strip_prefix(word)?;
        let trimmed = after.trim_start_matches(BLANKS);
        (trimmed.len() < after.len()).then_some(rest.len() - trimmed.len())
    };
    for (start, _) in text.match_indices("export") {
        let rest = |at: usize| text.get(at..).unwrap_or_default();
        let star = behind(rest(start), "export").and_then(|to| Some(start + to + behind(rest(start + to), "type")?));
        let Some(star) = star.filter(|star| rest(*star).starts_with('*')) else { continue };
        if let Some(pair) = bytes.get_mut(star - 1..=star) {
            pair.copy_from_slice(b"{}");
        }
        // Up to the name behind `as`, where there is one.
        let clause = star + 1 + rest(star + 1).len() - rest(star + 1).trim_start_matches(BLANKS).len();
        if let Some(to) = behind(rest(clause), "as") {
            let name = rest(clause + to);
            let end = name.find(|it: char| !(it.is_alphanumeric() || it == '_' || it == '$')).unwrap_or(name.len());
            if let Some(clause) = bytes.get_mut(clause..clause + to + end) {
                clause.fill(b' ');
            }
        }
    }
}

/// The type arguments of tagged templates (the `<string>` of sql<string>`…`) turned into spaces: the grammar takes them for comparisons.
fn without_template_types(text: &str, bytes: &mut [u8]) {
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(">`")) {
        let end = from + found;
        if let Some(start) = type_arguments_start(text.as_bytes(), end) {
            for byte in bytes.iter_mut().take(end + 1).skip(start).filter(|byte| !matches!(byte, b'\n' | b'\r')) {
                *byte = b' ';
            }
        }
        from = end + 2;
    }
}

/// Where the `<` stands that the `>` at `end` closes, if a name stands right before it.
fn type_arguments_start(text: &[u8], end: usize) -> Option<usize> {
    const LONGEST: usize = 2000;
    let mut depth = 0usize;
    for position in (end.saturating_sub(LONGEST)..=end).rev() {
        match text.get(position)? {
            b'>' if position > 0 && text.get(position - 1) == Some(&b'=') => {}
            b'>' => depth += 1,
            b'<' => {
                depth -= 1;
                if depth == 0 {
                    let before = *text.get(position.checked_sub(1)?)?;
                    return (before.is_ascii_alphanumeric() || matches!(before, b'_' | b'$')).then_some(position);
                }
            }
            b'`' => return None,
            _ => {}
        }
    }
    None
}

/// TSX accepts all of JavaScript with JSX; TypeScript files proper may hold `<T>x` casts, which TSX does not.
fn language_of(file: &Path) -> Language {
    let is_typescript = matches!(file.extension().and_then(|extension| extension.to_str()), Some("ts" | "mts" | "cts"));
    if is_typescript {
        tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()
    } else {
        tree_sitter_typescript::LANGUAGE_TSX.into()
    }
}

/// The old tree told of the one range in which the two texts differ.
fn edited(tree: &Tree, old: &str, new: &str) -> Tree {
    let (old_bytes, new_bytes) = (old.as_bytes(), new.as_bytes());
    let shorter = old_bytes.len().min(new_bytes.len());
    let prefix = old_bytes.iter().zip(new_bytes).take_while(|(a, b)| a == b).count();
    let suffix =
        old_bytes.iter().rev().zip(new_bytes.iter().rev()).take(shorter - prefix).take_while(|(a, b)| a == b).count();
    let mut tree = tree.clone();
    let (old_end, new_end) = (old_bytes.len() - suffix, new_bytes.len() - suffix);
    tree.edit(&InputEdit {
        start_byte: prefix,
        old_end_byte: old_end,
        new_end_byte: new_end,
        start_position: point(old_bytes, prefix),
        old_end_position: point(old_bytes, old_end),
        new_end_position: point(new_bytes, new_end),
    });
    tree
}

fn point(text: &[u8], offset: usize) -> Point {
    let before = text.get(..offset).unwrap_or(text);
    let row = before.iter().filter(|byte| **byte == b'\n').count();
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
    Point { row, column }
}
