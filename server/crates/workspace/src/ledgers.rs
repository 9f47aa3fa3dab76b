//! A database's ledger beside the migrations folder.

use database::{Connection, Error, Ledger};
use history::{FolderState, History, LedgerRow, folder_state};

use crate::Environment;

/// What is applied of a folder.
#[derive(Clone, Debug)]
pub struct LedgerLook {
    pub ledger: Ledger,
    /// None where there is no ledger.
    pub rows: Option<Vec<LedgerRow>>,
    pub state: FolderState,
}

/// The ledger that the tool of the folder keeps in the environment's database.
pub fn ledger_of(history: &History, environment: &Environment) -> Ledger {
    let (schema, table) = (environment.ledger.schema.as_deref(), environment.ledger.table.as_deref());
    Ledger::new(history.folder.format, history.folder.dialect, schema, table)
}

/// Reads the ledger.
pub async fn look_at_ledger(
    connection: &mut Connection,
    history: &History,
    environment: &Environment,
) -> Result<LedgerLook, Error> {
    let ledger = ledger_of(history, environment);
    let rows = ledger.rows(connection).await?;
    let state = folder_state(history, rows.as_deref().unwrap_or_default());
    Ok(LedgerLook { ledger, rows, state })
}
