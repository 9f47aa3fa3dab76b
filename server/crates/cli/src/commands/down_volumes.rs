//! What `driftlens down --volumes` takes away, told before it does.

use database::local::{LocalServer, Standing};
use database::{Access, Address, Connection, Error, Rows, connect};
use schema::{ObjectKind, ObjectPath};
use serde_json::json;
use std::fmt::Write as _;
use workspace::ComposeDatabase;

use crate::render::generate::print_json;
use crate::{PlainFormat, live, render};

/// Data that would be removed.
pub(super) struct Removal {
    /// `the database in .driftlens/postgres`.
    pub(super) what: String,
    addresses: Vec<Address>,
    runs: bool,
}

impl Removal {
    pub(super) fn of_server(server: &LocalServer) -> Removal {
        let what = format!("the database in {}", render::short_path(server.folder()));
        Removal { what, addresses: server.addresses(), runs: server.standing() == Standing::Runs }
    }

    pub(super) fn of_compose(compose: &ComposeDatabase) -> Removal {
        let what = format!("the database `{}` of {}", compose.service, render::short_path(&compose.file));
        Removal { what, addresses: compose.address().into_iter().collect(), runs: compose.is_running() }
    }

    pub(super) fn question(&self) -> String {
        format!("Remove {}, with everything in it?", self.what)
    }

    /// What is lost with it, a line for each database.
    pub(super) fn lost(&self) -> anyhow::Result<Vec<String>> {
        if !self.runs {
            let named = self.addresses.iter().map(|address| format!("{address}: "));
            let named = if self.addresses.is_empty() { vec![String::new()] } else { named.collect() };
            return Ok(named
                .iter()
                .map(|name| format!("{name}it does not run, so what it holds is not known"))
                .collect());
        }
        live::wait(async {
            let mut lines = Vec::new();
            for address in &self.addresses {
                lines.push(match contents(address).await {
                    Ok(contents) => format!("{address}: {contents}"),
                    Err(error) => format!("{address}: what it holds is not known: {error}"),
                });
            }
            lines
        })
    }
}

/// The tables of a database and their rows, in words.
async fn contents(address: &Address) -> Result<String, Error> {
    let mut connection = connect(address, Access::Read).await?;
    let counted = count(&mut connection).await;
    connection.close().await;
    let (n_tables, rows, is_exact) = counted?;
    let tables = render::counted(n_tables, "table");
    let about = if is_exact { "" } else { "about " };
    let word = if rows == 1 && is_exact { "row" } else { "rows" };
    Ok(format!("{tables}, {about}{rows} {word}"))
}

/// How many tables and rows there are; false where the rows are an estimate.
async fn count(connection: &mut Connection) -> Result<(usize, u64, bool), Error> {
    let tables = connection.catalog().await?.schema.tables;
    let (mut sum, mut is_exact) = (0_u64, true);
    for name in tables.keys() {
        match connection.rows_of(&ObjectPath::new(ObjectKind::Table, name)).await? {
            Some(Rows::Exactly(rows)) => sum = sum.saturating_add(rows),
            Some(Rows::About(rows)) => (sum, is_exact) = (sum.saturating_add(rows), false),
            None => is_exact = false,
        }
    }
    Ok((tables.len(), sum, is_exact))
}

/// Prints what would be removed; where nothing would be, `reason` says why.
pub(super) fn tell(label: &str, removals: &[Removal], reason: Option<&str>, format: PlainFormat) -> anyhow::Result<()> {
    let mut told = Vec::new();
    for removal in removals {
        told.push((removal, removal.lost()?));
    }
    match format {
        PlainFormat::Json => {
            let removed: Vec<_> = told
                .iter()
                .map(|(removal, lost)| json!({ "what": removal.what, "question": removal.question(), "lost": lost }))
                .collect();
            print_json(&json!({ "version": 1, "removed": removed, "reason": reason }))
        }
        PlainFormat::Text => {
            let mut text = String::new();
            for (removal, lost) in &told {
                let _ = writeln!(text, "{label}: would be removed with everything in it: {}", removal.what);
                for line in lost {
                    let _ = writeln!(text, "  {line}");
                }
            }
            if let Some(reason) = reason {
                let _ = writeln!(text, "{label}: {reason}");
            }
            render::print(&text)
        }
    }
}
