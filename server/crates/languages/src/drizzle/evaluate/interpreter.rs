//! The interpreter's state: scopes, what was evaluated already, budgets.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use source::{FilePath, Location, Span};

use super::modules::ModuleSource;
use super::value::{Lazy, Object, Reason, Value};
use crate::typescript::syntax::{BindingKind, EnumDeclaration, ExprId, Module};

/// Steps one declaration may take: the largest real ones take some thousands.
const MAX_STEPS: u32 = 2_000_000;

/// Evaluations inside evaluations.
const MAX_DEPTH: u32 = 600;

/// What `process.env` stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Environment {
    /// Its variables, as they are here and now: in a configuration file.
    Real,
    /// Unknown: what a schema is must not depend on the machine that reads it.
    Unknown,
}

/// Names and their values inside a function; the outermost scope is the module's.
pub(crate) struct Scope {
    pub(super) module: Arc<Module>,
    names: RefCell<Vec<(Arc<str>, Value)>>,
    parent: Option<Rc<Scope>>,
}

impl Scope {
    pub(super) fn of_module(module: &Arc<Module>) -> Rc<Scope> {
        Rc::new(Scope { module: module.clone(), names: RefCell::default(), parent: None })
    }

    pub(super) fn inside(parent: &Rc<Scope>) -> Rc<Scope> {
        Rc::new(Scope { module: parent.module.clone(), names: RefCell::default(), parent: Some(parent.clone()) })
    }

    pub(super) fn declare(&self, name: Arc<str>, value: Value) {
        self.names.borrow_mut().push((name, value));
    }

    pub(super) fn find(&self, name: &str) -> Option<Value> {
        let own = self.names.borrow().iter().rev().find(|(known, _)| &**known == name).map(|(_, value)| value.clone());
        own.or_else(|| self.parent.as_ref()?.find(name))
    }

    /// False where no function scope holds the name.
    pub(super) fn assign(&self, name: &str, value: Value) -> bool {
        let mut names = self.names.borrow_mut();
        if let Some((_, slot)) = names.iter_mut().rev().find(|(known, _)| &**known == name) {
            *slot = value;
            return true;
        }
        drop(names);
        self.parent.as_ref().is_some_and(|parent| parent.assign(name, value))
    }

    pub(super) fn at(&self, span: Span) -> Location {
        Location::new(&self.module.file, span)
    }
}

enum Memo {
    Busy,
    Ready(Value),
}

/// Evaluates the declarations of one project. Made anew for each exported declaration, so that `touched` is exactly what it depends on.
pub(crate) struct Interpreter<'h> {
    pub(super) modules: &'h dyn ModuleSource,
    pub(super) environment: Environment,
    /// How keys become column names.
    pub(crate) casing: Option<crate::drizzle::Casing>,
    pub(crate) release: crate::drizzle::Release,
    pub(super) loaded: FxHashMap<FilePath, Arc<Module>>,
    pub(super) module_files: Vec<FilePath>,
    memo: FxHashMap<(FilePath, Arc<str>), Memo>,
    /// Files whose content the values depend on.
    pub(crate) touched: FxHashSet<FilePath>,
    steps: u32,
    /// After so many it gives up.
    pub(crate) max_steps: u32,
    depth: u32,
    /// The calls under way, as places: two tables made by one factory differ in them.
    pub(super) calls: Vec<Location>,
}

impl<'h> Interpreter<'h> {
    pub(crate) fn new(modules: &'h dyn ModuleSource, environment: Environment) -> Interpreter<'h> {
        Interpreter {
            modules,
            environment,
            casing: None,
            release: crate::drizzle::Release::default(),
            loaded: FxHashMap::default(),
            module_files: Vec::new(),
            memo: FxHashMap::default(),
            touched: FxHashSet::default(),
            steps: 0,
            max_steps: MAX_STEPS,
            depth: 0,
            calls: Vec::new(),
        }
    }

    pub(crate) fn unknown(&self, message: impl Into<String>, location: Location) -> Value {
        Value::Unknown(Rc::new(Reason { message: message.into(), location, is_foreign: false }))
    }

    /// The calls under way.
    pub(crate) fn calls(&self) -> &[Location] {
        &self.calls
    }

    /// True where a file read so far cannot be parsed as a whole.
    pub(crate) fn reads_broken_code(&self) -> bool {
        self.loaded.values().any(|module| !module.errors.is_empty())
    }

    /// Counts a step; the reason to stop where the budget is used up.
    pub(super) fn step(&mut self, at: &dyn Fn() -> Location) -> Option<Value> {
        self.steps += 1;
        if self.steps > self.max_steps {
            return Some(self.unknown("evaluating it takes too many steps", at()));
        }
        (self.depth > MAX_DEPTH).then(|| self.unknown("evaluating it goes too deep (an endless recursion?)", at()))
    }

    /// Runs `inner` one level deeper, on more stack where that is needed.
    pub(crate) fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let value = stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, || inner(self));
        self.depth -= 1;
        value
    }

    /// A top-level name of a file, evaluated once.
    pub(crate) fn binding(&mut self, file: &FilePath, name: &Arc<str>, at: &Location) -> Value {
        let key = (file.clone(), name.clone());
        match self.memo.get(&key) {
            Some(Memo::Ready(value)) => return value.clone(),
            Some(Memo::Busy) => return self.unknown(format!("`{name}` is defined by itself"), at.clone()),
            None => {}
        }
        let module = match self.load(file) {
            Ok(module) => module,
            Err(reason) => return self.unknown(format!("{} cannot be read: {reason}", file.display()), at.clone()),
        };
        self.memo.insert(key.clone(), Memo::Busy);
        let calls = std::mem::take(&mut self.calls);
        let value = self.nested(|interpreter| interpreter.evaluate_binding(&module, name));
        self.calls = calls;
        self.memo.insert(key, Memo::Ready(value.clone()));
        value
    }

    fn evaluate_binding(&mut self, module: &Arc<Module>, name: &Arc<str>) -> Value {
        let Some(binding) = module.bindings.get(name) else { return Value::Undefined };
        let at = Location::new(&module.file, binding.span);
        if module.reassigned.contains(name) {
            return self.unknown(format!("`{name}` is changed after its definition"), at);
        }
        let scope = Scope::of_module(module);
        match &binding.kind {
            BindingKind::Import { source, name } => self.import_value(module, source, Some(name), binding.span),
            BindingKind::ImportAll { source } => self.import_value(module, source, None, binding.span),
            BindingKind::Value(id) => self.evaluate(*id, &scope),
            BindingKind::Destructured(pattern, id) => {
                let value = self.evaluate(*id, &scope);
                let inner = Scope::inside(&scope);
                self.bind_pattern(pattern, value, &inner, at);
                inner.find(name).unwrap_or(Value::Undefined)
            }
            BindingKind::Function(code) => {
                Value::Function(Rc::new(super::value::Function { code: code.clone(), scope }))
            }
            BindingKind::Enum(declaration) => self.enum_value(declaration, &scope),
            BindingKind::Opaque(what) => self.unknown(format!("`{name}` is {what}, which is not evaluated"), at),
        }
    }

    /// `export default` of an expression.
    pub(super) fn module_expression(&mut self, file: &FilePath, id: ExprId, at: &Location) -> Value {
        match self.load(file) {
            Ok(module) => {
                let calls = std::mem::take(&mut self.calls);
                let value = self.nested(|interpreter| interpreter.evaluate(id, &Scope::of_module(&module)));
                self.calls = calls;
                value
            }
            Err(reason) => self.unknown(format!("{} cannot be read: {reason}", file.display()), at.clone()),
        }
    }

    /// A TypeScript enum: names to values, and numbers back to names.
    pub(super) fn enum_value(&mut self, declaration: &EnumDeclaration, scope: &Rc<Scope>) -> Value {
        let object = Object::default();
        let inner = Scope::inside(scope);
        let mut next = 0.0;
        for member in &declaration.members {
            let value = match member.value {
                Some(id) => self.evaluate(id, &inner),
                None => Value::Number(next),
            };
            if let Value::Number(number) = value {
                next = number + 1.0;
                object.set(Arc::from(super::number_text(number)), Value::String(member.name.clone()));
            }
            inner.declare(member.name.clone(), value.clone());
            object.set(member.name.clone(), value);
        }
        Value::Object(Rc::new(object))
    }

    /// A name as seen from a scope.
    pub(super) fn lookup(&mut self, name: &Arc<str>, scope: &Rc<Scope>, span: Span) -> Value {
        if let Some(value) = scope.find(name) {
            return value;
        }
        let module = scope.module.clone();
        if module.bindings.contains_key(name) {
            let at = scope.at(span);
            return self.binding(&module.file, name, &at);
        }
        super::globals::global(name)
            .or_else(|| super::paths::file_name(name, &module.file))
            .unwrap_or_else(|| self.unknown(format!("`{name}` is not defined in this file"), scope.at(span)))
    }

    /// An object's own property, evaluated when it is first asked for; undefined where there is none.
    pub(crate) fn property(&mut self, object: &Object, key: &str) -> Value {
        let Some(slot) = object.slot(key) else {
            return match object.open_reason() {
                Some(reason) => Value::Unknown(reason),
                None => Value::Undefined,
            };
        };
        let state = std::mem::replace(&mut *slot.value.borrow_mut(), Lazy::Busy);
        let value = match state {
            Lazy::Ready(value) => value,
            Lazy::Pending(id, scope) => self.nested(|interpreter| interpreter.evaluate(id, &scope)),
            Lazy::Getter(code, scope) => {
                let getter = Value::Function(Rc::new(super::value::Function { code, scope: scope.clone() }));
                let at = scope.at(Span::default());
                self.nested(|interpreter| interpreter.call(&getter, Vec::new(), &at))
            }
            Lazy::Busy => {
                let at = slot.origin.as_ref().map(|origin| origin.key.clone());
                let at = at.unwrap_or_else(|| Location::start_of(&FilePath::from(std::path::Path::new(""))));
                self.unknown(format!("`{key}` is defined by itself"), at)
            }
        };
        *slot.value.borrow_mut() = Lazy::Ready(value.clone());
        value
    }
}
