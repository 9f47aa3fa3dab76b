//! A rename that a person decided on.

use schema::ObjectPath;

/// An object that goes on under another name, in another namespace, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// As `before` has it; a column or policy with its table's name in `before`.
    pub from: ObjectPath,
    /// As `after` has it; a column or policy with its table's name in `after`.
    pub to: ObjectPath,
}

impl Rename {
    #[must_use]
    pub fn reversed(&self) -> Rename {
        Rename { from: self.to.clone(), to: self.from.clone() }
    }
}
