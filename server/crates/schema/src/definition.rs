//! What functions, procedures and triggers are made of.

use serde::Serialize;

/// The definition of a function, procedure or trigger. Two are equal where the database would hold the same: the header in one form, the
/// body as it is.
#[derive(Clone, Debug, Serialize)]
pub struct Definition {
    /// As written: what stands behind the name, or behind the table of a trigger.
    pub text: String,
    /// As written: what stands between a trigger's name and its table, such as `BEFORE INSERT`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub events: String,
    /// `CREATE CONSTRAINT TRIGGER`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_constraint: bool,
    /// Everything but name, table and body, in canonical form.
    #[serde(skip)]
    pub header: String,
    #[serde(skip)]
    pub body: Body,
    #[serde(skip)]
    pub signature: Signature,
}

impl Definition {
    /// The definition as it is written, for a person.
    pub fn shown(&self) -> String {
        format!("{} {}", self.events, self.text).trim().to_owned()
    }
}

/// The body of a function, procedure or trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A trigger of PostgreSQL has none: it calls a function.
    None,
    /// A text that the server keeps as it is, in this language, and looks into no sooner than it runs it.
    Text { language: String, text: String },
    /// Statements that the server reads when they are created, by their tokens.
    Sql(String),
}

/// What `CREATE OR REPLACE` leaves as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// The type of the result, that of OUT arguments included.
    pub result: String,
    /// The names of the input arguments, empty for those that have none.
    pub names: Vec<String>,
    /// How many arguments have a default.
    pub n_defaults: usize,
}

impl Signature {
    /// True where `CREATE OR REPLACE` makes a function of this signature from one of the other. (pg_proc.c, `ProcedureCreate`.)
    pub fn replaces(&self, before: &Signature) -> bool {
        let is_kept = |(old, new): (&String, &String)| old.is_empty() || old == new;
        self.result == before.result
            && self.n_defaults >= before.n_defaults
            && before.names.iter().zip(&self.names).all(is_kept)
    }
}

impl PartialEq for Definition {
    fn eq(&self, other: &Definition) -> bool {
        self.header == other.header && self.body == other.body
    }
}

impl Eq for Definition {}

/// When a trigger fires. (`pg_trigger.tgenabled`.)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Firing {
    /// Unless the session applies changes of another server.
    #[default]
    Enabled,
    Disabled,
    Replica,
    Always,
}

impl Firing {
    pub fn is_usual(&self) -> bool {
        *self == Firing::Enabled
    }

    /// As ALTER TABLE says it: `ENABLE ALWAYS`.
    pub fn as_str(self) -> &'static str {
        match self {
            Firing::Enabled => "ENABLE",
            Firing::Disabled => "DISABLE",
            Firing::Replica => "ENABLE REPLICA",
            Firing::Always => "ENABLE ALWAYS",
        }
    }
}
