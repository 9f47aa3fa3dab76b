//! In which order domains, functions, procedures, tables and views are made, so that each finds what it names.

use std::collections::{BTreeSet, HashMap, HashSet};

use schema::{Body, Definition, Dialect, Domain, Index, IndexKey, Name, OpaqueObject, Schema, SqlType, Table, View};

use super::implicit_names::{MAX_NAME_BYTES, clipped};
use super::names::unquoted;
use super::types;
use crate::lexer::{self, Kind};
use crate::sql_text::in_order;

const DIALECT: Dialect = Dialect::Postgres;

/// What finds other things by their names when it is made.
#[derive(Clone, Copy)]
pub(crate) enum Made<'a> {
    Domain(&'a Domain),
    Table(&'a Table),
    View(&'a View),
    Routine(&'a OpaqueObject),
}

pub(crate) struct MakingOrder<'a> {
    pub(crate) made: Vec<Made<'a>>,
    /// Functions that a table calls and that need the table in turn, by their bare names: the table's defaults, checks and indexes that call
    /// one of them come when all is there.
    later: HashMap<&'a Name, BTreeSet<&'a str>>,
}

impl<'a> MakingOrder<'a> {
    /// Domains, tables and views keep their order as far as it goes. A function comes where the first who calls it needs it, else at the end.
    pub(crate) fn of(schema: &'a Schema) -> MakingOrder<'a> {
        let domains = schema.domains.values().map(|it| Made::Domain(it));
        let tables = schema.tables.values().filter(|table| !table.opaque).map(|it| Made::Table(it));
        let views = schema.views.values().filter(|view| !view.existing && !view.opaque).map(|it| Made::View(it));
        let routines = schema.opaque.values().filter(|it| it.key.on.is_none() && it.definition.is_some());
        let made: Vec<Made<'a>> =
            domains.chain(tables).chain(views).chain(routines.map(|it| Made::Routine(it))).collect();
        let places = Places::of(&made);
        let mut needs: Vec<Vec<usize>> =
            made.iter().enumerate().map(|(at, it)| places.needs(it).filter(|need| *need != at).collect()).collect();
        let later = put_off(&made, &mut needs);
        let made = in_order(&needs).into_iter().filter_map(|at| made.get(at).copied()).collect();
        MakingOrder { made, later }
    }

    /// True for what calls a function that its table has to be there for.
    pub(crate) fn is_later(&self, table: &Name, text: &str) -> bool {
        let Some(functions) = self.later.get(table) else { return false };
        Words::of(text).called.iter().any(|name| functions.contains(name.as_str()))
    }

    /// Tables of which something comes later.
    pub(crate) fn has_later(&self, table: &Name) -> bool {
        self.later.contains_key(table)
    }
}

/// Takes a table's need of a function away where the function needs the table.
fn put_off<'a>(made: &[Made<'a>], needs: &mut [Vec<usize>]) -> HashMap<&'a Name, BTreeSet<&'a str>> {
    let mut later: HashMap<&Name, BTreeSet<&str>> = HashMap::new();
    let is_routine = |at: &usize| matches!(made.get(*at), Some(Made::Routine(_)));
    for (at, it) in made.iter().enumerate() {
        let Made::Table(table) = it else { continue };
        let called: Vec<usize> = needs.get(at).into_iter().flatten().copied().filter(is_routine).collect();
        for routine in called.into_iter().filter(|routine| leads_to(needs, *routine, at)) {
            let Some(Made::Routine(object)) = made.get(routine) else { continue };
            later.entry(&table.name).or_default().insert(object.key.bare_name());
        }
    }
    for (at, it) in made.iter().enumerate() {
        let Made::Table(table) = it else { continue };
        let is_kept = |need: &usize| match (made.get(*need), later.get(&table.name)) {
            (Some(Made::Routine(object)), Some(later)) => !later.contains(object.key.bare_name()),
            _ => true,
        };
        if let Some(needs) = needs.get_mut(at) {
            needs.retain(is_kept);
        }
    }
    later
}

fn leads_to(needs: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen: HashSet<usize> = HashSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            open.extend(needs.get(at).into_iter().flatten());
        }
    }
    false
}

/// Where what is made stands, by full names and by bare ones.
struct Places<'a> {
    by_name: HashMap<&'a Name, usize>,
    types: HashMap<&'a str, Vec<usize>>,
    relations: HashMap<&'a str, Vec<usize>>,
    routines: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Places<'a> {
    fn of(made: &[Made<'a>]) -> Places<'a> {
        let mut places = Places {
            by_name: HashMap::new(),
            types: HashMap::new(),
            relations: HashMap::new(),
            routines: HashMap::new(),
        };
        for (at, it) in made.iter().enumerate() {
            let (name, list) = match it {
                Made::Domain(domain) => (&domain.name, &mut places.types),
                Made::Table(table) => (&table.name, &mut places.relations),
                Made::View(view) => (&view.name, &mut places.relations),
                Made::Routine(object) => {
                    places.routines.entry(object.key.bare_name()).or_default().push(at);
                    continue;
                }
            };
            places.by_name.insert(name, at);
            list.entry(name.name.as_str()).or_default().push(at);
        }
        places
    }

    fn needs(&self, made: &Made<'_>) -> impl Iterator<Item = usize> {
        let mut needs = BTreeSet::new();
        match made {
            Made::Domain(domain) => {
                self.types_of(&domain.sql_type, &mut needs);
                let checks = domain.checks.iter().map(|check| check.expression.text.as_str());
                let default = domain.default.iter().map(|default| default.text.as_str());
                default.chain(checks).for_each(|text| self.calls(&Words::of(text), &mut needs));
            }
            Made::Table(table) => self.of_table(table, &mut needs),
            Made::View(view) => self.of_view(view, &mut needs),
            Made::Routine(object) => {
                if let Some(definition) = object.definition.as_deref() {
                    self.of_routine(definition, &mut needs);
                }
            }
        }
        needs.into_iter()
    }

    fn of_table(&self, table: &Table, needs: &mut BTreeSet<usize>) {
        needs.extend(table.inherits.iter().filter_map(|name| self.by_name.get(name)));
        for column in table.columns.values() {
            self.types_of(&column.sql_type, needs);
            let default = column.default.iter().map(|it| it.text.as_str());
            let generated = column.generated.iter().map(|it| it.expression.text.as_str());
            default.chain(generated).for_each(|text| self.calls(&Words::of(text), needs));
        }
        let checks = table.checks.values().map(|it| it.expression.text.as_str());
        let exclusions = table.exclusions.values().map(|it| it.definition.text.as_str());
        let key = table.partition_by.iter().map(|it| it.text.as_str());
        let indexes = table.indexes.values().flat_map(index_texts);
        for text in checks.chain(exclusions).chain(key).chain(indexes) {
            self.calls(&Words::of(text), needs);
        }
    }

    fn of_view(&self, view: &View, needs: &mut BTreeSet<usize>) {
        let Some(definition) = &view.definition else { return };
        let words = Words::of(&definition.text);
        match view.reads.is_empty() {
            // A catalog does not tell.
            true => self.named(&self.relations, &words, needs),
            false => needs.extend(view.reads.iter().filter_map(|name| self.by_name.get(name))),
        }
        self.named(&self.types, &words, needs);
        self.calls(&words, needs);
        view.indexes.values().flat_map(index_texts).for_each(|text| self.calls(&Words::of(text), needs));
    }

    fn of_routine(&self, definition: &Definition, needs: &mut BTreeSet<usize>) {
        let words = Words::of(&crate::bound_text(definition));
        self.named(&self.relations, &words, needs);
        self.named(&self.types, &words, needs);
        match &definition.body {
            Body::Text { language, .. } if language != "sql" => self.calls(&Words::of(&definition.header), needs),
            _ => self.calls(&words, needs),
        }
    }

    /// Domains, and relations whose row type it is.
    fn types_of(&self, sql_type: &SqlType, needs: &mut BTreeSet<usize>) {
        let mut words = Words::of(&sql_type.canonical);
        words.all.retain(|word| !types::is_builtin(word));
        self.named(&self.types, &words, needs);
        self.named(&self.relations, &words, needs);
    }

    fn named(&self, places: &HashMap<&str, Vec<usize>>, words: &Words, needs: &mut BTreeSet<usize>) {
        needs.extend(words.all.iter().filter_map(|word| places.get(word.as_str())).flatten());
    }

    fn calls(&self, words: &Words, needs: &mut BTreeSet<usize>) {
        needs.extend(words.called.iter().filter_map(|word| self.routines.get(word.as_str())).flatten());
    }
}

pub(crate) fn index_texts(index: &Index) -> impl Iterator<Item = &str> {
    let keys = index.columns.iter().filter_map(|column| match &column.key {
        IndexKey::Expression(expression) => Some(expression.text.as_str()),
        IndexKey::Column(_) => None,
    });
    keys.chain(index.predicate.iter().map(|it| it.text.as_str()))
}

/// The names in a text, and those of them that stand before a parenthesis.
#[derive(Default)]
struct Words {
    all: HashSet<String>,
    called: HashSet<String>,
}

impl Words {
    fn of(text: &str) -> Words {
        let mut words = Words::default();
        let tokens = lexer::tokens(DIALECT, text).unwrap_or_default();
        for (at, token) in tokens.iter().enumerate() {
            if matches!(token.kind, Kind::Word | Kind::QuotedName) {
                let name = clipped(&unquoted(token.text), MAX_NAME_BYTES).to_owned();
                if tokens.get(at + 1).is_some_and(|next| next.text == "(") {
                    words.called.insert(name.clone());
                }
                words.all.insert(name);
            }
        }
        words
    }
}
