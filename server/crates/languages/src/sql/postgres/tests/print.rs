//! Statements in few words: what `Debug` prints, without what says nothing, and places as the text that stands there.

use source::Span;

/// A statement on a line: its own text in front where that is short.
pub fn print(text: &str, span: Span, kind: &str) -> String {
    let mut parser = Parser { rest: kind, text };
    let value = parser.value();
    assert_eq!(parser.rest, "", "{kind}");
    format!("{} => {value}\n", shortened(span.text(text)))
}

fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

struct Parser<'a> {
    rest: &'a str,
    text: &'a str,
}

impl Parser<'_> {
    fn eat(&mut self, start: &str) -> bool {
        let rest = self.rest.strip_prefix(start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn value(&mut self) -> String {
        if self.rest.starts_with('"') {
            return self.string();
        }
        if self.eat("[") {
            return listed(&self.items("]"));
        }
        if self.eat("(") {
            return format!("({})", self.items(")").join(", "));
        }
        let end = self.rest.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(self.rest.len());
        let name = &self.rest[..end];
        self.rest = &self.rest[end..];
        if self.eat(" { ") {
            let fields = self.fields();
            return self.structure(name, fields);
        }
        if self.eat("(") {
            let items = self.items(")");
            // `CreateTable(CreateTable { … })`.
            if let [item] = items.as_slice()
                && item.starts_with(name)
            {
                return item.clone();
            }
            return if name == "Some" && items[0] != "false" && items[0] != "None" {
                items.join("")
            } else {
                format!("{name}({})", items.join(", "))
            };
        }
        name.to_owned()
    }

    fn items(&mut self, end: &str) -> Vec<String> {
        let mut items = Vec::new();
        while !self.eat(end) {
            items.push(self.value());
            self.eat(", ");
        }
        items
    }

    fn fields(&mut self) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        while !self.eat(" }") {
            let (name, rest) = self.rest.split_once(": ").unwrap();
            self.rest = rest;
            fields.push((name.to_owned(), self.value()));
            self.eat(", ");
        }
        fields
    }

    fn string(&mut self) -> String {
        let mut end = 1;
        while !self.rest[end..].starts_with('"') {
            end += if self.rest[end..].starts_with('\\') {
                2
            } else {
                self.rest[end..].chars().next().unwrap().len_utf8()
            };
        }
        let string = self.rest[..=end].to_owned();
        self.rest = &self.rest[end + 1..];
        string
    }

    fn structure(&self, name: &str, fields: Vec<(String, String)>) -> String {
        let field = |name: &str| fields.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str()).unwrap();
        let bare = |name: &str| {
            let text = field(name);
            text[1..text.len() - 1].replace("\\\"", "\"").replace("\\\\", "\\")
        };
        match name {
            "Span" => {
                let span = Span::new(field("start").parse().unwrap(), field("end").parse().unwrap());
                assert!(self.text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
                format!("‹{}›", span.text(self.text))
            }
            "Ident" | "Snippet" => with_place(&bare("text"), field("span"), name == "Snippet"),
            "TypeName" => match field("name") {
                "None" => with_place(&bare("text"), field("span"), true),
                name => format!("{}:{name}", with_place(&bare("text"), field("span"), true)),
            },
            "QName" => match field("namespace") {
                "None" => field("name").to_owned(),
                namespace => format!("{namespace}.{}", field("name")),
            },
            _ => {
                let says_nothing = |value: &str| matches!(value, "None" | "false" | "[]" | "Immediate" | "NoAction");
                let is_choice =
                    |name: &str| matches!(name, "enabled" | "forced" | "logged" | "always" | "permissive" | "stored");
                let said =
                    fields.iter().filter(|(name, value)| !says_nothing(value) || (value == "false" && is_choice(name)));
                let said: Vec<String> = said.map(|(name, value)| format!("{name}: {value}")).collect();
                if said.is_empty() { name.to_owned() } else { format!("{name} {{ {} }}", said.join(", ")) }
            }
        }
    }
}

/// On one line where it fits.
fn listed(items: &[String]) -> String {
    let line = format!("[{}]", items.join(", "));
    if line.len() <= 100 && !line.contains('\n') {
        return line;
    }
    let lines: String = items.iter().map(|item| format!("  {},\n", item.replace('\n', "\n  "))).collect();
    format!("[\n{lines}]")
}

/// A text, and its place where another text stands there.
fn with_place(text: &str, place: &str, is_snippet: bool) -> String {
    let is_plain = place == format!("‹{text}›");
    match (is_plain, is_snippet) {
        (true, true) => format!("`{text}`"),
        (true, false) => text.to_owned(),
        (false, _) => format!("{text}{place}"),
    }
}
