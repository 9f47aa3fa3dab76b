//! Functions, procedures and triggers: what calls them names them by their numbers, in the place of a shape.

use super::names::{TYPES, claim, name};
use super::print::quoted;
use super::table::{Table, Type};
use super::{Id, PUBLIC, Schema};
use crate::random::Random;

/// From here on a shape of an expression is a call of the routine whose number is behind it.
pub(super) const CALLS: usize = 1_000;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Routine {
    pub(super) id: Id,
    pub(super) namespace: Id,
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Which body and options of those that its kind has.
    pub(super) shape: usize,
    /// What it gives back is of another type.
    pub(super) is_wide: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Of an integer, or of a text: two of one name are told apart by it.
    Pure(bool),
    OfEnum(Id),
    OfTable(Id),
    OfRow(Id),
    Trigger,
    Procedure,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trigger {
    pub(super) name: String,
    pub(super) function: Id,
    pub(super) shape: usize,
    pub(super) column: Id,
    pub(super) firing: &'static str,
}

const FIRINGS: [&str; 6] = ["", "", "", "DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"];

/// None that is a function of the server's own, which would be called in its place.
fn routine_name(random: &mut Random) -> String {
    let name = name(random, 'f', 9).replace(['(', ')'], "_");
    if name == "current_user" { String::from("f") } else { name }
}

impl Routine {
    fn class(&self) -> usize {
        match self.kind {
            Kind::Pure(false) | Kind::Procedure => 0,
            Kind::Pure(true) => 1,
            Kind::OfEnum(_) => 2,
            Kind::OfRow(_) => 3,
            Kind::OfTable(_) | Kind::Trigger => 4,
        }
    }

    /// The type of the columns whose values it takes.
    pub(super) fn takes(&self, sql_type: Type) -> bool {
        match (self.kind, sql_type) {
            (Kind::Pure(is_text), Type::Plain(at)) => TYPES[at].name == if is_text { "text" } else { "integer" },
            (Kind::OfEnum(id), Type::Enum(of)) => id == of,
            _ => false,
        }
    }
}

impl Schema {
    pub(super) fn add_routine(&mut self, random: &mut Random) {
        let kind = match random.below(10) {
            0..3 => Kind::Pure(random.one_in(3)),
            3 if !self.enums.is_empty() => Kind::OfEnum(random.pick(&self.enums).id),
            4 | 5 if !self.tables.is_empty() => Kind::OfTable(random.pick(&self.tables).id),
            6 if !self.tables.is_empty() => Kind::OfRow(random.pick(&self.tables).id),
            7 => Kind::Procedure,
            _ => Kind::Trigger,
        };
        let id = self.new_id();
        let namespace = self.random_namespace(random);
        let name = routine_name(random);
        let (shape, is_wide) = (random.below(12), random.one_in(4));
        self.routines.push(Routine { id, namespace, name, kind, shape, is_wide });
    }

    pub(super) fn add_trigger(&mut self, random: &mut Random) {
        let functions: Vec<Id> = self.routines.iter().filter(|it| it.kind == Kind::Trigger).map(|it| it.id).collect();
        if functions.is_empty() || self.tables.is_empty() {
            return self.add_routine(random);
        }
        let function = *random.pick(&functions);
        let name = name(random, 'g', 20);
        if !self.views.is_empty() && random.one_in(5) {
            let at = random.below(self.views.len());
            self.views[at].trigger = Some((name, function));
            return;
        }
        let at = random.below(self.tables.len());
        let table = &mut self.tables[at];
        let column = random.pick(&table.columns).id;
        let firing = random.word(&FIRINGS);
        table.triggers.push(Trigger { name, function, shape: random.below(8), column, firing });
    }

    pub(super) fn mutate_routines(&mut self, random: &mut Random) {
        if self.routines.is_empty() {
            return self.add_routine(random);
        }
        let at = random.below(self.routines.len());
        match random.below(8) {
            0 => drop(self.routines.remove(at)),
            1 => self.add_routine(random),
            2 => self.add_trigger(random),
            3 => self.routines[at].is_wide ^= true,
            4 => self.routines[at].name = routine_name(random),
            5 => {
                let at = random.below(self.tables.len().max(1));
                if let Some(table) = self.tables.get_mut(at)
                    && let Some(trigger) = table.triggers.first_mut()
                {
                    match random.below(3) {
                        0 => drop(table.triggers.remove(0)),
                        1 => trigger.firing = random.word(&FIRINGS),
                        _ => trigger.shape = random.below(8),
                    }
                }
            }
            _ => self.routines[at].shape = random.below(12),
        }
    }

    /// A shape that calls one of the functions, if there is one for the type.
    pub(super) fn call_of(&self, random: &mut Random, sql_type: Type) -> Option<usize> {
        let fitting: Vec<Id> = self.routines.iter().filter(|it| it.takes(sql_type)).map(|it| it.id).collect();
        (!fitting.is_empty()).then(|| CALLS + *random.pick(&fitting))
    }

    /// A shape of a default that calls a function which counts rows.
    pub(super) fn count_of(&self, random: &mut Random) -> Option<usize> {
        let counting = self.routines.iter().filter(|it| matches!(it.kind, Kind::OfTable(_)));
        let counting: Vec<Id> = counting.map(|it| it.id).collect();
        (!counting.is_empty()).then(|| CALLS + *random.pick(&counting))
    }

    pub(super) fn tidy_routines(&mut self) {
        let spaces: Vec<Id> = self.namespaces.iter().map(|it| it.id).collect();
        let (tables, enums) = (&self.tables, &self.enums);
        self.routines.retain(|it| match it.kind {
            Kind::OfTable(id) | Kind::OfRow(id) => tables.iter().any(|table| table.id == id),
            Kind::OfEnum(id) => enums.iter().any(|of| of.id == id),
            Kind::Pure(_) | Kind::Trigger | Kind::Procedure => true,
        });
        for it in &mut self.routines {
            if !spaces.contains(&it.namespace) {
                it.namespace = PUBLIC;
            }
        }
        for space in spaces.into_iter().chain([PUBLIC]) {
            for class in 0..5 {
                let mut taken = Vec::new();
                let alike = self.routines.iter_mut().filter(|it| it.namespace == space && it.class() == class);
                alike.for_each(|it| claim(&mut it.name, it.id, &mut taken));
            }
        }
        let routines = &self.routines;
        let is_there = |id: Id| routines.iter().any(|it| it.id == id && it.kind == Kind::Trigger);
        for table in &mut self.tables {
            let columns: Vec<Id> = table.columns.iter().map(|it| it.id).collect();
            table.triggers.retain(|it| is_there(it.function) && columns.contains(&it.column));
            let mut taken = Vec::new();
            table.triggers.iter_mut().enumerate().for_each(|(at, it)| claim(&mut it.name, at, &mut taken));
        }
        for view in &mut self.views {
            let materialized = view.materialized;
            view.trigger.take_if(|(_, function)| materialized || !is_there(*function));
        }
    }

    /// A call of a routine, where a shape means one.
    pub(super) fn call(&self, shape: usize, sql_type: Type, argument: &str) -> Option<String> {
        let routine = self.routines.iter().find(|it| it.id == shape.wrapping_sub(CALLS))?;
        routine.takes(sql_type).then(|| format!("{}({argument})", self.qualified(routine.namespace, &routine.name)))
    }

    /// The same where nothing but what never changes may stand: in generated columns and indexes.
    pub(super) fn pure_call(&self, shape: usize, sql_type: Type, argument: &str) -> Option<String> {
        let is_enum = matches!(sql_type, Type::Enum(_));
        self.call(shape, sql_type, argument).filter(|_| !is_enum)
    }

    /// A default of a column: a value through a function, or how many rows a table before this one has.
    pub(super) fn default_call(&self, table: &Table, shape: usize, sql_type: Type) -> Option<String> {
        let routine = self.routines.iter().find(|it| it.id == shape.wrapping_sub(CALLS))?;
        let name = self.qualified(routine.namespace, &routine.name);
        match (routine.kind, sql_type) {
            (Kind::Pure(is_text), _) if routine.takes(sql_type) => {
                Some(format!("{name}({})", if is_text { "'x'" } else { "7" }))
            }
            (Kind::OfTable(of), Type::Plain(at)) if TYPES[at].name == "bigint" && routine.shape % 6 != 1 => {
                let place = |id: Id| self.tables.iter().position(|it| it.id == id);
                (place(of) < place(table.id)).then(|| format!("{name}()"))
            }
            _ => None,
        }
    }

    pub(super) fn routine(&self, routine: &Routine) -> String {
        let name = self.qualified(routine.namespace, &routine.name);
        let options = ["", " STRICT", " COST 5", " SECURITY DEFINER", " SET work_mem = '1MB'"][routine.shape % 5];
        match routine.kind {
            Kind::Pure(is_text) => {
                let (base, wide) = if is_text { ("text", "varchar") } else { ("integer", "bigint") };
                let result = if routine.is_wide { wide } else { base };
                let more =
                    if routine.shape.is_multiple_of(4) { format!(", b {base} DEFAULT NULL") } else { String::new() };
                let head = format!("CREATE FUNCTION {name}(a {base}{more}) RETURNS {result} IMMUTABLE{options}");
                match routine.shape % 3 {
                    0 => format!("{head} LANGUAGE sql AS 'SELECT a::{result}'"),
                    1 => format!("{head} LANGUAGE plpgsql AS $$ BEGIN RETURN a; END; $$"),
                    _ => format!("{head} LANGUAGE sql RETURN a::{result}"),
                }
            }
            Kind::OfEnum(id) => {
                let (of, result) = (self.name_of(id), if routine.is_wide { "text" } else { "integer" });
                let body = if routine.is_wide { "m::text" } else { "length(m::text)" };
                format!(
                    "CREATE FUNCTION {name}(m {of}) RETURNS {result} STABLE LANGUAGE sql AS 'SELECT {body}'{options}"
                )
            }
            Kind::OfTable(id) => {
                let of = self.name_of(id);
                let head = format!("CREATE FUNCTION {name}() RETURNS");
                match routine.shape % 6 {
                    0 => format!("{head} bigint LANGUAGE sql STABLE AS $x$ SELECT count(*) FROM {of} $x${options}"),
                    1 => format!("{head} SETOF {of} LANGUAGE sql AS $x$ SELECT * FROM {of} $x$"),
                    2 => format!("{head} bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM {of}; END"),
                    3 => format!("{head} bigint LANGUAGE plpgsql AS $x$ DECLARE one {of}; BEGIN RETURN 1; END $x$"),
                    4 => format!(
                        "{head} bigint LANGUAGE plpgsql AS $x$ BEGIN RETURN (SELECT count(*) FROM {of}); END $x$"
                    ),
                    _ => format!("{head} bigint LANGUAGE sql AS 'SELECT 1::bigint'"),
                }
            }
            Kind::OfRow(id) => {
                let of = self.name_of(id);
                format!("CREATE FUNCTION {name}(r {of}) RETURNS boolean LANGUAGE sql AS 'SELECT true'{options}")
            }
            Kind::Trigger => {
                let body =
                    ["RETURN NEW;", "IF TG_OP = 'INSERT' THEN RETURN NEW; END IF; RETURN NEW;"][routine.shape % 2];
                format!(
                    "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $x$ BEGIN {body} END $x${options}"
                )
            }
            Kind::Procedure => {
                let mode = if routine.is_wide { "INOUT" } else { "IN" };
                format!(
                    "CREATE PROCEDURE {name}({mode} a integer) LANGUAGE plpgsql AS 'BEGIN PERFORM {}; END'",
                    routine.shape
                )
            }
        }
    }

    /// What is made before all tables, or right after this one.
    pub(super) fn routines_after(&self, table: Option<Id>) -> impl Iterator<Item = &Routine> {
        self.routines.iter().filter(move |it| match it.kind {
            Kind::OfTable(id) | Kind::OfRow(id) => table == Some(id),
            Kind::Pure(_) | Kind::OfEnum(_) | Kind::Trigger | Kind::Procedure => table.is_none(),
        })
    }

    pub(super) fn trigger(&self, table: &Table, trigger: &Trigger, put: &mut impl FnMut(String)) {
        let Some(column) = table.column(trigger.column) else { return };
        let (name, on, of) = (quoted(&trigger.name), self.name_of(table.id), quoted(&column.name));
        let execute = format!("EXECUTE FUNCTION {}()", self.function_name(trigger.function));
        let when = match column.generated {
            // The server has not computed it yet.
            Some(_) => String::new(),
            None => format!(" WHEN (NEW.{of} IS NOT NULL)"),
        };
        put(match trigger.shape {
            0 => format!("CREATE TRIGGER {name} BEFORE INSERT ON {on} FOR EACH ROW {execute}"),
            1 => format!("CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF {of} ON {on} FOR EACH ROW{when} {execute}"),
            2 => format!(
                "CREATE TRIGGER {name} AFTER UPDATE OF {of} ON {on} FOR EACH ROW WHEN (OLD.{of} IS NULL) {execute}"
            ),
            3 => format!(
                "CREATE CONSTRAINT TRIGGER {name} AFTER INSERT OR UPDATE ON {on} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {execute}"
            ),
            4 => format!(
                "CREATE TRIGGER {name} AFTER UPDATE ON {on} REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT {execute}"
            ),
            5 => format!("CREATE TRIGGER {name} BEFORE TRUNCATE ON {on} FOR EACH STATEMENT {execute}"),
            6 => format!("CREATE CONSTRAINT TRIGGER {name} AFTER DELETE ON {on} FOR EACH ROW {execute}"),
            _ => format!("CREATE TRIGGER {name} AFTER DELETE ON {on} FOR EACH ROW WHEN (OLD.* IS NOT NULL) {execute}"),
        });
        if !trigger.firing.is_empty() {
            put(format!("ALTER TABLE {on} {} TRIGGER {name}", trigger.firing));
        }
    }

    pub(super) fn function_name(&self, id: Id) -> String {
        let routine = self.routines.iter().find(|it| it.id == id);
        routine.map(|it| self.qualified(it.namespace, &it.name)).unwrap_or_default()
    }
}
