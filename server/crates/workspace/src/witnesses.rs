//! What the server has said of spellings: kept when a connection had it say so, used by those that may not.

use analysis::{Project, applied_schema, desired_as_live, known_desired};
use database::{Connection, Error, Making, Settled, Witness};
use schema::{Dialect, Schema};

use crate::{Environment, EnvironmentKind, Store, keep_catalog, look_at_ledger};

/// The witnesses of one database; none where nothing can be kept.
struct Kept {
    store: Option<Store>,
    address: String,
    identity: String,
}

impl Kept {
    async fn of(connection: &mut Connection) -> Result<Kept, Error> {
        let identity = connection.identity().await?;
        Ok(Kept { store: Store::open().ok(), address: connection.address().to_string(), identity })
    }

    fn tell(&self, connection: &mut Connection) {
        let store = self.store.as_ref();
        let kept = store.and_then(|store| store.witnesses(&self.address, &self.identity).ok());
        connection.set_witnesses(kept.unwrap_or_default());
    }

    fn keep(&self, proved: Vec<Witness>) {
        if let Some(store) = self.store.as_ref().filter(|_| !proved.is_empty()) {
            let _ = store.keep_witnesses(&self.address, &self.identity, proved);
        }
    }
}

/// As [`Connection::settle`], with what is known from before; what is proved now is kept for later.
pub(crate) async fn settle(connection: &mut Connection, ours: &Schema, live: &mut Schema) -> Result<Settled, Error> {
    let ours = desired_as_live(ours, live);
    if connection.dialect() != Dialect::Postgres {
        return connection.settle(&ours, live).await;
    }
    let kept = Kept::of(connection).await?;
    kept.tell(connection);
    let settled = connection.settle(&ours, live).await?;
    kept.keep(settled.proved.clone());
    Ok(settled)
}

/// After something was applied: what the database holds now is kept, and what of it nobody could tell from the schema files or the migrations
/// by looking alone is proved, now that things may be made for that. Outside of a database for development nothing is locked for it.
/// What was applied does not depend on it: nothing of it waits for long, and it is the last that is done over a connection.
pub async fn witness_applied(connection: &mut Connection, project: &Project, environment: &Environment) {
    let _ = witness(connection, project, environment).await;
}

async fn witness(connection: &mut Connection, project: &Project, environment: &Environment) -> Result<(), Error> {
    if connection.dialect() == Dialect::Postgres {
        connection.execute("SET lock_timeout = '2s'; SET statement_timeout = '10s'").await?;
    }
    let catalog = connection.catalog().await?;
    keep_catalog(project, environment, &catalog);
    if connection.dialect() != Dialect::Postgres {
        return Ok(());
    }
    let making = match environment.kind {
        EnvironmentKind::Development => Making::Anything,
        EnvironmentKind::Shared | EnvironmentKind::Production => Making::Views,
    };
    let mut all = Vec::new();
    all.extend(known_desired(project).ok().cloned());
    if let Some(history) = project.history.as_deref().filter(|history| !history.unreadable) {
        let look = look_at_ledger(connection, history, environment).await?;
        all.extend(applied_schema(history, &look.state));
    }
    let kept = Kept::of(connection).await?;
    for mut ours in all {
        let mut live = catalog.schema.clone();
        environment.filter_for(Some(&ours)).apply(&mut ours);
        environment.filter_for(Some(&ours)).apply(&mut live);
        kept.tell(connection);
        kept.keep(connection.prove(&desired_as_live(&ours, &live), &live, making).await?);
    }
    Ok(())
}
