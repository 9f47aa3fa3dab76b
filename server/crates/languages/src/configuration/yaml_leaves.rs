//! The plain values of a YAML document, each with its path.

use yaml_rust2::Event;
use yaml_rust2::parser::Parser;

/// From the document to a value in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Position(usize),
}

/// A mapping or a list that has been entered.
enum Open {
    /// The key whose value comes next; None where a key comes next.
    Mapping(Option<String>),
    /// How many items there were.
    List(usize),
}

/// The plain values of a document with their paths, one by one: nothing is built up, so nothing nested can be too deep.
pub(super) struct Leaves<'t> {
    parser: Parser<std::str::Chars<'t>>,
    open: Vec<Open>,
}

impl Leaves<'_> {
    pub(super) fn new(text: &str) -> Leaves<'_> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Leaves { parser: Parser::new(text.chars()), open: Vec::new() }
    }

    fn path(&self) -> Vec<Step> {
        // No path that matters is longer.
        let steps = self.open.iter().take(5).map(|open| match open {
            Open::Mapping(key) => Step::Key(key.clone().unwrap_or_default()),
            Open::List(position) => Step::Position(*position),
        });
        steps.collect()
    }

    /// A value has ended: the next item or key comes.
    fn advance(&mut self) {
        match self.open.last_mut() {
            Some(Open::Mapping(key)) => *key = None,
            Some(Open::List(position)) => *position += 1,
            None => {}
        }
    }

    /// Something stands where a key is expected: true, and the key is noted.
    fn takes_key(&mut self, name: &str) -> bool {
        match self.open.last_mut() {
            Some(Open::Mapping(key @ None)) => {
                *key = Some(name.to_owned());
                true
            }
            _ => false,
        }
    }
}

impl Iterator for Leaves<'_> {
    type Item = (Vec<Step>, String);

    fn next(&mut self) -> Option<(Vec<Step>, String)> {
        loop {
            let (event, _) = self.parser.next_token().ok()?;
            match event {
                Event::StreamEnd | Event::DocumentEnd => return None,
                Event::Scalar(value, ..) => {
                    if !self.takes_key(&value) {
                        let path = self.path();
                        self.advance();
                        return Some((path, value));
                    }
                }
                Event::Alias(_) => {
                    if !self.takes_key("") {
                        self.advance();
                    }
                }
                Event::MappingStart(..) => {
                    self.takes_key("");
                    self.open.push(Open::Mapping(None));
                }
                Event::SequenceStart(..) => {
                    self.takes_key("");
                    self.open.push(Open::List(0));
                }
                Event::MappingEnd | Event::SequenceEnd => {
                    self.open.pop();
                    self.advance();
                }
                Event::Nothing | Event::StreamStart | Event::DocumentStart => {}
            }
        }
    }
}
