//! From evaluated declarations to the parts of a Schema, each with its place.

mod columns;
mod constraints;
mod default_names;
mod indexes;
mod objects;
mod policies;
mod tables;
mod views;

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use schema::{Name, ObjectPath};
use source::{Code, Diagnostic, Location, Related, codes};

use super::Release;
use super::entities::Entity;
use super::evaluate::{Interpreter, PropertyOrigin, Reason, Value};
use crate::{Origin, Places, Unknown, Use};
pub(super) use default_names::Naming;

/// What one exported declaration is.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Table(Arc<schema::Table>),
    Enum(Arc<schema::Enum>),
    Namespace(String),
    Sequence(Arc<schema::Sequence>),
    View(Arc<schema::View>),
    Role(schema::Role),
    /// A policy linked to a table that is declared elsewhere.
    Policy(Name, schema::Policy),
    /// Nothing a migration would see.
    Nothing,
    /// It may be anything: the reason is in the fragment's unknowns.
    Unknown,
}

/// What evaluating one declaration gave. Plain data: it outlives the evaluation.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    pub(super) identity: u64,
    pub(super) item: Item,
    pub(super) path: Option<ObjectPath>,
    pub(super) places: Arc<Places>,
    pub(super) unknown: Vec<Unknown>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Builds one fragment.
pub(super) struct Build<'i, 'h> {
    pub(super) interpreter: &'i mut Interpreter<'h>,
    pub(super) dialect: schema::Dialect,
    /// The exported name: what a finding about the whole declaration underlines.
    pub(super) focus: Location,
    /// The whole declaration. What is written elsewhere (in a helper, behind a spread) is shown at its use in here.
    pub(super) home: Location,
    out: Fragment,
    origins: Vec<(ObjectPath, Origin)>,
    uses: Vec<Use>,
}

/// Builds what a declaration's value stands for.
pub(super) fn build(
    interpreter: &mut Interpreter<'_>,
    dialect: schema::Dialect,
    value: &Value,
    focus: &Location,
    home: &Location,
) -> Fragment {
    let out = Fragment {
        identity: 0,
        item: Item::Nothing,
        path: None,
        places: Arc::default(),
        unknown: Vec::new(),
        diagnostics: Vec::new(),
    };
    let mut build = Build {
        interpreter,
        dialect,
        focus: focus.clone(),
        home: home.clone(),
        out,
        origins: Vec::new(),
        uses: Vec::new(),
    };
    match value {
        Value::Unknown(reason) if !reason.is_foreign => {
            build.out.item = Item::Unknown;
            let reason = reason.clone();
            build.unknown(None, "what is exported here", &reason, &focus.clone());
        }
        Value::Entity(entity) => build.entity(entity),
        _ => {}
    }
    // The first origin of an object stands, as the first sight of it does.
    let mut places = Places { origins: FxHashMap::default(), uses: build.uses };
    for (path, origin) in build.origins {
        places.origins.entry(path).or_insert(origin);
    }
    build.out.places = Arc::new(places);
    build.out
}

impl Build<'_, '_> {
    fn is_one(&self) -> bool {
        self.interpreter.release == Release::One
    }

    fn naming(&self) -> Naming {
        Naming { release: self.interpreter.release, dialect: self.dialect }
    }

    fn entity(&mut self, entity: &Entity) {
        match entity {
            Entity::Table(table) if table.dialect == self.dialect => self.table(table),
            Entity::Enum(spec) => self.enum_type(spec),
            Entity::Namespace(spec) => self.namespace(spec),
            Entity::Sequence(spec) => self.sequence(spec),
            Entity::View(view) if view.dialect == self.dialect => self.view(view),
            Entity::Role(role) => self.role(role),
            Entity::Policy(policy) => self.linked_policy(policy),
            _ => {}
        }
    }

    /// Says once what cannot be told and why.
    fn unknown(&mut self, object: Option<ObjectPath>, what: &str, reason: &Rc<Reason>, location: &Location) {
        let message = format!("{what} cannot be told without running code: {}", reason.message);
        let code =
            if reason.message.starts_with("the import `") { codes::UNRESOLVED_IMPORT } else { codes::NOT_STATIC };
        let mut diagnostic = Diagnostic::new(code, location.clone(), message).with_help(
            "nothing is reported as pending or dropped because of it; write it as a plain value to have it checked",
        );
        if reason.location != *location && reason.location.span != source::Span::default() {
            diagnostic = diagnostic.with_related(reason.location.clone(), "this is where it stops");
        }
        self.out.diagnostics.push(diagnostic);
        self.out.unknown.push(Unknown { object, reason: reason.message.clone(), location: location.clone() });
    }

    fn diagnose(&mut self, code: Code, location: &Location, message: String, help: &str) {
        self.out.diagnostics.push(Diagnostic::new(code, location.clone(), message).with_help(help));
    }

    /// The declaration's own place: its exported name, and the whole call.
    fn declare(&mut self, path: ObjectPath, site: &Location) {
        // A table made by a factory stands where it is exported; the call inside the factory is related.
        let full = self.focus.span.cover(self.home.span);
        let related = if self.is_home(site) {
            Vec::new()
        } else {
            vec![Related { location: site.clone(), message: String::from("it is made here") }]
        };
        let origin = Origin { focus: self.focus.clone(), full, related };
        self.uses.push(Use { location: self.focus.clone(), object: path.clone(), is_declaration: true });
        self.out.path.get_or_insert_with(|| path.clone());
        self.origins.push((path, origin));
    }

    fn is_home(&self, location: &Location) -> bool {
        location.file == self.home.file && self.home.span.contains(location.span)
    }

    /// A property's place: itself where it stands inside the declaration, else the spread that brought it, else the declaration's name.
    fn property_origin(&self, origin: Option<&PropertyOrigin>) -> Origin {
        let inside = |location: &Location| self.is_home(location);
        match origin {
            None => Origin { focus: self.focus.clone(), full: self.focus.span, related: Vec::new() },
            Some(property) if inside(&property.key) => {
                Origin { focus: property.key.clone(), full: property.full.span, related: Vec::new() }
            }
            Some(property) => {
                let related =
                    vec![Related { location: property.key.clone(), message: String::from("it is defined here") }];
                let spread = property.spreads.iter().rev().find(|spread| inside(spread));
                let focus = spread.cloned().unwrap_or_else(|| self.focus.clone());
                Origin { full: focus.span, focus, related }
            }
        }
    }

    /// A reference to a column: its table's part and its own part of `users.email`.
    fn use_field(&mut self, field: &super::entities::Field) {
        if field.property == source::Span::default() {
            return;
        }
        let Ok(name) = self.interpreter.table_name(&field.table) else { return };
        let Ok(column) = self.interpreter.column_name_in(field) else { return };
        let at = |start, end| Location { file: field.at.file.clone(), span: source::Span { start, end } };
        let object_end = field.property.start.saturating_sub(1).max(field.at.span.start);
        self.uses.push(Use {
            location: at(field.at.span.start, object_end),
            object: ObjectPath::new(schema::ObjectKind::Table, &name),
            is_declaration: false,
        });
        self.uses.push(Use {
            location: at(field.property.start, field.property.end),
            object: ObjectPath::part(schema::ObjectKind::Column, &name, column.to_string()),
            is_declaration: false,
        });
    }
}
