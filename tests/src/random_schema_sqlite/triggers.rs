//! Triggers of tables and views, which may name other tables. They change no rows.

use super::{NAMES, Schema, quoted};
use crate::random::Random;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trigger {
    pub(super) name: String,
    /// A table or a view.
    pub(super) on: String,
    /// A column of its table.
    pub(super) column: Option<String>,
    /// Another table, or its own, and a column of that.
    pub(super) other: Option<(String, String)>,
    pub(super) shape: usize,
}

const N_SHAPES: usize = 7;

impl Schema {
    pub(super) fn add_trigger(&mut self, random: &mut Random) {
        let mut places = self.names();
        places.extend(self.views.iter().map(|(name, ..)| name.clone()));
        let name = match random.below(4) {
            0 => (*random.pick(&NAMES)).to_owned(),
            _ => format!("tr{}", random.below(9)),
        };
        let on = random.pick(&places).clone();
        let table = self.tables.iter().find(|table| table.name == on);
        let column = table.filter(|_| random.one_in(2)).map(|it| random.pick(&it.columns).name.clone());
        let other = random.pick(&self.tables);
        let plain = other.plain_columns();
        let other = (!plain.is_empty()).then(|| (other.name.clone(), random.pick(&plain).clone()));
        self.triggers.push(Trigger { name, on, column, other, shape: random.below(N_SHAPES) });
    }

    pub(super) fn mutate_triggers(&mut self, random: &mut Random) {
        let at = random.below(self.triggers.len().max(1));
        match (self.triggers.get_mut(at), random.below(4)) {
            (Some(_), 0) => drop(self.triggers.remove(at)),
            (Some(trigger), 1) => trigger.shape = random.below(N_SHAPES),
            (Some(trigger), 2) => trigger.column = None,
            _ => self.add_trigger(random),
        }
    }

    pub(super) fn table_is_renamed(&mut self, old: &str, new: &str) {
        for trigger in &mut self.triggers {
            let other = trigger.other.as_mut().map(|(table, _)| table);
            for name in std::iter::once(&mut trigger.on).chain(other).filter(|name| *name == old) {
                new.clone_into(name);
            }
        }
    }

    pub(super) fn column_is_renamed(&mut self, table: &str, old: &str, new: &str) {
        for trigger in &mut self.triggers {
            let own = trigger.column.as_mut().filter(|_| trigger.on == table);
            let other = trigger.other.as_mut().filter(|(of, _)| of == table).map(|(_, column)| column);
            for name in own.into_iter().chain(other).filter(|name| *name == old) {
                new.clone_into(name);
            }
        }
    }

    pub(super) fn tidy_triggers(&mut self) {
        let (tables, views) = (&self.tables, &self.views);
        let of_table = |name: &String| tables.iter().find(|table| table.name == *name);
        let mut taken: Vec<String> = Vec::new();
        self.triggers.retain_mut(|trigger| {
            let table = of_table(&trigger.on);
            let is_there = table.is_some() || views.iter().any(|(name, ..)| *name == trigger.on);
            trigger
                .column
                .take_if(|it| table.is_none_or(|table| table.columns.iter().all(|column| column.name != *it)));
            trigger.other.take_if(|(of, it)| of_table(of).is_none_or(|table| !table.plain_columns().contains(it)));
            let name = trigger.name.to_lowercase();
            let is_kept = is_there && !taken.contains(&name);
            taken.push(name);
            is_kept
        });
    }

    pub(super) fn trigger(&self, trigger: &Trigger) -> String {
        let (name, on) = (quoted(&trigger.name), quoted(&trigger.on));
        let body = match (&trigger.other, trigger.shape) {
            (Some((other, column)), 0) => format!("UPDATE {} SET {1} = {1} WHERE 0;", quoted(other), quoted(column)),
            (Some((other, column)), 1) => format!("SELECT count({}) FROM {};", quoted(column), quoted(other)),
            (Some((other, _)), 2) => format!("DELETE FROM {} WHERE 0; SELECT 'it''s; END';", quoted(other)),
            _ => String::from("SELECT 1;"),
        };
        if self.views.iter().any(|(name, ..)| *name == trigger.on) {
            let event = ["INSERT", "UPDATE", "DELETE"][trigger.shape % 3];
            return format!("CREATE TRIGGER {name} INSTEAD OF {event} ON {on} BEGIN {body} END;\n");
        }
        let (events, when) = match (&trigger.column, trigger.shape) {
            (Some(column), 0..3) => (format!("BEFORE UPDATE OF {}", quoted(column)), String::new()),
            (Some(column), 3) => {
                (String::from("AFTER UPDATE"), format!("WHEN new.{0} IS NOT old.{0} ", quoted(column)))
            }
            (Some(column), 4) => (String::from("AFTER INSERT"), format!("WHEN NEW.{} IS NULL ", quoted(column))),
            (_, 5) => (String::from("DELETE"), String::new()),
            _ => (String::from("AFTER INSERT"), String::new()),
        };
        let each = if trigger.shape.is_multiple_of(2) { "FOR EACH ROW " } else { "" };
        format!("CREATE TRIGGER {name} {events} ON {on} {each}{when}BEGIN {body} END;\n")
    }
}
