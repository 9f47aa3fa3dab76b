//! Expressions as trees, and the rules that make equal ones look equal.

use schema::Dialect;

/// A place in `Tree::nodes`. Nodes refer to earlier ones only, and may share them.
pub(crate) type Id = usize;

/// A part of an expression; names and constants are in canonical spelling already.
#[derive(Debug)]
pub(crate) enum Node {
    /// A column or a word such as `current_user`.
    Name(String),
    Number(String),
    /// With its quotes.
    Text(String),
    /// Parameters, `*` and subqueries.
    Raw(String),
    Call(String, Vec<Id>),
    Prefix(String, Id),
    Binary(String, Id, Id),
    /// `and` or `or`, flat.
    Logic(&'static str, Vec<Id>),
    Cast(Id, String),
    /// `is null` and its like; `collate "C"`.
    Suffix(Id, String),
    Subscript(Id, Id),
    Field(Id, String),
    /// `array[…]`, `row(…)`, and SQLite's lists.
    List(&'static str, Vec<Id>),
    /// Operand, pairs of WHEN and THEN, ELSE.
    Case(Option<Id>, Vec<(Id, Id)>, Option<Id>),
    /// `any (…)` and `all (…)`.
    Quantified(&'static str, Id),
}

/// Deeper trees have no canonical form: printing them would need more stack than a thread may have.
const MAX_HEIGHT: u16 = 120;

/// An expression; `root` is one of `nodes`.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) dialect: Dialect,
    pub(crate) nodes: Vec<Node>,
    heights: Vec<u16>,
    pub(crate) root: Id,
}

impl Tree {
    pub(crate) fn new(dialect: Dialect) -> Tree {
        Tree { dialect, nodes: Vec::new(), heights: Vec::new(), root: 0 }
    }

    /// None where the tree would get too deep.
    pub(crate) fn add(&mut self, node: Node, children: &[Id]) -> Option<Id> {
        let height = self.height_above(children)?;
        self.nodes.push(node);
        self.heights.push(height);
        Some(self.nodes.len() - 1)
    }

    fn height_above(&self, children: &[Id]) -> Option<u16> {
        let tallest = children.iter().filter_map(|id| self.heights.get(*id)).max();
        Some(tallest.map_or(0, |height| height + 1)).filter(|height| *height <= MAX_HEIGHT)
    }

    pub(crate) fn binary(&mut self, operator: &str, left: Id, right: Id) -> Option<Id> {
        self.add(Node::Binary(operator.to_owned(), left, right), &[left, right])
    }

    /// A comparison gives a constant the type of its other side, so the constant's cast adds nothing
    /// (`status = 'a'::status`): PostgreSQL prints such casts, people do not write them.
    pub(crate) fn comparison(&mut self, operator: &str, left: Id, right: Id) -> Option<Id> {
        let is_comparable = self.dialect == Dialect::Postgres && !(self.is_constant(left) && self.is_constant(right));
        if !is_comparable {
            return self.binary(operator, left, right);
        }
        let left = self.without_cast(left);
        let right = self.without_cast(right);
        self.binary(operator, left, right)
    }

    /// The constant below a cast to a type without length or precision; anything else as it is.
    pub(crate) fn without_cast(&mut self, id: Id) -> Id {
        if let Some(Node::Quantified(_, inner)) = self.nodes.get(id) {
            let inner = self.without_cast(*inner);
            if let Some(Node::Quantified(_, place)) = self.nodes.get_mut(id) {
                *place = inner;
            }
            return id;
        }
        let inner = match self.nodes.get(id) {
            Some(Node::Cast(inner, sql_type)) if self.is_constant(*inner) && !sql_type.contains('(') => *inner,
            _ => id,
        };
        if let Some(Node::List("array", items)) = self.nodes.get(inner)
            && self.is_constant(inner)
        {
            let items: Vec<Id> = items.clone().into_iter().map(|item| self.without_cast(item)).collect();
            if let Some(Node::List(_, place)) = self.nodes.get_mut(inner) {
                *place = items;
            }
        }
        inner
    }

    /// True for numbers and strings, casts of them, and arrays of those: at most three levels, so that no chain is walked twice.
    pub(crate) fn is_constant(&self, id: Id) -> bool {
        let is_simple = |id: &Id| match self.nodes.get(*id) {
            Some(Node::Number(_) | Node::Text(_)) => true,
            Some(Node::Cast(inner, _)) => matches!(self.nodes.get(*inner), Some(Node::Number(_) | Node::Text(_))),
            _ => false,
        };
        let list = match self.nodes.get(id) {
            Some(Node::Cast(inner, _)) => *inner,
            _ => id,
        };
        is_simple(&id)
            || matches!(self.nodes.get(list), Some(Node::List("array", items)) if items.iter().all(is_simple))
    }

    /// `a and (b and c)` is `a and b and c`.
    pub(crate) fn logic(&mut self, word: &'static str, left: Id, right: Id) -> Option<Id> {
        let more = match self.nodes.get_mut(right) {
            Some(Node::Logic(it, items)) if *it == word => std::mem::take(items),
            _ => vec![right],
        };
        let height = self.height_above(&more)?;
        if let Some(Node::Logic(it, items)) = self.nodes.get_mut(left)
            && *it == word
        {
            items.extend(more);
            if let Some(place) = self.heights.get_mut(left) {
                *place = height.max(*place);
            }
            return Some(left);
        }
        let mut items = vec![left];
        items.extend(more);
        let children = items.clone();
        self.add(Node::Logic(word, items), &children)
    }

    /// A cast, unless PostgreSQL gives the bare constant that very type anyway. A string that is to be a number is one.
    pub(crate) fn cast(&mut self, inner: Id, sql_type: String) -> Option<Id> {
        let number = match self.nodes.get(inner) {
            _ if self.dialect == Dialect::Sqlite => None,
            Some(Node::Text(text))
                if matches!(sql_type.as_str(), "text" | "character varying") && text.starts_with('\'') =>
            {
                return Some(inner);
            }
            Some(Node::Text(text)) => unquoted(text).and_then(plain_number),
            Some(Node::Number(text)) => plain_number(text),
            Some(Node::Cast(_, it)) if *it == sql_type => return Some(inner),
            _ => None,
        };
        match number {
            Some(number) if natural_type(&number) == sql_type => self.add(Node::Number(number), &[]),
            Some(number) if matches!(sql_type.as_str(), "integer" | "bigint" | "smallint" | "numeric") => {
                let number = self.add(Node::Number(number), &[])?;
                self.add(Node::Cast(number, sql_type), &[number])
            }
            _ => self.add(Node::Cast(inner, sql_type), &[inner]),
        }
    }
}

/// The inside of `'…'` where nothing in it is escaped.
pub(crate) fn unquoted(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'').filter(|inner| !inner.contains('\''))
}

/// The type PostgreSQL gives a number in decimal. (SQL syntax, 4.1.2.6 Numeric Constants.)
fn natural_type(number: &str) -> &'static str {
    if number.parse::<i32>().is_ok() {
        "integer"
    } else if number.parse::<i64>().is_ok() {
        "bigint"
    } else {
        "numeric"
    }
}

/// A decimal number without exponent in canonical spelling: no plus, no leading zeros, a digit before the point.
pub(crate) fn plain_number(text: &str) -> Option<String> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}
