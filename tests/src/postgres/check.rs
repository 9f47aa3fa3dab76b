//! Texts run by a server and replayed, and what comes of both compared.

use schema::Dialect;

use super::{Session, Settled};
use crate::comparison::{LeftOut, differences, normalize};
use crate::interpreter::{Replayed, replay, shown};

/// What comes of texts.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The server does not take one of them, and says why.
    Refused(String),
    Compared(Compared),
}

#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// What the replay finds wrong with texts that the server takes, and the facts that differ; empty where all is equal.
    pub failures: Vec<String>,
    pub settled: Settled,
    pub left_out: LeftOut,
}

impl Session {
    /// Runs the texts in a transaction that is taken back, and compares their replay with what the database holds meanwhile.
    pub async fn check(&mut self, texts: &[&str]) -> Outcome {
        self.run("BEGIN").await.unwrap();
        let mut outcome = None;
        for text in texts {
            if let Err(message) = self.run(text).await {
                outcome = Some(Outcome::Refused(message));
                break;
            }
            self.run("RESET search_path").await.unwrap();
        }
        let outcome = match outcome {
            Some(refused) => refused,
            None => Outcome::Compared(self.compare(replay(Dialect::Postgres, texts), texts).await),
        };
        self.run("ROLLBACK").await.unwrap();
        outcome
    }

    /// Compares a replay with what the database holds now. Leaves the session in a transaction.
    pub async fn compare(&mut self, replayed: Replayed, texts: &[&str]) -> Compared {
        let (mut ours, mut theirs) = (replayed.schema, self.read().await);
        let left_out = normalize(&mut ours, &mut theirs);
        let settled = self.settle(&ours, &mut theirs).await;
        let mut failures: Vec<String> = replayed.findings.iter().map(|finding| shown(finding, texts)).collect();
        failures.extend(differences(&ours, &theirs).iter().map(ToString::to_string));
        Compared { failures, settled, left_out }
    }
}
