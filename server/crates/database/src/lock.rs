//! One at a time: who changes a database through Driftlens.

use std::time::{Duration, Instant};

use schema::Dialect;

use crate::connection::Connection;
use crate::error::Error;

/// `driftlen`, as PostgreSQL's advisory locks are told apart by numbers.
const KEY: i64 = 0x6472_6966_746c_656e;
const PAUSE: Duration = Duration::from_millis(200);

impl Connection {
    /// Takes the lock that ends with the connection; `waiting` is called once where somebody else has it. False where it is not had in
    /// time. SQLite has none: there the first statement of a transaction takes the file.
    pub async fn lock(&mut self, within: Duration, waiting: &mut dyn FnMut()) -> Result<bool, Error> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(true);
        }
        let question = format!("SELECT pg_try_advisory_lock({KEY})::text");
        let start = Instant::now();
        let mut is_told = false;
        while self.value(&question).await?.as_deref() != Some("true") {
            self.go_on()?;
            if start.elapsed() > within {
                return Ok(false);
            }
            if !std::mem::replace(&mut is_told, true) {
                waiting();
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(true)
    }
}
