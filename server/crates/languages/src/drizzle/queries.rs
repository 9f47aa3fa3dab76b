//! Names of tables, columns, enums and views in code that uses a schema (`db.select().from(users)`): what they lead to in the schema
//! files. Only what is certain: the name is followed through imports to the very call that makes the object.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use schema::{Name, ObjectKind, ObjectPath};
use source::{FilePath, Files, Location, Resolution, Span};

use super::DrizzleConfig;
use super::entities::Entity;
use super::evaluate::{Interpreter, ModuleSource, Package, Target, Value};
use super::modules::{Modules, ParsedFiles, ReadModules};
use super::reader::interpreter;
use crate::Desired;
use crate::typescript::syntax::{BindingKind, Element, ExprId, ExprKind, Module};
use crate::typescript::{NamePath, name_at};

/// What a name may cost: code that uses a schema may compute anything.
const MAX_STEPS: u32 = 20_000;

/// So many parsed files are kept.
const MAX_FILES: usize = 64;

/// Follows names out of files that belong to no schema. Keeps the parsed files while their text stays.
#[derive(Default)]
pub struct QueryReader {
    parsed: ParsedFiles,
}

/// An object that code names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryName {
    /// Of the name.
    pub span: Span,
    pub object: ObjectPath,
}

impl QueryReader {
    /// What the name at an offset of a file stands for, with the number of the project that declares it. `text` is the file as it is
    /// now. None where it is no such object for certain. Looks at nothing but the file and what it imports.
    pub fn name_at(
        &mut self,
        file: &FilePath,
        text: &Arc<str>,
        offset: u32,
        projects: &[(&DrizzleConfig, &Desired)],
        files: &dyn Files,
    ) -> Option<(usize, QueryName)> {
        if self.parsed.len() > MAX_FILES {
            self.parsed = ParsedFiles::default();
        }
        let parsed = self.parsed.parse(file, text)?;
        let path = name_at(parsed, offset)?;
        let module = parsed.module.clone();
        // Most names in a file are none that it could have from a schema: they are told apart before anything is read.
        module.bindings.get(path.names.first()?)?;
        projects.iter().enumerate().find_map(|(position, (config, desired))| {
            let others = Modules::new(files, &mut self.parsed);
            let source = Source { open: &module, read: &desired.modules, others };
            let mut following = Following { interpreter: interpreter(&source, config), module: &module, desired };
            following.interpreter.max_steps = MAX_STEPS;
            let object = following.object(&path)?;
            Some((position, QueryName { span: path.span, object }))
        })
    }
}

/// Files as the project's reading saw them; the open one, and those that the reading has not seen, as they are.
struct Source<'s, 'f> {
    open: &'s Arc<Module>,
    read: &'s ReadModules,
    others: Modules<'f>,
}

impl ModuleSource for Source<'_, '_> {
    fn module(&self, file: &FilePath) -> Result<Arc<Module>, String> {
        match self.read.get(file) {
            _ if *file == self.open.file => Ok(self.open.clone()),
            Some(module) => Ok(module.clone()),
            None => self.others.module(file),
        }
    }

    fn resolve(&self, importer: &FilePath, specifier: &str) -> Resolution {
        self.others.resolve(importer, specifier)
    }

    fn environment(&self, _name: &str) -> Option<String> {
        None
    }
}

struct Following<'s, 'h> {
    interpreter: Interpreter<'h>,
    module: &'s Arc<Module>,
    desired: &'s Desired,
}

impl Following<'_, '_> {
    fn object(&mut self, path: &NamePath) -> Option<ObjectPath> {
        let at = Location::new(&self.module.file, path.span);
        let value = match path.names.as_slice() {
            [client @ .., query, key] if !client.is_empty() && &**query == "query" => self.queried(client, key, &at)?,
            names => self.value(names, &at)?,
        };
        let (object, site) = self.made(&value)?;
        self.is_declared(&object, &site).then_some(object)
    }

    /// The value of `a.b.c`.
    fn value(&mut self, names: &[Arc<str>], at: &Location) -> Option<Value> {
        let (first, members) = names.split_first()?;
        let mut value = self.interpreter.binding(&self.module.file, first, at);
        for member in members {
            value = self.interpreter.member_at(&value, member, at, Span::default());
        }
        Some(value)
    }

    /// What `client.query.key` is about: the table that the client's schema has under that key.
    fn queried(&mut self, client: &[Arc<str>], key: &Arc<str>, at: &Location) -> Option<Value> {
        let (module, made) = self.declared(client, at)?;
        let ExprKind::Call { callee, arguments, .. } = &module.expr(made)?.kind else { return None };
        let ExprKind::Identifier(function) = &module.expr(*callee)?.kind else { return None };
        let BindingKind::Import { source, name } = &module.bindings.get(function)?.kind else { return None };
        if &**name != "drizzle" || Package::of(source) != Some(Package::OtherOrm) {
            return None;
        }
        let objects = arguments.iter().filter_map(|argument| match argument {
            Element::Item(id) if matches!(module.expr(*id)?.kind, ExprKind::Object(_)) => Some(*id),
            _ => None,
        });
        let word: Arc<str> = Arc::from("schema");
        for id in objects {
            let config = self.interpreter.target_value(Target::Expression(module.file.clone(), id), at);
            let schema = self.interpreter.member_at(&config, &word, at, Span::default());
            if matches!(schema, Value::Object(_) | Value::Module(_)) {
                let table = self.interpreter.member_at(&schema, key, at, Span::default());
                return matches!(table, Value::Entity(Entity::Table(_))).then_some(table);
            }
        }
        None
    }

    /// The one expression that `db` or `connection.db` stands for, in whatever file it is.
    fn declared(&mut self, names: &[Arc<str>], at: &Location) -> Option<(Arc<Module>, ExprId)> {
        let own = self.module.clone();
        let target = match (names, &own.bindings.get(names.first()?)?.kind) {
            ([name], BindingKind::Value(_)) => Target::Binding(own.file.clone(), name.clone()),
            ([_], BindingKind::Import { source, name }) => {
                self.interpreter.imported_target(&own.file, source, name, at, &mut FxHashSet::default())
            }
            ([_, member], BindingKind::ImportAll { source }) => {
                match self.interpreter.all_target(&own.file, source, at) {
                    Target::Module(file) => self.interpreter.export_target(&file, member, at),
                    _ => return None,
                }
            }
            _ => return None,
        };
        match target {
            Target::Binding(file, name) => {
                let module = self.interpreter.load(&file).ok()?;
                match module.bindings.get(&name)?.kind {
                    BindingKind::Value(id) if !module.reassigned.contains(&name) => Some((module, id)),
                    _ => None,
                }
            }
            Target::Expression(file, id) => Some((self.interpreter.load(&file).ok()?, id)),
            Target::Module(_) | Target::Value(_) => None,
        }
    }

    /// The object that a value is, and the call that makes it or its table.
    fn made(&mut self, value: &Value) -> Option<(ObjectPath, Location)> {
        let Value::Entity(entity) = value else { return None };
        let named = |namespace: &Option<Arc<str>>, name: &Arc<str>| {
            let namespace = namespace.as_deref().unwrap_or(self.desired.schema.dialect.default_namespace());
            Name::new(namespace, name.to_string())
        };
        Some(match entity {
            Entity::Table(table) => {
                let name = self.interpreter.table_name(table).ok()?;
                (ObjectPath::new(ObjectKind::Table, &name), table.site.clone())
            }
            Entity::Field(field) => {
                let table = self.interpreter.table_name(&field.table).ok()?;
                let column = self.interpreter.column_name_in(field).ok()?;
                (ObjectPath::part(ObjectKind::Column, &table, column.to_string()), field.table.site.clone())
            }
            Entity::Enum(found) => {
                let name = named(&found.namespace, found.name.as_ref().ok()?);
                (ObjectPath::new(ObjectKind::Enum, &name), found.site.clone())
            }
            Entity::View(view) => {
                let name = named(&view.namespace, view.name.as_ref().ok()?);
                (ObjectPath::new(ObjectKind::View, &name), view.site.clone())
            }
            _ => return None,
        })
    }

    /// True where this project has the object, and has it from that very call: another package may have a table of the same name.
    fn is_declared(&self, object: &ObjectPath, site: &Location) -> bool {
        let is_its = |origin: &crate::Origin| {
            let is_inside = origin.focus.file == site.file && origin.full.contains(site.span);
            is_inside || origin.related.iter().any(|related| related.location == *site)
        };
        self.desired.schema.contains(object) && self.desired.origins.get(&object.owner()).is_some_and(is_its)
    }
}
