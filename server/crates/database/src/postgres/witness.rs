//! What the server has said of two spellings, kept for connections that may not have it said again.
//!
//! A witness is about one object, and about exactly these two texts: where either of them is another one today, or where the columns that
//! they speak of are others, it says nothing.

use schema::{ObjectKind, ObjectPath, Schema};

use crate::connection::Connection;
use crate::error::Error;

use super::planned::Planned;
use super::probe::{PROBE, Settled};

/// The server's codes for a lock that is not had in time, for a statement that takes too long, and for two that wait for each other.
const NOT_IN_TIME: [&str; 3] = ["55P03", "57014", "40P01"];

/// The server has printed an object that was made of our text as it prints the one that is there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Witness {
    /// How the server was asked for its print of the object.
    pub question: String,
    /// The statement that made it of our text.
    pub ours: String,
    /// What the server printed both times.
    pub theirs: String,
    /// The columns that the text may speak of, with their types.
    pub about: String,
}

/// How it is found out whether two texts mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// By making the object.
    Building,
    /// By witnesses, then by the planner.
    Looking,
}

/// What may be made to have the server say something, and is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Making {
    /// Objects of any kind: what they belong to is locked meanwhile.
    Anything,
    /// Views beside those that are there: nobody waits for that.
    Views,
}

/// What the server makes of two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Same,
    Different,
    Unproved,
}

/// How the server is asked about one object.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// For its print of what is there.
    pub(super) before: &'a str,
    /// What makes the object of our text.
    pub(super) change: &'a str,
    /// For its print of that.
    pub(super) after: &'a str,
    /// For the columns that the texts may speak of; empty where they speak of none.
    pub(super) about: &'a str,
}

impl Asked<'_> {
    /// For the print of what is there, and for the columns.
    fn question(&self) -> String {
        let about = if self.about.is_empty() { "''" } else { self.about };
        format!("SELECT ({}), ({about})", self.before)
    }

    fn is_answered(&self, witness: &Witness) -> bool {
        witness.question == self.before && witness.ours == self.change
    }
}

/// A question for the columns of relations, which are a query or a value, with their types.
pub(super) fn columns_of(relations: &str) -> String {
    format!(
        "SELECT string_agg(format('%s.%I %s', attrelid::regclass, attname, format_type(atttypid, atttypmod)), ', ' \
         ORDER BY attrelid::regclass::text, attnum) FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attrelid IN ({relations})"
    )
}

impl Connection {
    /// What was proved before on this database.
    pub fn set_witnesses(&mut self, witnesses: Vec<Witness>) {
        self.witnesses = witnesses;
    }

    /// Has the server say, by making the objects, what could not be found out by looking. Nothing is made where looking does.
    pub async fn prove(&mut self, ours: &Schema, theirs: &Schema, making: Making) -> Result<Vec<Witness>, Error> {
        let proof = std::mem::replace(&mut self.proof, Proof::Looking);
        let looked = self.settle(ours, &mut theirs.clone()).await;
        self.proof = proof;
        let unproved = looked?.unproved;
        let is_open = |path: ObjectPath| {
            (making == Making::Anything || path.kind == ObjectKind::View) && unproved.contains(&path)
        };
        if proof == Proof::Looking || !unproved.iter().cloned().any(is_open) {
            return Ok(Vec::new());
        }
        let mut ours = ours.clone();
        ours.domains.retain(|name, _| is_open(ObjectPath::new(ObjectKind::Domain, name)));
        ours.tables.retain(|name, _| is_open(ObjectPath::new(ObjectKind::Table, name)));
        ours.views.retain(|name, _| is_open(ObjectPath::new(ObjectKind::View, name)));
        ours.opaque.retain(|key, _| is_open(key.path()));
        Ok(self.settle(&ours, &mut theirs.clone()).await?.proved)
    }

    pub(super) async fn settle_pair<T: Clone + PartialEq>(
        &mut self,
        (ours, theirs): (&T, &mut T),
        asked: Asked<'_>,
        planned: Option<Planned>,
        settled: &mut Settled,
    ) -> Result<(), Error> {
        if ours == theirs {
            settled.n_equal += 1;
            return Ok(());
        }
        match self.meaning(asked, planned, settled).await? {
            Meaning::Same => settled.n_same_meaning += 1,
            Meaning::Unproved => settled.n_unproved += 1,
            Meaning::Different => {
                settled.n_different += 1;
                return Ok(());
            }
        }
        *theirs = ours.clone();
        Ok(())
    }

    pub(super) async fn meaning(
        &mut self,
        asked: Asked<'_>,
        planned: Option<Planned>,
        settled: &mut Settled,
    ) -> Result<Meaning, Error> {
        match (self.proof, planned) {
            (Proof::Building, _) => self.meaning_when_built(asked, settled).await,
            (Proof::Looking, _) if self.is_witnessed(asked).await? => Ok(Meaning::Same),
            (Proof::Looking, Some(planned)) => self.meaning_when_planned(&planned).await,
            (Proof::Looking, None) => Ok(Meaning::Unproved),
        }
    }

    /// True where the server has said so of our text and of what is there now.
    async fn is_witnessed(&mut self, asked: Asked<'_>) -> Result<bool, Error> {
        if !self.witnesses.iter().any(|it| asked.is_answered(it)) {
            return Ok(false);
        }
        self.execute(&format!("SAVEPOINT {PROBE}")).await?;
        let now = self.print(asked).await;
        if let Err(error @ Error::Lost { .. }) = now {
            return Err(error);
        }
        self.execute(&format!("ROLLBACK TO SAVEPOINT {PROBE}; RELEASE SAVEPOINT {PROBE}")).await?;
        let Ok(Some((theirs, about))) = now else { return Ok(false) };
        Ok(self.witnesses.iter().any(|it| asked.is_answered(it) && it.theirs == theirs && it.about == about))
    }

    /// The same where the question `after` has, after the change, the answer that `before` had before it.
    async fn meaning_when_built(&mut self, asked: Asked<'_>, settled: &mut Settled) -> Result<Meaning, Error> {
        self.execute(&format!("SAVEPOINT {PROBE}")).await?;
        let answers = self.answers(asked).await;
        if let Err(error @ Error::Lost { .. }) = answers {
            return Err(error);
        }
        self.execute(&format!("ROLLBACK TO SAVEPOINT {PROBE}; RELEASE SAVEPOINT {PROBE}")).await?;
        Ok(match answers {
            Ok((Some((theirs, about)), Some(after))) if theirs == after => {
                let (question, ours) = (asked.before.to_owned(), asked.change.to_owned());
                settled.proved.push(Witness { question, ours, theirs, about });
                Meaning::Same
            }
            Err(error) if error.code().is_some_and(|code| NOT_IN_TIME.contains(&code)) => Meaning::Unproved,
            // What the server does not take as it is now is not what it holds.
            Ok(_) | Err(_) => Meaning::Different,
        })
    }

    async fn answers(&mut self, asked: Asked<'_>) -> Result<(Option<(String, String)>, Option<String>), Error> {
        let before = self.print(asked).await?;
        self.execute(asked.change).await?;
        Ok((before, self.value(asked.after).await?))
    }

    /// The server's print of what is there, and the columns that it may speak of. None where nothing is there.
    async fn print(&mut self, asked: Asked<'_>) -> Result<Option<(String, String)>, Error> {
        let row = self.rows(&asked.question()).await?.into_iter().next().unwrap_or_default();
        let mut values = row.into_iter();
        let (print, about) = (values.next().flatten(), values.next().flatten());
        Ok(print.map(|print| (print, about.unwrap_or_default())))
    }
}
