//! What has to be applied of a folder for a database to have all of it.

use analysis::Project;
use database::{Access, Address, Connection, Error, Rows, connect};
use history::{History, NoScript, Obstacle, Script};
use schema::ObjectPath;

use crate::{Environment, LedgerLook, look_at_ledger};

/// A ledger, and what follows from it.
#[derive(Debug)]
pub struct Prepared {
    pub look: LedgerLook,
    pub next: Next,
}

/// What is to be done now.
#[derive(Debug)]
pub enum Next {
    /// What keeps this ledger is not written by us, and why.
    Refused(&'static str),
    Obstacle(Obstacle),
    /// A migration that cannot be sent: nothing is.
    NoScript(NoScript),
    /// In the order in which they run, with the tables and columns that go and hold something. None where all are applied.
    Scripts {
        scripts: Vec<Script>,
        losses: Vec<(ObjectPath, Rows)>,
    },
}

/// The folder, where it can be told which migrations there are; else why not.
pub fn known_history(project: &Project) -> Result<&History, &'static str> {
    match project.history.as_deref() {
        None => Err("it has no migrations folder"),
        Some(history) if history.unreadable => {
            Err("it cannot be told which migrations there are; `driftlens check` says why")
        }
        Some(history) => Ok(history),
    }
}

/// Connects. A SQLite file that is not there is made by the first migration, and is empty for one that only looks.
pub async fn open_for_migrations(environment: &Environment, access: Access) -> Result<Connection, Error> {
    let is_missing = environment.address.sqlite_file().is_some_and(|file| !file.exists());
    if access == Access::Read && is_missing {
        return connect(&Address::in_memory(), Access::Write).await;
    }
    connect(&environment.address, access).await
}

/// Reads the ledger and says what is to be applied: all, or all up to `to`. Older ones than the newest that is applied only where that is
/// wanted. A connection that only reads will do.
pub async fn prepare_migrations(
    connection: &mut Connection,
    history: &History,
    environment: &Environment,
    to: Option<&str>,
    with_skipped: bool,
) -> Result<Prepared, Error> {
    let look = look_at_ledger(connection, history, environment).await?;
    let next = match look.ledger.refusal() {
        Some(why) => Next::Refused(why),
        None => match look.state.to_apply(history, to, with_skipped) {
            Err(obstacle) => Next::Obstacle(obstacle),
            Ok(positions) => {
                let scripts: Result<Vec<Script>, NoScript> =
                    positions.into_iter().map(|position| history.script(position)).collect();
                match scripts {
                    Err(no) => Next::NoScript(no),
                    Ok(scripts) => {
                        let losses = script_losses(connection, &scripts).await?;
                        Next::Scripts { scripts, losses }
                    }
                }
            }
        },
    };
    Ok(Prepared { look, next })
}

/// The tables and columns that the database has, that go, and that hold something.
pub async fn script_losses(connection: &mut Connection, scripts: &[Script]) -> Result<Vec<(ObjectPath, Rows)>, Error> {
    let mut lost: Vec<(ObjectPath, Rows)> = Vec::new();
    for object in scripts.iter().flat_map(|script| &script.loses) {
        let rows = connection.rows_of(object).await?.filter(|rows| *rows != Rows::Exactly(0));
        if let Some(rows) = rows.filter(|_| lost.iter().all(|(known, _)| known != object)) {
            lost.push((object.clone(), rows));
        }
    }
    Ok(lost)
}
