//! Enums, namespaces, sequences, roles.

use std::rc::Rc;
use std::sync::Arc;

use schema::{Enum, Name, ObjectKind, ObjectPath, Role, Sequence, SequenceOptions};
use source::{Location, Span};

use super::super::entities::{EnumType, Known, NamespaceSpec, RoleSpec, SequenceSpec};
use super::super::evaluate::{Interpreter, Value, display};
use super::{Build, Item};
use crate::{Origin, Use};

impl Build<'_, '_> {
    pub(super) fn enum_type(&mut self, spec: &Rc<EnumType>) {
        self.out.identity = spec.identity;
        let focus = self.focus.clone();
        let name = match &spec.name {
            Ok(name) => Name::new(spec.namespace.as_deref().unwrap_or("public"), name.to_string()),
            Err(reason) => {
                self.out.item = Item::Unknown;
                return self.unknown(None, "the name of this enum", reason, &focus);
            }
        };
        let path = ObjectPath::new(ObjectKind::Enum, &name);
        self.declare(path.clone(), &spec.site);
        let (values, values_unknown) = match &spec.values {
            Ok(values) => (values.iter().map(|value| value.text.to_string()).collect(), false),
            Err(reason) => {
                self.unknown(Some(path), "the values of this enum", reason, &focus);
                (Vec::new(), true)
            }
        };
        self.declare_values(&name, &values, &spec.site);
        self.out.item = Item::Enum(Arc::new(Enum { name, values, values_unknown }));
    }

    /// A value stands where it is written in the call; one that comes from elsewhere stands at the enum's name.
    fn declare_values(&mut self, name: &Name, values: &[String], site: &Location) {
        let text = self.interpreter.load(&site.file).map(|module| module.text.clone()).unwrap_or_default();
        let call = site.span.text(&text);
        let list_start = call.find(',').unwrap_or_default();
        for value in values {
            let found = ['\'', '"', '`'].into_iter().find_map(|quote| {
                let literal = format!("{quote}{value}{quote}");
                let offset = list_start + call.get(list_start..)?.find(&literal)?;
                let start = site.span.start as usize + offset;
                Some(Span::new(start, start + literal.len()))
            });
            let focus = found.map_or_else(|| self.focus.clone(), |span| Location::new(&site.file, span));
            let path = ObjectPath::part(ObjectKind::EnumValue, name, value.as_str());
            if found.is_some() {
                self.uses.push(Use { location: focus.clone(), object: path.clone(), is_declaration: true });
            }
            self.origins.push((path, Origin { full: focus.span, focus, related: Vec::new() }));
        }
    }

    pub(super) fn namespace(&mut self, spec: &Rc<NamespaceSpec>) {
        self.out.identity = spec.identity;
        let focus = self.focus.clone();
        match &spec.name {
            Ok(name) => {
                self.declare(ObjectPath::global(ObjectKind::Namespace, name.to_string()), &spec.site);
                self.out.item = Item::Namespace(name.to_string());
            }
            Err(reason) => {
                self.out.item = Item::Unknown;
                self.unknown(None, "the name of this schema", reason, &focus);
            }
        }
    }

    pub(super) fn sequence(&mut self, spec: &Rc<SequenceSpec>) {
        self.out.identity = spec.identity;
        let focus = self.focus.clone();
        let name = match &spec.name {
            Ok(name) => Name::new(spec.namespace.as_deref().unwrap_or("public"), name.to_string()),
            Err(reason) => {
                self.out.item = Item::Unknown;
                return self.unknown(None, "the name of this sequence", reason, &focus);
            }
        };
        let path = ObjectPath::new(ObjectKind::Sequence, &name);
        self.declare(path.clone(), &spec.site);
        let options = sequence_options(self.interpreter, &spec.options, "9223372036854775807", "-9223372036854775808");
        let (options, options_unknown) = match options {
            Ok(options) => (options, false),
            Err(reason) => {
                self.unknown(Some(path), "the options of this sequence", &reason, &focus);
                let none = String::new;
                let options = SequenceOptions {
                    increment: none(),
                    min_value: none(),
                    max_value: none(),
                    start_with: none(),
                    cache: none(),
                    cycle: false,
                };
                (options, true)
            }
        };
        self.out.item = Item::Sequence(Arc::new(Sequence {
            name,
            integer: String::from(schema::BIGINT),
            options,
            owned_by: None,
            options_unknown,
        }));
    }

    pub(super) fn role(&mut self, spec: &Rc<RoleSpec>) {
        self.out.identity = spec.identity;
        let focus = self.focus.clone();
        let name = match &spec.name {
            Ok(name) => name.to_string(),
            Err(reason) => {
                self.out.item = Item::Unknown;
                return self.unknown(None, "the name of this role", reason, &focus);
            }
        };
        if spec.is_existing {
            return;
        }
        self.declare(ObjectPath::global(ObjectKind::Role, name.as_str()), &spec.site);
        let mut flag = |key: &str, otherwise: bool| match &spec.config {
            Value::Object(config) => self.interpreter.property(config, key).truth_or(otherwise),
            _ => otherwise,
        };
        let (create_db, create_role) = (flag("createDb", false), flag("createRole", false));
        let inherit = flag("inherit", true);
        self.out.item = Item::Role(Role { name, create_db, create_role, inherit });
    }
}

impl Value {
    /// The truth of an option, `otherwise` where it is not given.
    fn truth_or(&self, otherwise: bool) -> bool {
        match self {
            Value::Undefined => otherwise,
            other => other.truth().unwrap_or(otherwise),
        }
    }
}

/// A sequence's options as drizzle-kit completes them. `lowest` is the lower bound of a descending sequence.
pub(super) fn sequence_options(
    interpreter: &mut Interpreter<'_>,
    options: &Value,
    highest: &str,
    lowest: &str,
) -> Known<SequenceOptions> {
    let mut option = |key: &str| match options {
        Value::Object(object) => match interpreter.property(object, key) {
            Value::Undefined => object.open_reason().map_or(Ok(None), Err),
            Value::Unknown(reason) => Err(reason),
            value => Ok(display(&value)),
        },
        Value::Unknown(reason) => Err(reason.clone()),
        _ => Ok(None),
    };
    let increment = option("increment")?.unwrap_or_else(|| String::from("1"));
    let descends = increment.trim_start().starts_with('-');
    let bound = |ascending: &str, descending: &str| String::from(if descends { descending } else { ascending });
    let min_value = option("minValue")?.unwrap_or_else(|| bound("1", lowest));
    let max_value = option("maxValue")?.unwrap_or_else(|| bound(highest, "-1"));
    let start = if descends { &max_value } else { &min_value };
    let start_with = option("startWith")?.unwrap_or_else(|| start.clone());
    let cache = option("cache")?.unwrap_or_else(|| String::from("1"));
    let cycle = option("cycle")?.is_some_and(|cycle| cycle == "true");
    Ok(SequenceOptions { increment, min_value, max_value, start_with, cache, cycle })
}
