//! Trees to canonical text: every pair of parentheses that could matter, and no other.

use crate::tree::{Id, Node, Tree};

/// None where the text gets many times longer than the source, which shared nodes (BETWEEN in BETWEEN) can do.
pub(crate) fn print(tree: &Tree, source_len: usize) -> Option<String> {
    print_node(tree, tree.root, source_len)
}

/// One part of the tree.
pub(crate) fn print_node(tree: &Tree, id: Id, source_len: usize) -> Option<String> {
    let mut printer = Printer { tree, text: String::with_capacity(source_len + 16), max_len: source_len * 8 + 1024 };
    printer.node(id)?;
    Some(printer.text)
}

struct Printer<'a> {
    tree: &'a Tree,
    text: String,
    max_len: usize,
}

impl Printer<'_> {
    fn push(&mut self, text: &str) -> Option<()> {
        self.text.push_str(text);
        (self.text.len() <= self.max_len).then_some(())
    }

    fn node(&mut self, id: Id) -> Option<()> {
        match self.tree.nodes.get(id)? {
            Node::Name(text) | Node::Number(text) | Node::Text(text) | Node::Raw(text) => self.push(text),
            Node::Call(name, arguments) => {
                self.push(name)?;
                self.list("(", arguments, ", ", ")")
            }
            Node::Prefix(operator, inner) => {
                self.push("(")?;
                self.push(operator)?;
                self.push(" ")?;
                self.node(*inner)?;
                self.push(")")
            }
            Node::Binary(operator, left, right) => {
                self.push("(")?;
                self.node(*left)?;
                self.push(" ")?;
                self.push(operator)?;
                self.push(" ")?;
                self.node(*right)?;
                self.push(")")
            }
            Node::Logic("and", items) => self.list("(", items, " and ", ")"),
            Node::Logic(_, items) => self.list("(", items, " or ", ")"),
            Node::Cast(inner, suffix) => {
                self.node(*inner)?;
                self.push("::")?;
                self.push(suffix)
            }
            Node::Suffix(inner, suffix) => {
                self.push("(")?;
                self.node(*inner)?;
                self.push(" ")?;
                self.push(suffix)?;
                self.push(")")
            }
            Node::Subscript(inner, subscript) => {
                self.node(*inner)?;
                self.list("[", &[*subscript], "", "]")
            }
            Node::Field(inner, name) => {
                self.list("(", &[*inner], "", ").")?;
                self.push(name)
            }
            Node::List(word, items) => {
                self.push(word)?;
                self.list("[", items, ", ", "]")
            }
            Node::Case(operand, arms, otherwise) => self.case(*operand, arms, *otherwise),
            Node::Quantified(word, inner) => {
                self.push(word)?;
                self.list("(", &[*inner], "", ")")
            }
        }
    }

    fn list(&mut self, open: &str, items: &[Id], between: &str, close: &str) -> Option<()> {
        self.push(open)?;
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.push(between)?;
            }
            self.node(*item)?;
        }
        self.push(close)
    }

    fn case(&mut self, operand: Option<Id>, arms: &[(Id, Id)], otherwise: Option<Id>) -> Option<()> {
        self.push("case")?;
        if let Some(operand) = operand {
            self.list(" ", &[operand], "", "")?;
        }
        for (when, then) in arms {
            self.list(" when ", &[*when, *then], " then ", "")?;
        }
        if let Some(otherwise) = otherwise {
            self.list(" else ", &[otherwise], "", "")?;
        }
        self.push(" end")
    }
}
