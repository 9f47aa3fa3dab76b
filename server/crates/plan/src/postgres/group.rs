//! Steps that belong together, with what they give to others and need from them.

use schema::{Name, ObjectPath};

use super::order::Phase;
use crate::{Hazard, Lock, LockMode, Step};

/// A state of an object that one group brings about and another waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Token {
    /// It is there as `after` has it.
    Made(ObjectPath),
    /// It is not there, or not there any more as `before` had it.
    Gone(ObjectPath),
    /// The name of a relation can be used: tables, views, sequences and indexes share one space of names.
    Free(Name),
    /// Nothing is granted to the role.
    Revoked(String),
}

/// Steps that run one after the other with nothing between them.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) phase: Phase,
    pub(crate) steps: Vec<Step>,
    pub(crate) gives: Vec<Token>,
    pub(crate) needs: Vec<Token>,
}

impl Group {
    pub(crate) fn new(phase: Phase, steps: Vec<Step>) -> Group {
        Group { phase, steps, gives: Vec::new(), needs: Vec::new() }
    }

    pub(crate) fn gives(mut self, tokens: impl IntoIterator<Item = Token>) -> Group {
        self.gives.extend(tokens);
        self
    }

    pub(crate) fn needs(mut self, tokens: impl IntoIterator<Item = Token>) -> Group {
        self.needs.extend(tokens);
        self
    }
}

impl Step {
    pub(crate) fn of(object: &ObjectPath, kind: &'static str, sql: String) -> Step {
        Step { object: object.clone(), kind, sql, locks: Vec::new(), hazards: Vec::new() }
    }

    /// The strongest lock of a table counts.
    pub(crate) fn takes(mut self, mode: LockMode, table: &Name) -> Step {
        match self.locks.iter_mut().find(|lock| lock.table == *table) {
            Some(lock) => lock.mode = lock.mode.max(mode),
            None => self.locks.push(Lock { table: table.clone(), mode }),
        }
        self
    }

    pub(crate) fn warns(mut self, hazards: impl IntoIterator<Item = Hazard>) -> Step {
        self.hazards.extend(hazards);
        self
    }
}
