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
