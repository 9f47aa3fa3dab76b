//! The last pictures of the databases, kept on this machine: shown before a database is read for the first time, and while it cannot be.
//! Nothing is found wrong because of one: what a database holds now is not known then.

use crate::state::State;
use analysis::{LivePicture, Project};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;
use workspace::{Answers, CatalogKey, Environment, Store};

/// A first look at a database does not wait longer for what was kept of it.
const LOAD_WITHIN: Duration = Duration::from_secs(2);
/// That nothing but the statistics has changed, or nothing at all, is written no more often.
const WRITE_AFTER: Duration = Duration::from_secs(5 * 60);

/// What a database held, and when that was.
pub(crate) type Aged = (LivePicture, SystemTime);

#[derive(Default)]
pub(crate) struct Kept {
    /// Opened when first needed; None where that failed.
    store: OnceLock<Option<Store>>,
    written: Mutex<HashMap<CatalogKey, Written>>,
    hasher: RandomState,
}

/// What this server wrote last of a database.
struct Written {
    catalog: u64,
    statistics: u64,
    at: Instant,
}

/// What of it is to be written.
enum News {
    All,
    Time,
}

impl Kept {
    /// Waits for a file: for threads that may.
    fn store(&self) -> Option<&Store> {
        let open =
            || Store::open().inspect_err(|error| tracing::warn!(%error, "pictures of databases are not kept")).ok();
        self.store.get_or_init(open).as_ref()
    }

    fn news(&self, key: &CatalogKey, answers: &Answers) -> Option<News> {
        let now = Written {
            catalog: self.hasher.hash_one((&answers.server, &answers.catalog)),
            statistics: self.hasher.hash_one(&answers.statistics),
            at: Instant::now(),
        };
        let mut written = self.written.lock();
        let news = match written.get(key) {
            Some(before) if before.catalog != now.catalog => News::All,
            Some(before) if before.at.elapsed() < WRITE_AFTER => return None,
            Some(before) if before.statistics == now.statistics => News::Time,
            Some(_) | None => News::All,
        };
        written.insert(key.clone(), now);
        Some(news)
    }
}

/// Age in seconds.
pub(crate) fn age(at: SystemTime) -> u64 {
    at.elapsed().unwrap_or_default().as_secs()
}

/// What was kept of a project's database, as far as the project is about it.
pub(crate) async fn picture(state: &Arc<State>, project: &Project, environment: &Environment) -> Option<Aged> {
    let (key, dialect) = (CatalogKey::of(project, environment), environment.address.dialect);
    let filter = environment.filter_for(project.desired.as_ref().map(|desired| &desired.schema));
    let state = state.clone();
    let loaded = tokio::task::spawn_blocking(move || {
        let kept = state.live.kept.store()?.picture(key, dialect);
        let kept = kept.inspect_err(|error| tracing::warn!(%error, "the last picture of a database is not read"));
        let (mut picture, at) = kept.ok().flatten()?;
        filter.apply(Arc::make_mut(&mut picture.schema));
        Some((picture, at))
    });
    tokio::time::timeout(LOAD_WITHIN, loaded).await.ok()?.ok()?
}

/// Keeps what was just read, beside everything else; nobody waits for it, and nothing depends on it.
pub(crate) fn keep(state: &Arc<State>, project: &Project, environment: &Environment, answers: Answers) {
    let key = CatalogKey::of(project, environment);
    let Some(news) = state.live.kept.news(&key, &answers) else { return };
    let state = state.clone();
    tokio::task::spawn_blocking(move || {
        let Some(store) = state.live.kept.store() else { return };
        let written = match news {
            News::All => store.keep_answers(key, answers),
            News::Time => store.keep_time(key),
        };
        if let Err(error) = written {
            tracing::warn!(%error, "the picture of a database is not kept");
        }
    });
}
