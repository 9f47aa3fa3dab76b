//! What databases held when they were last read, in their own words.

use super::{Store, StoreError, now};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Connection as _, Row as _};

/// Databases beyond the so many that were read last are forgotten,
const MAX_CATALOGS: i64 = 50;
/// and those that were not read for so long: 90 days.
const FORGOTTEN_AFTER_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
/// So many characters all of them may have together; beyond that the ones that were read longest ago are forgotten.
const MAX_TOTAL: i64 = 64 * 1024 * 1024;

/// Whose database it is, and where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CatalogKey {
    /// The file that makes the project one.
    pub project: String,
    /// Without its password.
    pub address: String,
}

/// What a database answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Answers {
    /// Such as `PostgreSQL 15.8`.
    pub server: String,
    /// To which [questions](database::questions).
    pub questions: String,
    /// Of which a [`database::Catalog`] is made.
    pub catalog: String,
    /// For [`database::statistics_of`]; None where nobody asked.
    pub statistics: Option<Vec<Vec<Option<String>>>>,
}

impl Store {
    /// Keeps what a database has just answered, in place of what it did before. Without statistics, what says the same with them stays.
    pub fn keep_answers(&self, key: CatalogKey, answers: Answers) -> Result<(), StoreError> {
        let at = now();
        self.ask(async move |connection| {
            let mut transaction = connection.begin().await?;
            if answers.statistics.is_some() || !is_kept(&mut transaction, &key, &answers).await? {
                replace(&mut transaction, key, answers, at).await?;
            }
            transaction.commit().await
        })
    }

    /// The database has just answered the same again.
    pub fn keep_time(&self, key: CatalogKey) -> Result<(), StoreError> {
        let at = now();
        self.ask(async move |connection| {
            let query = sqlx::query("UPDATE catalogs SET read_at = max(read_at, ?) WHERE project = ? AND address = ?");
            query.bind(at).bind(key.project).bind(key.address).execute(connection).await.map(|_| ())
        })
    }

    /// What a database answered to these questions when it was last asked, and when that was, in milliseconds since 1970.
    pub(crate) fn kept_answers(&self, key: CatalogKey, questions: &str) -> Result<Option<(Answers, i64)>, StoreError> {
        let (questions, oldest) = (questions.to_owned(), now() - FORGOTTEN_AFTER_MS);
        self.ask(async move |connection| {
            let query = sqlx::query(
                "SELECT server, questions, answer, statistics, read_at FROM catalogs JOIN catalog_answers ON catalog = id \
                 WHERE project = ? AND address = ? AND questions = ? AND read_at >= ?",
            );
            let query = query.bind(key.project).bind(key.address).bind(questions).bind(oldest);
            query.fetch_optional(connection).await?.map(|row| read(&row)).transpose()
        })
    }
}

fn read(row: &SqliteRow) -> Result<(Answers, i64), sqlx::Error> {
    let statistics: Option<String> = row.try_get("statistics")?;
    let answers = Answers {
        server: row.try_get("server")?,
        questions: row.try_get("questions")?,
        catalog: row.try_get("answer")?,
        statistics: statistics.and_then(|json| serde_json::from_str(&json).ok()),
    };
    Ok((answers, row.try_get("read_at")?))
}

async fn is_kept(connection: &mut SqliteConnection, key: &CatalogKey, answers: &Answers) -> Result<bool, sqlx::Error> {
    let query = sqlx::query(
        "SELECT 1 FROM catalogs JOIN catalog_answers ON catalog = id \
         WHERE project = ? AND address = ? AND server = ? AND questions = ? AND answer = ?",
    );
    let query = query.bind(&key.project).bind(&key.address).bind(&answers.server);
    let found = query.bind(&answers.questions).bind(&answers.catalog).fetch_optional(connection).await?;
    Ok(found.is_some())
}

async fn replace(
    connection: &mut SqliteConnection,
    key: CatalogKey,
    answers: Answers,
    at: i64,
) -> Result<(), sqlx::Error> {
    let query = sqlx::query(
        "INSERT INTO catalogs (project, address, server, read_at) VALUES (?, ?, ?, ?) \
         ON CONFLICT (project, address) DO UPDATE SET server = excluded.server, read_at = excluded.read_at \
         WHERE excluded.read_at >= read_at RETURNING id",
    );
    let query = query.bind(key.project).bind(key.address).bind(answers.server).bind(at);
    // Another process has read it later.
    let Some(row) = query.fetch_optional(&mut *connection).await? else { return Ok(()) };
    let id: i64 = row.try_get("id")?;
    let statistics = answers.statistics.and_then(|rows| serde_json::to_string(&rows).ok());
    let query = sqlx::query(
        "INSERT OR REPLACE INTO catalog_answers (catalog, questions, answer, statistics) VALUES (?, ?, ?, ?)",
    );
    query.bind(id).bind(answers.questions).bind(answers.catalog).bind(statistics).execute(&mut *connection).await?;
    let query = sqlx::query(
        "DELETE FROM catalogs WHERE read_at < ?1 OR id NOT IN ( \
         SELECT id FROM (SELECT id, row_number() OVER newest AS position, sum(length(answer)) OVER newest AS total \
         FROM catalogs JOIN catalog_answers ON catalog = id WINDOW newest AS (ORDER BY read_at DESC, id DESC)) \
         WHERE position <= ?2 AND total <= ?3)",
    );
    let query = query.bind(at - FORGOTTEN_AFTER_MS).bind(MAX_CATALOGS).bind(MAX_TOTAL);
    query.execute(connection).await.map(|_| ())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests say so by failing")]
mod tests {
    use super::*;

    fn key(n: i64) -> CatalogKey {
        CatalogKey {
            project: String::from("/app/drizzle.config.ts"),
            address: format!("postgres://me@localhost/app{n}"),
        }
    }

    fn answers(catalog: &str) -> Answers {
        let row = vec![Some(String::from("table")), None];
        Answers {
            server: String::from("PostgreSQL 15.8"),
            questions: String::from("q1"),
            catalog: catalog.to_owned(),
            statistics: Some(vec![row]),
        }
    }

    fn kept(store: &Store, n: i64) -> Option<Answers> {
        store.kept_answers(key(n), "q1").unwrap().map(|(answers, _)| answers)
    }

    #[test]
    fn the_last_answers_of_a_database_are_kept_with_their_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_in(folder.path()).unwrap();
        assert_eq!(kept(&store, 1), None);
        let before = now();
        store.keep_answers(key(1), answers("first")).unwrap();
        store.keep_answers(key(2), answers("other")).unwrap();
        store.keep_answers(key(1), answers("second")).unwrap();
        let (found, at) = store.kept_answers(key(1), "q1").unwrap().unwrap();
        assert_eq!(found, answers("second"));
        assert!((before..=now()).contains(&at));
        assert_eq!(kept(&store, 2), Some(answers("other")));
        // Another project's database may have the same address.
        let other = CatalogKey { project: String::from("/other"), ..key(1) };
        assert_eq!(store.kept_answers(other, "q1").unwrap(), None);
    }

    #[test]
    fn answers_to_other_questions_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_in(folder.path()).unwrap();
        store.keep_answers(key(1), answers("first")).unwrap();
        assert_eq!(store.kept_answers(key(1), "q2").unwrap(), None);
        store.keep_answers(key(1), Answers { questions: String::from("q2"), ..answers("newer") }).unwrap();
        assert_eq!(kept(&store, 1), None);
    }

    #[test]
    fn an_answer_without_statistics_takes_none_away_from_the_same_answer() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_in(folder.path()).unwrap();
        store.keep_answers(key(1), answers("first")).unwrap();
        store.keep_answers(key(1), Answers { statistics: None, ..answers("first") }).unwrap();
        assert_eq!(kept(&store, 1), Some(answers("first")));
        let second = Answers { statistics: None, ..answers("second") };
        store.keep_answers(key(1), second.clone()).unwrap();
        assert_eq!(kept(&store, 1), Some(second), "the statistics were those of another catalog");
    }

    #[test]
    fn databases_that_were_not_read_for_long_or_are_too_many_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_in(folder.path()).unwrap();
        for n in 0..=MAX_CATALOGS {
            store.keep_answers(key(n), answers("first")).unwrap();
        }
        assert_eq!((kept(&store, 0), kept(&store, 1)), (None, Some(answers("first"))));
        let long_ago = now() - FORGOTTEN_AFTER_MS - 1;
        let aged = store.ask(async move |connection| {
            sqlx::query("UPDATE catalogs SET read_at = ?").bind(long_ago).execute(connection).await.map(|_| ())
        });
        aged.unwrap();
        assert_eq!(kept(&store, 1), None);
        store.keep_answers(key(2), answers("second")).unwrap();
        let count = store.ask(async |connection| {
            let counted =
                sqlx::query("SELECT (SELECT count(*) FROM catalogs) + (SELECT count(*) FROM catalog_answers)");
            counted.fetch_one(connection).await?.try_get::<i64, _>(0)
        });
        assert_eq!(count.unwrap(), 2);
        store.keep_time(key(2)).unwrap();
        assert_eq!(kept(&store, 2), Some(answers("second")));
    }

    #[test]
    fn those_that_are_too_large_together_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_in(folder.path()).unwrap();
        let large = "x".repeat(usize::try_from(MAX_TOTAL / 2).unwrap());
        for n in 1..=2 {
            store.keep_answers(key(n), answers(&large)).unwrap();
        }
        assert_eq!((kept(&store, 1).is_some(), kept(&store, 2).is_some()), (true, true));
        store.keep_answers(key(3), answers("small")).unwrap();
        assert_eq!((kept(&store, 1), kept(&store, 2).is_some(), kept(&store, 3).is_some()), (None, true, true));
    }
}
