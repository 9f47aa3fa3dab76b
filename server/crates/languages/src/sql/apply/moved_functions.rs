//! What calls a function of PostgreSQL goes on calling it under its new name and at its new place. Of what cannot be followed for sure
//! nothing is known any more.

use std::sync::Arc;

use dialects::{Followed, MovedFunction};
use schema::{
    Dialect, Domain, Expression, Form, Index, IndexKey, Name, Object, ObjectKey, OpaqueKey, OpaqueObject, Scalar,
    SqlType, Table, View,
};

use super::opaque;
use crate::sql::State;

/// `from` is `to` by now.
pub(crate) fn follow(state: &mut State, from: &OpaqueKey, to: &OpaqueKey) {
    let name = |key: &OpaqueKey| Name::new(key.name.namespace.as_str(), key.bare_name());
    let (from, to) = (name(from), name(to));
    if from == to || state.dialect != Dialect::Postgres {
        return;
    }
    triggers_follow(state, &from, &to);
    let routines = state.schema.opaque.keys().filter(|key| opaque::is_routine(key.kind));
    let namesakes: Vec<&Name> =
        routines.filter(|key| key.bare_name() == from.name && name(key) != to).map(|key| &key.name).collect();
    let moved = MovedFunction {
        has_namesakes: namesakes.iter().any(|it| it.namespace != from.namespace),
        is_overloaded: namesakes.iter().any(|it| it.namespace == from.namespace),
        from,
        to,
    };
    tables_follow(state, &moved);
    domains_follow(state, &moved);
    views_follow(state, &moved);
    definitions_follow(state, &moved);
}

/// A trigger calls a function without arguments, so that others of its name make no doubt.
fn triggers_follow(state: &mut State, from: &Name, to: &Name) {
    let calls = |object: &&Arc<OpaqueObject>| object.calls.as_ref() == Some(&from.name);
    let triggers: Vec<Arc<OpaqueObject>> = state.schema.opaque.values().filter(calls).cloned().collect();
    for trigger in triggers {
        let called = dialects::called_function(&trigger);
        if called.as_ref().is_some_and(|it| it != from) {
            continue;
        }
        let definition = called.and_then(|_| dialects::with_called_function(&trigger, to)).map(Arc::new);
        opaque::put(state, OpaqueObject { calls: Some(to.name.clone()), definition, ..(*trigger).clone() });
    }
}

fn tables_follow(state: &mut State, moved: &MovedFunction) {
    let calling: Vec<Name> = state.schema.tables.keys().cloned().collect();
    for name in calling {
        let Some(table) = state.schema.tables.get(&name) else { continue };
        let mut followed = Table::clone(table);
        let mut following = Following { moved, is_changed: false, is_unsure: false };
        following.table(&mut followed);
        if following.is_changed
            && let Some(table) = state.table_mut(&name)
        {
            *table = followed;
        }
        if following.is_unsure {
            state.forget(&name);
        }
    }
}

fn domains_follow(state: &mut State, moved: &MovedFunction) {
    let domains: Vec<Arc<Domain>> = state.schema.domains.values().cloned().collect();
    for domain in domains {
        let mut followed = Domain::clone(&domain);
        let mut following = Following { moved, is_changed: false, is_unsure: false };
        following.scalar(&mut followed.default, &domain.sql_type);
        followed.checks.iter_mut().for_each(|check| following.expression(&mut check.expression));
        if following.is_changed {
            state.set(ObjectKey::Domain(domain.name.clone()), Some(Object::Domain(Arc::new(followed))));
        }
        if following.is_unsure {
            state.forget(&domain.name);
        }
    }
}

fn views_follow(state: &mut State, moved: &MovedFunction) {
    let views: Vec<Arc<View>> = state.schema.views.values().cloned().collect();
    for view in views {
        let mut followed = View::clone(&view);
        let mut following = Following { moved, is_changed: false, is_unsure: false };
        followed.definition.iter_mut().for_each(|query| following.expression(query));
        followed.indexes.values_mut().for_each(|index| following.index(index));
        if following.is_changed {
            state.set(ObjectKey::View(view.name.clone()), Some(Object::View(Arc::new(followed))));
        }
        if following.is_unsure {
            state.forget(&view.name);
        }
    }
}

/// Defaults of arguments, statements that the server has read, conditions of triggers. A body in a string stays as it is.
fn definitions_follow(state: &mut State, moved: &MovedFunction) {
    let is_followed = |object: &&Arc<OpaqueObject>| object.definition.is_some();
    let objects: Vec<Arc<OpaqueObject>> = state.schema.opaque.values().filter(is_followed).cloned().collect();
    for object in objects {
        let definition = match dialects::texts_with_calls(&object) {
            Some((text, rest)) => match moved.follow(&text) {
                Followed::Same => continue,
                Followed::Changed(text) => dialects::with_text(&object, text + &rest),
                Followed::Unsure => None,
            },
            None => None,
        };
        opaque::put(state, OpaqueObject { definition: definition.map(Arc::new), ..(*object).clone() });
    }
}

struct Following<'m> {
    moved: &'m MovedFunction,
    is_changed: bool,
    is_unsure: bool,
}

impl Following<'_> {
    fn text(&mut self, text: &str) -> Option<String> {
        match self.moved.follow(text) {
            Followed::Same => None,
            Followed::Changed(text) => {
                self.is_changed = true;
                Some(text)
            }
            Followed::Unsure => {
                self.is_unsure = true;
                None
            }
        }
    }

    fn expression(&mut self, expression: &mut Expression) {
        if let Some(text) = self.text(&expression.text) {
            *expression = dialects::expression(Dialect::Postgres, &text);
        }
    }

    fn scalar(&mut self, scalar: &mut Option<Scalar>, sql_type: &SqlType) {
        if let Some(scalar) = scalar.as_mut().filter(|it| it.form == Form::Sql)
            && let Some(text) = self.text(&scalar.text)
        {
            *scalar = dialects::default(Dialect::Postgres, &text, Form::Sql, sql_type);
        }
    }

    fn index(&mut self, index: &mut Index) {
        for column in &mut index.columns {
            if let IndexKey::Expression(expression) = &mut column.key {
                self.expression(expression);
            }
        }
        index.predicate.iter_mut().for_each(|predicate| self.expression(predicate));
    }

    fn table(&mut self, table: &mut Table) {
        for column in table.columns.values_mut() {
            self.scalar(&mut column.default, &column.sql_type);
            column.generated.iter_mut().for_each(|it| self.expression(&mut it.expression));
        }
        table.checks.values_mut().for_each(|check| self.expression(&mut check.expression));
        table.exclusions.values_mut().for_each(|exclusion| self.expression(&mut exclusion.definition));
        table.indexes.values_mut().for_each(|index| self.index(index));
        for policy in table.policies.values_mut() {
            policy.using.iter_mut().chain(&mut policy.with_check).for_each(|it| self.expression(it));
        }
        table.partition_by.iter_mut().for_each(|key| self.expression(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{apply, statements};

    fn schema(text: &str) -> schema::Schema {
        let mut state = State::new(Dialect::Postgres);
        for statement in statements(Dialect::Postgres, text) {
            apply(&mut state, &statement);
        }
        state.into_schema()
    }

    #[test]
    fn nothing_is_told_about_what_may_call_one_of_several_functions() {
        let schema = schema(
            "CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION f(a text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION g(a integer DEFAULT f(1)) RETURNS integer LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION h(a integer) RETURNS integer LANGUAGE sql AS 'SELECT f(1)';
            CREATE TABLE t (a integer DEFAULT f(1)); CREATE TABLE u (a integer DEFAULT 1);
            ALTER FUNCTION f(text) RENAME TO other;",
        );
        assert_eq!(schema.unknown.iter().map(Name::to_string).collect::<Vec<_>>(), ["public.t"]);
        let is_known =
            |name: &str| schema.opaque.values().any(|it| it.key.name.name == name && it.definition.is_some());
        assert_eq!(["f(integer)", "other(text)", "g(integer)", "h(integer)"].map(is_known), [true, true, false, true]);
    }

    #[test]
    fn a_function_about_which_a_statement_cannot_be_read_is_not_known_any_more() {
        let schema = schema(
            "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION g() RETURNS integer LANGUAGE sql AS 'SELECT 1';
            ALTER FUNCTION f() SET TIME ZONE 'UTC'; ALTER FUNCTION g() SET work_mem FROM CURRENT;",
        );
        assert_eq!(schema.opaque.values().map(|it| it.definition.is_some()).collect::<Vec<_>>(), [false, false]);
    }
}
