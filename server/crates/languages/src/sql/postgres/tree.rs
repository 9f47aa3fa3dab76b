//! One statement as a tree: squawk's parser gives the events, this file keeps them flat and in the order of the text.

use source::Span;
use squawk_parser::{EntryPoint, LexedStr, StrStep, SyntaxKind};

use super::super::statement::Snippet;
use super::place::Text;

/// A parsed statement, comments and whitespace left out.
pub(super) struct Tree<'a> {
    text: Text<'a>,
    entries: Vec<Entry>,
    /// The first error and where it is.
    pub error: Option<(String, usize)>,
}

#[derive(Clone, Copy)]
struct Entry {
    kind: SyntaxKind,
    start: u32,
    end: u32,
    /// The first entry that is not inside this one.
    after: u32,
    parent: u32,
}

/// A node or a token of a tree.
#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    tree: &'t Tree<'t>,
    index: u32,
}

/// The parser goes at most one level deeper at each token, and takes at most 560 bytes for each (measured at what nests most:
/// parentheses, calls, prefix operators, CASE, JOIN, BETWEEN). This is twice as much.
const STACK_PER_TOKEN: usize = 1024;
const RED_ZONE: usize = 128 * 1024;

impl<'a> Tree<'a> {
    /// `n_tokens` is how many tokens the text has.
    pub fn parse(text: Text<'a>, n_tokens: usize) -> Tree<'a> {
        let lexed = LexedStr::new(text.text);
        let input = lexed.to_input();
        let stack = RED_ZONE + n_tokens * STACK_PER_TOKEN;
        let output = stacker::maybe_grow(stack, stack, || EntryPoint::SourceFile.parse(&input));
        let mut builder =
            Builder { entries: Vec::with_capacity(64), open: Vec::new(), position: 0, end: 0, error: None };
        lexed.intersperse_trivia(&output, &mut |step| builder.step(step));
        let lexer_error = lexed.errors().next().map(|(range, message)| (message.to_owned(), range.start as usize));
        let error = match (builder.error, lexer_error) {
            (Some(error), Some(other)) => Some(if other.1 <= error.1 { other } else { error }),
            (error, other) => error.or(other),
        };
        Tree { text, entries: builder.entries, error }
    }

    /// What the text consists of: one statement, and what the parser took for another one behind it.
    pub fn statements(&self) -> impl Iterator<Item = Node<'_>> {
        Node { tree: self, index: 0 }.children()
    }
}

struct Builder {
    entries: Vec<Entry>,
    open: Vec<u32>,
    position: u32,
    /// Where the last token ended.
    end: u32,
    error: Option<(String, usize)>,
}

impl Builder {
    fn step(&mut self, step: StrStep<'_>) {
        match step {
            StrStep::Enter { kind } => {
                let index = self.push(kind, self.end, self.end);
                self.open.push(index);
            }
            StrStep::Exit => {
                let after = self.entries.len() as u32;
                let index = self.open.pop().unwrap_or_default() as usize;
                let start = self.entries.get(index + 1).map(|child| child.start);
                if let Some(entry) = self.entries.get_mut(index) {
                    entry.after = after;
                    entry.start = start.unwrap_or(entry.start);
                    entry.end = self.end;
                }
            }
            StrStep::Token { kind, text } => {
                let start = self.position;
                self.position += text.len() as u32;
                if !kind.is_trivia() {
                    self.end = self.position;
                    self.push(kind, start, self.position);
                }
            }
            StrStep::Error { msg, pos } => {
                self.error.get_or_insert_with(|| (msg.to_owned(), pos));
            }
        }
    }

    fn push(&mut self, kind: SyntaxKind, start: u32, end: u32) -> u32 {
        let index = self.entries.len() as u32;
        let parent = self.open.last().copied().unwrap_or_default();
        self.entries.push(Entry { kind, start, end, after: index + 1, parent });
        index
    }
}

impl<'t> Node<'t> {
    fn entry(self) -> Entry {
        let none = Entry { kind: SyntaxKind::ERROR, start: 0, end: 0, after: u32::MAX, parent: 0 };
        self.tree.entries.get(self.index as usize).copied().unwrap_or(none)
    }

    pub fn kind(self) -> SyntaxKind {
        self.entry().kind
    }

    pub fn start(self) -> usize {
        self.entry().start as usize
    }

    pub fn end(self) -> usize {
        self.entry().end as usize
    }

    /// As written, from its first token to its last.
    pub fn text(self) -> &'t str {
        self.tree.text.text.get(self.start()..self.end()).unwrap_or_default()
    }

    pub fn span(self) -> Span {
        self.tree.text.span(self.start(), self.end())
    }

    pub fn snippet(self) -> Snippet {
        Snippet { text: self.text().to_owned(), span: self.span() }
    }

    /// The text from one offset to another, both inside the statement.
    pub fn snippet_between(self, start: usize, end: usize) -> Snippet {
        let text = self.tree.text.text.get(start..end).unwrap_or_default();
        Snippet { text: text.to_owned(), span: self.tree.text.span(start, end) }
    }

    /// The statement's text and its place.
    pub fn source(self) -> Text<'t> {
        self.tree.text
    }

    pub fn parent(self) -> Node<'t> {
        Node { tree: self.tree, index: self.entry().parent }
    }

    /// Nodes and tokens.
    pub fn children(self) -> impl Iterator<Item = Node<'t>> {
        let (tree, after) = (self.tree, self.entry().after);
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            let entry = tree.entries.get(next as usize).filter(|_| next < after)?;
            let node = Node { tree, index: next };
            next = entry.after;
            Some(node)
        })
    }

    /// All nodes and tokens inside, in the order of the text.
    pub fn descendants(self) -> impl Iterator<Item = Node<'t>> {
        let tree = self.tree;
        let end = self.entry().after.min(tree.entries.len() as u32);
        (self.index + 1..end).map(move |index| Node { tree, index })
    }

    pub fn is_token(self) -> bool {
        self.entry().after == self.index + 1
    }

    pub fn child(self, kind: SyntaxKind) -> Option<Node<'t>> {
        self.children().find(|child| child.kind() == kind)
    }

    pub fn has(self, kind: SyntaxKind) -> bool {
        self.child(kind).is_some()
    }

    pub fn all(self, kind: SyntaxKind) -> impl Iterator<Item = Node<'t>> {
        self.children().filter(move |child| child.kind() == kind)
    }

    /// What stands behind a token or node of this kind.
    pub fn behind(self, kind: SyntaxKind) -> Option<Node<'t>> {
        self.children().skip_while(|child| child.kind() != kind).nth(1)
    }

    /// What stands in the first parentheses.
    pub fn inside(self) -> Option<Node<'t>> {
        self.behind(SyntaxKind::L_PAREN)
    }
}
