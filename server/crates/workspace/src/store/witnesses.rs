//! Spellings of which the server of a database has said that they mean the same.

use super::{Store, StoreError, now};
use database::Witness;
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection as _, Row as _};

/// Those beyond the so many that were proved last are forgotten.
const MAX_WITNESSES: i64 = 20_000;

impl Store {
    /// Keeps what was just proved. What was proved of another print of an object is no longer of use.
    pub(crate) fn keep_witnesses(
        &self,
        address: &str,
        identity: &str,
        witnesses: Vec<Witness>,
    ) -> Result<(), StoreError> {
        let (address, identity, at) = (address.to_owned(), identity.to_owned(), now());
        self.ask(async move |connection| {
            let mut transaction = connection.begin().await?;
            for it in witnesses {
                let query = sqlx::query(
                    "DELETE FROM witnesses WHERE address = ? AND identity = ? AND question = ? AND (ours = ? OR theirs <> ? OR about <> ?)",
                );
                let query = query.bind(&address).bind(&identity).bind(&it.question);
                query.bind(&it.ours).bind(&it.theirs).bind(&it.about).execute(&mut *transaction).await?;
                let query = sqlx::query(
                    "INSERT INTO witnesses (address, identity, question, ours, theirs, about, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                );
                let query = query.bind(&address).bind(&identity).bind(it.question).bind(it.ours);
                query.bind(it.theirs).bind(it.about).bind(at).execute(&mut *transaction).await?;
            }
            let query = sqlx::query(
                "DELETE FROM witnesses WHERE id <= (SELECT id FROM witnesses ORDER BY id DESC LIMIT 1 OFFSET ?)",
            );
            query.bind(MAX_WITNESSES).execute(&mut *transaction).await?;
            transaction.commit().await
        })
    }

    /// What was proved on a database.
    pub(crate) fn witnesses(&self, address: &str, identity: &str) -> Result<Vec<Witness>, StoreError> {
        let (address, identity) = (address.to_owned(), identity.to_owned());
        self.ask(async move |connection| {
            let query = sqlx::query("SELECT * FROM witnesses WHERE address = ? AND identity = ? ORDER BY id");
            let rows = query.bind(address).bind(identity).fetch_all(connection).await?;
            let one = |row: &SqliteRow| {
                Ok(Witness {
                    question: row.try_get("question")?,
                    ours: row.try_get("ours")?,
                    theirs: row.try_get("theirs")?,
                    about: row.try_get("about")?,
                })
            };
            rows.iter().map(one).collect()
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests say so by failing")]
mod tests {
    use super::*;

    const ADDRESS: &str = "postgres://me@localhost/app";

    fn witness(question: &str, ours: &str, theirs: &str) -> Witness {
        let about = String::from("t.id integer");
        Witness { question: question.to_owned(), ours: ours.to_owned(), theirs: theirs.to_owned(), about }
    }

    #[test]
    fn a_witness_belongs_to_one_database_and_to_one_print_of_an_object() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_in(folder.path()).unwrap();
        let keep = |identity: &str, it: &Witness| store.keep_witnesses(ADDRESS, identity, vec![it.clone()]).unwrap();
        let kept = |identity: &str| store.witnesses(ADDRESS, identity).unwrap();
        let (first, second) = (witness("a", "id IN (1, 2)", "x"), witness("a", "id = 1 OR id = 2", "x"));
        keep("1", &first);
        keep("1", &second);
        keep("2", &witness("b", "id > 1", "y"));
        assert_eq!((kept("1"), kept("2").len(), kept("3").len()), (vec![first.clone(), second.clone()], 1, 0));
        assert!(store.witnesses("postgres://me@localhost/other", "1").unwrap().is_empty());
        // Proved again it is there once.
        keep("1", &first);
        assert_eq!(kept("1"), [second, first]);
        let of_another_print = witness("a", "id IN (1, 3)", "z");
        keep("1", &of_another_print);
        assert_eq!((kept("1"), kept("2").len()), (vec![of_another_print], 1));
    }

    #[test]
    fn the_oldest_witnesses_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_in(folder.path()).unwrap();
        let many = (0..=MAX_WITNESSES).map(|n| witness(&format!("q{n}"), "a", "b")).collect();
        store.keep_witnesses(ADDRESS, "1", many).unwrap();
        let kept = store.witnesses(ADDRESS, "1").unwrap();
        assert_eq!((kept.len(), kept.first()), (20_000, Some(&witness("q1", "a", "b"))));
    }
}
