//! The last picture of a database: kept when it was read, and shown until it is read again.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use analysis::{LivePicture, Project};
use database::{Catalog, questions, statistics_of};
use schema::Dialect;

use crate::Environment;
use crate::store::{Answers, CatalogKey, Store, StoreError};

impl CatalogKey {
    /// Of a project's database.
    pub fn of(project: &Project, environment: &Environment) -> CatalogKey {
        CatalogKey { project: project.source().display().to_string(), address: environment.address.to_string() }
    }
}

impl Answers {
    /// What was just read.
    pub fn of(catalog: &Catalog, statistics: Option<Vec<Vec<Option<String>>>>) -> Answers {
        Answers {
            server: catalog.server.clone(),
            questions: questions(catalog.schema.dialect),
            catalog: catalog.answer.clone(),
            statistics,
        }
    }
}

impl Store {
    /// What a database held when it was last read, whatever of it is looked at, and when that was. What another Driftlens has kept in other
    /// words is nothing.
    pub fn picture(&self, key: CatalogKey, dialect: Dialect) -> Result<Option<(LivePicture, SystemTime)>, StoreError> {
        let Some((answers, read_at)) = self.kept_answers(key, &questions(dialect))? else { return Ok(None) };
        let Ok(catalog) = Catalog::of_answer(dialect, answers.server, answers.catalog) else { return Ok(None) };
        let picture = LivePicture {
            server: catalog.server,
            schema: catalog.schema.into(),
            statistics: statistics_of(dialect, answers.statistics.unwrap_or_default()).into(),
        };
        let read_at = UNIX_EPOCH + Duration::from_millis(u64::try_from(read_at).unwrap_or_default());
        Ok(Some((picture, read_at)))
    }
}

/// Keeps what a command has read of a database anyway. The command does not depend on it.
pub fn keep_catalog(project: &Project, environment: &Environment, catalog: &Catalog) {
    if let Ok(store) = Store::open() {
        let _ = store.keep_answers(CatalogKey::of(project, environment), Answers::of(catalog, None));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests say so by failing")]
mod tests {
    use super::*;
    use database::{Access, Address, connect};

    fn key(address: &str) -> CatalogKey {
        CatalogKey { project: String::from("/app/driftlens.toml"), address: address.to_owned() }
    }

    #[test]
    fn what_is_read_again_is_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_in(&folder.path().join("state")).unwrap();
        let address = Address::parse("app.db", Dialect::Sqlite, folder.path()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (catalog, statistics) = runtime.block_on(async {
            let mut connection = connect(&address, Access::Create).await.unwrap();
            let made = "CREATE TABLE users (id integer PRIMARY KEY, name text DEFAULT 'x' CHECK (name <> '')); \
                INSERT INTO users DEFAULT VALUES; ANALYZE";
            connection.execute(made).await.unwrap();
            (connection.catalog().await.unwrap(), connection.statistics().await.unwrap())
        });
        let key = key(&address.to_string());
        store.keep_answers(key.clone(), Answers::of(&catalog, Some(statistics.clone()))).unwrap();
        let (picture, _) = store.picture(key, Dialect::Sqlite).unwrap().unwrap();
        assert_eq!((&*picture.schema, &picture.server), (&catalog.schema, &catalog.server));
        assert_eq!(*picture.statistics, statistics_of(Dialect::Sqlite, statistics));
        assert_eq!(picture.statistics.tables.len(), 1);
    }

    #[test]
    fn what_does_not_read_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_in(folder.path()).unwrap();
        let answers = Answers {
            server: String::from("PostgreSQL 15.8"),
            questions: questions(Dialect::Postgres),
            catalog: String::from("{\"tables\": 3}"),
            statistics: None,
        };
        store.keep_answers(key("postgres://localhost/app"), answers).unwrap();
        assert!(store.picture(key("postgres://localhost/app"), Dialect::Postgres).unwrap().is_none());
    }
}
