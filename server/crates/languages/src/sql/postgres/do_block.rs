//! DO blocks: a guard around definitions is seen through, logic is not.

use super::super::statement::{Do, Kind, Statement};
use super::place::Text;
use super::scan::{Scanner, Token, TokenKind};
use super::{literals, mentioned};

/// Deeper blocks are logic.
const MAX_DEPTH: usize = 50;

/// How often a block may EXECUTE a block.
const MAX_NESTING: usize = 3;

/// A DO statement. `nesting` is how many such statements it is inside of.
pub(super) fn statement(text: Text<'_>, nesting: usize) -> Kind {
    let tokens: Vec<Token> = Scanner::new(text.text).collect();
    let mut is_language = false;
    let string = tokens.iter().find(|token| {
        let is_body = is_string(token) && !is_language;
        is_language = token.is_word(text.text, "LANGUAGE");
        is_body
    });
    let Some(string) = string else {
        return super::unreadable::unreadable(text, "expected STRING", text.text.len());
    };
    let string_text = text.slice(string.start, string.end);
    let decoded;
    let body = match string.kind {
        TokenKind::DollarString => literals::dollar_content(string_text),
        _ => {
            decoded = literals::decode(string_text).unwrap_or_default();
            Text::decoded(&decoded)
        }
    };
    if nesting >= MAX_NESTING || !is_plpgsql(text, &tokens) {
        return Kind::Do(opaque(body));
    }
    let tokens: Vec<Token> = Scanner::new(body.text).collect();
    let mut reader =
        Reader { text: body, tokens, position: 0, nesting, in_logic: false, is_opaque: false, statements: Vec::new() };
    let is_read = reader.block(0).is_some() && reader.position >= reader.tokens.len();
    if reader.is_opaque || !is_read {
        return Kind::Do(opaque(body));
    }
    Kind::Do(Do { statements: reader.statements, is_opaque: false, names: Vec::new() })
}

fn opaque(body: Text<'_>) -> Do {
    Do { statements: Vec::new(), is_opaque: true, names: mentioned::names(body) }
}

fn is_string(token: &Token) -> bool {
    matches!(token.kind, TokenKind::String | TokenKind::DollarString)
}

fn is_plpgsql(text: Text<'_>, tokens: &[Token]) -> bool {
    let at = tokens.iter().position(|token| token.is_word(text.text, "LANGUAGE"));
    let language = at.and_then(|at| tokens.get(at + 1));
    language.is_none_or(|token| token.text(text.text).trim_matches(['"', '\'']).eq_ignore_ascii_case("plpgsql"))
}

/// Reads a block's statements. A function gives None where the block is not what it seems.
struct Reader<'a> {
    text: Text<'a>,
    tokens: Vec<Token>,
    position: usize,
    nesting: usize,
    /// Inside a loop, a branch that depends on values, a handler: what is defined there may happen or not.
    in_logic: bool,
    is_opaque: bool,
    statements: Vec<Statement>,
}

impl Reader<'_> {
    fn word(&self, word: &str) -> bool {
        self.word_at(self.position, word)
    }

    fn word_at(&self, position: usize, word: &str) -> bool {
        self.tokens.get(position).is_some_and(|token| token.is_word(self.text.text, word))
    }

    fn mark(&self, mark: u8) -> bool {
        self.tokens.get(self.position).is_some_and(|token| token.is_mark(mark))
    }

    fn eat_word(&mut self, word: &str) -> Option<()> {
        self.word(word).then(|| self.position += 1)
    }

    fn eat_mark(&mut self, mark: u8) -> Option<()> {
        self.mark(mark).then(|| self.position += 1)
    }

    fn any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.word(word))
    }

    /// `[<<label>>] [DECLARE …] BEGIN … [EXCEPTION …] END [label] [;]`.
    fn block(&mut self, depth: usize) -> Option<()> {
        if self.mark(b'<') {
            while !self.mark(b'>') {
                self.tokens.get(self.position)?;
                self.position += 1;
            }
            self.position += 2;
        }
        if self.eat_word("DECLARE").is_some() {
            while !self.word("BEGIN") {
                self.rest()?;
            }
        }
        self.eat_word("BEGIN")?;
        self.body(depth + 1)?;
        if self.eat_word("EXCEPTION").is_some() {
            while self.eat_word("WHEN").is_some() {
                self.until("THEN")?;
                self.logic(depth)?;
            }
        }
        self.eat_word("END")?;
        self.end_of_block()
    }

    fn end_of_block(&mut self) -> Option<()> {
        if !self.mark(b';') && self.position < self.tokens.len() {
            self.position += 1;
        }
        if self.position < self.tokens.len() { self.eat_mark(b';') } else { Some(()) }
    }

    /// Statements up to a word that ends them.
    fn body(&mut self, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        while !self.any(&["END", "EXCEPTION", "ELSE", "ELSIF", "ELSEIF", "WHEN"]) {
            self.tokens.get(self.position)?;
            self.statement(depth)?;
        }
        Some(())
    }

    /// The same for statements that may happen or not.
    fn logic(&mut self, depth: usize) -> Option<()> {
        let before = std::mem::replace(&mut self.in_logic, true);
        let read = self.body(depth + 1);
        self.in_logic = before;
        read
    }

    fn statement(&mut self, depth: usize) -> Option<()> {
        if self.any(&["BEGIN", "DECLARE"]) {
            return self.block(depth);
        }
        if self.eat_word("IF").is_some() {
            return self.condition(depth);
        }
        if self.eat_word("CASE").is_some() {
            self.until("WHEN")?;
            self.until("THEN")?;
            self.logic(depth)?;
            while self.eat_word("WHEN").is_some() {
                self.until("THEN")?;
                self.logic(depth)?;
            }
            if self.eat_word("ELSE").is_some() {
                self.logic(depth)?;
            }
            self.eat_word("END")?;
            self.eat_word("CASE")?;
            return self.eat_mark(b';');
        }
        if self.any(&["LOOP", "WHILE", "FOR", "FOREACH"]) {
            self.until("LOOP")?;
            self.logic(depth)?;
            self.eat_word("END")?;
            self.eat_word("LOOP")?;
            return self.end_of_block();
        }
        if self.mark(b'<') {
            // A label, of a block or of a loop.
            let mut behind = self.position;
            while !self.tokens.get(behind)?.is_mark(b'>') {
                behind += 1;
            }
            self.position = behind + 2;
            return Some(());
        }
        if self.eat_word("EXECUTE").is_some() {
            return self.execute();
        }
        self.plain()
    }

    /// `IF … THEN … [ELSIF … THEN …] [ELSE …] END IF;`.
    fn condition(&mut self, depth: usize) -> Option<()> {
        let start = self.position;
        self.until("THEN")?;
        let condition = self.tokens.get(start..self.position - 1)?;
        match is_guard(self.text.text, condition) {
            true => self.body(depth + 1)?,
            false => self.logic(depth)?,
        }
        while self.any(&["ELSIF", "ELSEIF"]) {
            self.until("THEN")?;
            self.logic(depth)?;
        }
        if self.eat_word("ELSE").is_some() {
            self.logic(depth)?;
        }
        self.eat_word("END")?;
        self.eat_word("IF")?;
        self.eat_mark(b';')
    }

    /// Behind the next such word outside of parentheses and CASE expressions.
    fn until(&mut self, word: &str) -> Option<()> {
        let (mut parentheses, mut cases) = (0_usize, 0_usize);
        loop {
            let token = *self.tokens.get(self.position)?;
            let is_outside = parentheses == 0 && cases == 0;
            if is_outside && self.word(word) {
                self.position += 1;
                return Some(());
            }
            match token.kind {
                TokenKind::Mark(b'(') => parentheses += 1,
                TokenKind::Mark(b')') => parentheses = parentheses.saturating_sub(1),
                TokenKind::Mark(b';') => return None,
                TokenKind::Word if self.word("CASE") => cases += 1,
                TokenKind::Word if self.word("END") => cases = cases.saturating_sub(1),
                _ => {}
            }
            self.position += 1;
        }
    }

    /// The tokens up to the semicolon, and past it.
    fn rest(&mut self) -> Option<std::ops::Range<usize>> {
        let start = self.position;
        while !self.mark(b';') {
            self.tokens.get(self.position)?;
            self.position += 1;
        }
        self.position += 1;
        Some(start..self.position - 1)
    }

    /// Everything that has no form of its own: definitions are read, the rest is passed over.
    fn plain(&mut self) -> Option<()> {
        let range = self.rest()?;
        let tokens = self.tokens.get(range)?;
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return Some(()) };
        let text = self.text.slice(first.start, last.end);
        if !mentioned::is_definition(text.text) || tokens.get(1).is_some_and(is_assignment) {
            return Some(());
        }
        self.define(text)
    }

    /// `EXECUTE 'constant';` is the statements in it; a made text that may define something is logic.
    fn execute(&mut self) -> Option<()> {
        let range = self.rest()?;
        let tokens = self.tokens.get(range)?;
        // A text that begins as one about data, `format('UPDATE …')` too, stays one. What begins with a variable may be anything.
        let first = match tokens {
            [token, ..] if is_string(token) => Some(token),
            [format, open, token, ..] if format.is_word(self.text.text, "FORMAT") && open.is_mark(b'(') => Some(token),
            _ => None,
        };
        let decoded = first.and_then(|token| literals::decode(self.text.slice(token.start, token.end)));
        match (tokens, decoded) {
            ([_], Some(decoded)) => self.define(Text::decoded(&decoded))?,
            (_, decoded) => self.is_opaque |= !decoded.is_some_and(|it| super::changes_nothing(&it.text)),
        }
        Some(())
    }

    /// Statements that take effect unless they contradict what is there.
    fn define(&mut self, text: Text<'_>) -> Option<()> {
        let statements = super::read(text, self.nesting + 1);
        let effects = statements.into_iter().filter(|it| !matches!(it.kind, Kind::Nothing | Kind::CopyData));
        for statement in effects {
            match statement.kind {
                _ if self.in_logic => self.is_opaque = true,
                Kind::Do(inner) if inner.is_opaque => self.is_opaque = true,
                _ => self.statements.push(statement),
            }
        }
        Some(())
    }
}

fn is_assignment(token: &Token) -> bool {
    token.is_mark(b':') || token.is_mark(b'=') || token.is_mark(b'.') || token.is_mark(b'[')
}

/// True for what asks whether an object is there: `[NOT] EXISTS (…)`, `[NOT] FOUND`, `to_regclass(…) IS NULL`, a query in
/// parentheses that is compared, and several of these joined by AND and OR.
fn is_guard(text: &str, condition: &[Token]) -> bool {
    let mut parentheses = 0_usize;
    let mut is_start = true;
    for (at, token) in condition.iter().enumerate() {
        let is_word = |words: &[&str]| words.iter().any(|word| token.is_word(text, word));
        if parentheses == 0 && is_word(&["AND", "OR"]) {
            is_start = true;
        } else if is_start && !is_word(&["NOT"]) {
            let next = condition.get(at + 1);
            let is_called = next.is_some_and(|next| next.is_mark(b'('));
            let asks = match token.kind {
                TokenKind::Mark(b'(') => next.is_some_and(|next| {
                    ["SELECT", "NOT", "EXISTS", "WITH"].iter().any(|word| next.is_word(text, word))
                }),
                _ if is_called => is_word(&["EXISTS", "TO_REGCLASS", "TO_REGTYPE", "TO_REGPROC", "TO_REGNAMESPACE"]),
                _ => is_word(&["FOUND"]),
            };
            if !asks {
                return false;
            }
            is_start = false;
        }
        match token.kind {
            TokenKind::Mark(b'(') => parentheses += 1,
            TokenKind::Mark(b')') => parentheses = parentheses.saturating_sub(1),
            _ => {}
        }
    }
    !is_start
}
