//! A text into statements: at semicolons, at `--> statement-breakpoint`, around lines for psql and the data of COPY.

use super::scan::{Scanner, Token, TokenKind};

/// What a piece of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PieceKind {
    Statement,
    /// A backslash and all behind it on its line.
    Psql,
    /// From the line behind `COPY … FROM stdin;` to the line `\.`.
    CopyData,
}

/// A piece and its place, without the semicolon and the comments around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub kind: PieceKind,
    pub start: usize,
    pub end: usize,
    pub size: Size,
}

/// What bounds the work that a statement makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub n_tokens: usize,
    /// Brackets that are open at once.
    pub depth: usize,
    /// True where the word MERGE is in it.
    pub has_merge: bool,
}

/// The pieces of a text in their order.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut splitter = Splitter { text, pieces: Vec::new(), open: None, has_copy_end: true };
    let mut scanner = Scanner::new(text);
    while let Some(token) = scanner.next() {
        splitter.token(token, &mut scanner);
    }
    splitter.close();
    splitter.pieces
}

/// How far the first words tell what a statement is, as far as that matters for its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    Create,
    /// CREATE RULE: its actions in parentheses are separated by semicolons.
    Rule,
    /// CREATE FUNCTION and PROCEDURE may have a body from BEGIN ATOMIC to END.
    Routine,
    Copy,
    /// COPY … FROM stdin.
    CopyFromStdin,
    Other,
}

/// The statement being read.
struct Open {
    start: usize,
    end: usize,
    head: Head,
    brackets: usize,
    size: Size,
    /// BEGIN ATOMIC and the CASE expressions in it.
    blocks: usize,
    last: Token,
}

struct Splitter<'a> {
    text: &'a str,
    pieces: Vec<Piece>,
    open: Option<Open>,
    /// False as soon as no `\.` is left: then no COPY has data, and nobody looks for it again.
    has_copy_end: bool,
}

impl Splitter<'_> {
    fn token(&mut self, token: Token, scanner: &mut Scanner<'_>) {
        match token.kind {
            TokenKind::Breakpoint => self.close(),
            TokenKind::Mark(b';') if self.open.as_ref().is_none_or(Open::ends_at_semicolon) => {
                let is_copy = self.open.as_ref().is_some_and(|open| open.head == Head::CopyFromStdin);
                self.close();
                if is_copy {
                    self.copy_data(token.end, scanner);
                }
            }
            TokenKind::Mark(b'\\') if self.is_psql(token.end) => {
                self.close();
                let end = line_end(self.text, token.start);
                let line = self.text.get(token.start..end).unwrap_or_default();
                self.piece(PieceKind::Psql, token.start, token.start + line.trim_end().len(), Size::default());
                scanner.position = end;
            }
            _ => match &mut self.open {
                Some(open) => open.token(self.text, token),
                None => self.open = Some(Open::new(self.text, token)),
            },
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.piece(PieceKind::Statement, open.start, open.end, open.size);
        }
    }

    fn piece(&mut self, kind: PieceKind, start: usize, end: usize, size: Size) {
        self.pieces.push(Piece { kind, start, end, size });
    }

    fn is_psql(&self, behind: usize) -> bool {
        let next = self.text.as_bytes().get(behind);
        next.is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'!' | b'?'))
    }

    /// Skips the lines behind a COPY statement up to `\.`; nothing where the text has no such line.
    fn copy_data(&mut self, behind: usize, scanner: &mut Scanner<'_>) {
        if !self.has_copy_end {
            return;
        }
        let start = next_line(self.text, behind);
        let mut line = start;
        while line < self.text.len() {
            let end = line_end(self.text, line);
            if self.text.get(line..end).is_some_and(|text| text.trim_end() == "\\.") {
                self.piece(PieceKind::CopyData, start, line + 2, Size::default());
                scanner.position = end;
                return;
            }
            line = next_line(self.text, line);
        }
        self.has_copy_end = false;
    }
}

impl Open {
    fn new(text: &str, token: Token) -> Open {
        let head = match () {
            () if token.is_word(text, "CREATE") => Head::Create,
            () if token.is_word(text, "COPY") => Head::Copy,
            () => Head::Other,
        };
        let brackets = usize::from(token.is_mark(b'('));
        let size = Size { n_tokens: 1, depth: brackets, has_merge: false };
        Open { start: token.start, end: token.end, head, brackets, size, blocks: 0, last: token }
    }

    fn ends_at_semicolon(&self) -> bool {
        match self.head {
            Head::Rule => self.brackets == 0,
            Head::Routine => self.blocks == 0,
            _ => true,
        }
    }

    fn token(&mut self, text: &str, token: Token) {
        self.end = token.end;
        self.size.n_tokens += 1;
        self.size.has_merge |= token.end - token.start == 5 && token.is_word(text, "MERGE");
        match (self.head, token.kind) {
            (_, TokenKind::Mark(b'(' | b'[')) => {
                self.brackets += 1;
                self.size.depth = self.size.depth.max(self.brackets);
            }
            (_, TokenKind::Mark(b')' | b']')) => self.brackets = self.brackets.saturating_sub(1),
            (Head::Create, _) => self.head = created(text, token),
            (Head::Routine, TokenKind::Word) => self.routine_word(text, token),
            (Head::Copy, TokenKind::Word)
                if self.brackets == 0 && token.is_word(text, "STDIN") && self.last.is_word(text, "FROM") =>
            {
                self.head = Head::CopyFromStdin;
            }
            _ => {}
        }
        self.last = token;
    }

    fn routine_word(&mut self, text: &str, token: Token) {
        if self.blocks == 0 {
            self.blocks += usize::from(token.is_word(text, "ATOMIC") && self.last.is_word(text, "BEGIN"));
        } else if token.is_word(text, "CASE") {
            self.blocks += 1;
        } else if token.is_word(text, "END") {
            self.blocks -= 1;
        }
    }
}

fn created(text: &str, token: Token) -> Head {
    match () {
        () if token.is_word(text, "OR") || token.is_word(text, "REPLACE") => Head::Create,
        () if token.is_word(text, "RULE") => Head::Rule,
        () if token.is_word(text, "FUNCTION") || token.is_word(text, "PROCEDURE") => Head::Routine,
        () => Head::Other,
    }
}

/// Where the line of `position` ends, before its line break.
fn line_end(text: &str, position: usize) -> usize {
    let rest = text.as_bytes().get(position..).unwrap_or_default();
    rest.iter().position(|byte| *byte == b'\n').map_or(text.len(), |length| position + length)
}

fn next_line(text: &str, position: usize) -> usize {
    (line_end(text, position) + 1).min(text.len())
}
