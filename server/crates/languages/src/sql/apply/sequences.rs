//! Sequences and their numbers.

use std::sync::Arc;

use dialects::integer_maximum;
use schema::{BIGINT, Object, ObjectKey, ObjectKind, ObjectPath, Sequence, SequenceOptions};

use super::{alter_column, exists_already, missing};
use crate::sql::State;
use crate::sql::state::Relation;
use crate::sql::statement::{QName, SequenceOption};

pub(crate) fn create(
    state: &mut State,
    written: &QName,
    if_not_exists: bool,
    temporary: bool,
    options: &[SequenceOption],
) {
    if temporary || state.is_temporary(written) {
        state.add_temporary(written);
        return;
    }
    let Some(name) = state.name_to_create(written) else { return };
    if state.has_uses() {
        state.uses(written.name.span, ObjectPath::new(ObjectKind::Sequence, &name), true);
    }
    if state.relation_of(&name).is_some() {
        if !if_not_exists {
            exists_already(state, written.span(), "relation", &name.name);
            if !state.is_guarded {
                state.forget(&name);
            }
        }
        return;
    }
    let numbers = options_of("bigint", options);
    let integer = type_of(options).unwrap_or_else(|| String::from(BIGINT));
    let sequence = Sequence { name: name.clone(), integer, options: numbers, owned_by: None, options_unknown: false };
    state.set(ObjectKey::Sequence(name.clone()), Some(Object::Sequence(Arc::new(sequence))));
    state.put_relation(&name, Relation::Sequence);
    own(state, &name, options);
}

pub(crate) fn alter(state: &mut State, written: &QName, if_exists: bool, options: &[SequenceOption]) {
    let Some((name, Relation::Sequence)) = state.relation(written) else {
        missing(state, written, "sequence", if_exists);
        return;
    };
    if state.has_uses() {
        state.uses(written.name.span, ObjectPath::new(ObjectKind::Sequence, &name), false);
    }
    if alter_column::alter_identity_sequence(state, &name, options) {
        return;
    }
    if let Some(sequence) = state.sequence_mut(&name) {
        change(&mut sequence.options, &sequence.integer, options);
        if let Some(integer) = type_of(options) {
            sequence.integer = integer;
        }
    }
    own(state, &name, options);
}

fn own(state: &mut State, name: &schema::Name, options: &[SequenceOption]) {
    for option in options {
        let SequenceOption::OwnedBy(owner) = option else { continue };
        let owner = match owner {
            Some((table, column)) => state.relation(table).map(|(table, _)| (table, column.text.clone())),
            None => None,
        };
        alter_column::set_owner(state, name, owner);
    }
}

/// The numbers of a new sequence of an integer type. (`CREATE SEQUENCE`, Parameters.)
pub(crate) fn options_of(integer: &str, options: &[SequenceOption]) -> SequenceOptions {
    let integer = type_of(options).unwrap_or_else(|| integer.to_owned());
    let is_descending = options.iter().any(|it| matches!(it, SequenceOption::Increment(by) if by.starts_with('-')));
    let (min_value, max_value) = bounds(&integer, is_descending);
    let start_with = if is_descending { max_value.clone() } else { min_value.clone() };
    let mut made = SequenceOptions {
        increment: String::from("1"),
        min_value,
        max_value,
        start_with,
        cache: String::from("1"),
        cycle: false,
    };
    apply(&mut made, &integer, is_descending, options);
    // Without START a sequence starts at its own bound.
    if !options.iter().any(|option| matches!(option, SequenceOption::Start(_))) {
        made.start_with = if is_descending { made.max_value.clone() } else { made.min_value.clone() };
    }
    made
}

/// Changes the numbers of a sequence that is there.
pub(crate) fn change(made: &mut SequenceOptions, integer: &str, options: &[SequenceOption]) {
    let is_descending = made.increment.starts_with('-');
    if let Some(new_type) = type_of(options) {
        // A bound that was the old type's becomes the new one's.
        let is_bound = ["smallint", "integer", "bigint"].iter().any(|it| integer_maximum(it) == made.max_value);
        if is_bound && !is_descending {
            made.max_value = integer_maximum(&new_type).to_owned();
        }
        apply(made, &new_type, is_descending, options);
    } else {
        apply(made, integer, is_descending, options);
    }
}

fn type_of(options: &[SequenceOption]) -> Option<String> {
    options.iter().find_map(|option| match option {
        SequenceOption::As(written) => {
            Some(dialects::sql_type(schema::Dialect::Postgres, &written.text, None).canonical)
        }
        _ => None,
    })
}

fn bounds(integer: &str, is_descending: bool) -> (String, String) {
    let maximum = integer_maximum(integer);
    if !is_descending {
        return (String::from("1"), maximum.to_owned());
    }
    let minimum = match integer {
        "smallint" => "-32768",
        "integer" => "-2147483648",
        _ => "-9223372036854775808",
    };
    (minimum.to_owned(), String::from("-1"))
}

fn apply(made: &mut SequenceOptions, integer: &str, is_descending: bool, options: &[SequenceOption]) {
    let (minimum, maximum) = bounds(integer, is_descending);
    for option in options {
        match option {
            SequenceOption::Increment(number) => made.increment = number.clone(),
            SequenceOption::MinValue(number) => made.min_value = number.clone().unwrap_or_else(|| minimum.clone()),
            SequenceOption::MaxValue(number) => made.max_value = number.clone().unwrap_or_else(|| maximum.clone()),
            SequenceOption::Start(number) => made.start_with = number.clone(),
            SequenceOption::Cache(number) => made.cache = number.clone(),
            SequenceOption::Cycle(cycle) => made.cycle = *cycle,
            SequenceOption::As(_)
            | SequenceOption::Restart(_)
            | SequenceOption::OwnedBy(_)
            | SequenceOption::SequenceName(_) => {}
        }
    }
}
