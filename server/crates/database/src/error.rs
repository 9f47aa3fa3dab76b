//! What goes wrong with a database, for a person: no password is in it.

use std::fmt;

use crate::Address;

/// Why something could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// Nobody answers there, or not in time.
    Unreachable { address: String, reason: String },
    /// The server answers, and does not let us in.
    Refused { address: String, reason: String },
    /// A statement failed.
    Statement(Box<StatementError>),
    /// The connection ended in the middle of something: what was running may have been done or not.
    Lost { reason: String },
    /// What came back is not what was asked for.
    NotUnderstood { reason: String },
    /// Somebody wanted it to stop.
    Stopped,
}

/// What the server says of a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementError {
    pub message: String,
    /// Five letters of SQLSTATE, or SQLite's number.
    pub code: Option<String>,
    pub detail: Option<String>,
    pub hint: Option<String>,
    /// The character of the statement that it is about, counted from one.
    pub position: Option<usize>,
}

impl Error {
    /// The server's code, where it was the server that said no.
    pub fn code(&self) -> Option<&str> {
        match self {
            Error::Statement(error) => error.code.as_deref(),
            _ => None,
        }
    }

    /// True for a lock that is not had in time, for two that wait for each other, and for a file that another process writes to.
    pub fn is_locked(&self) -> bool {
        self.code().is_some_and(|code| ["55P03", "40P01", "5", "261", "517"].contains(&code))
    }

    /// Of something that was asked on an open connection.
    pub(crate) fn of(error: sqlx::Error, address: &Address) -> Error {
        let text = |error: &sqlx::Error| address.redacted(&error.to_string());
        match &error {
            sqlx::Error::Database(found) => {
                let mut said = StatementError {
                    message: address.redacted(found.message()),
                    code: found.code().map(|code| code.into_owned()),
                    ..StatementError::default()
                };
                if let Some(found) = found.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
                    said.detail = found.detail().map(|text| address.redacted(text));
                    said.hint = found.hint().map(|text| address.redacted(text));
                    said.position = match found.position() {
                        Some(sqlx::postgres::PgErrorPosition::Original(position)) => Some(position),
                        _ => None,
                    };
                }
                Error::Statement(Box::new(said))
            }
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
                Error::Lost { reason: text(&error) }
            }
            _ => Error::NotUnderstood { reason: text(&error) },
        }
    }

    /// Of an attempt to connect.
    pub(crate) fn connecting(error: sqlx::Error, address: &Address) -> Error {
        let (place, reason) = (address.to_string(), address.redacted(&error.to_string()));
        match &error {
            sqlx::Error::Database(found) => {
                Error::Refused { address: place, reason: address.redacted(found.message()) }
            }
            sqlx::Error::Tls(_) | sqlx::Error::Configuration(_) => Error::Refused { address: place, reason },
            sqlx::Error::Io(error) => {
                Error::Unreachable { address: place, reason: address.redacted(&error.to_string()) }
            }
            _ => Error::Unreachable { address: place, reason },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Unreachable { address, reason } => write!(f, "{address} cannot be reached: {reason}"),
            Error::Refused { address, reason } => write!(f, "{address} does not let us in: {reason}"),
            Error::Statement(error) => {
                f.write_str(&error.message)?;
                for (word, text) in [("detail", &error.detail), ("hint", &error.hint)] {
                    if let Some(text) = text {
                        write!(f, "\n{word}: {text}")?;
                    }
                }
                Ok(())
            }
            Error::Lost { reason } => write!(f, "the connection was lost: {reason}"),
            Error::NotUnderstood { reason } => write!(f, "the answer of the database is not understood: {reason}"),
            Error::Stopped => f.write_str("it was stopped"),
        }
    }
}

impl std::error::Error for Error {}
