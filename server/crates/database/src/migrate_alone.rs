//! Migrations that no transaction takes: statement by statement, and how far each came is told.

use std::time::Instant;

use history::{LedgerRow, Script};
use schema::Dialect;

use crate::connection::Connection;
use crate::error::Error;
use crate::migrate::{Direction, Failure, MigrateProgress, Migrating, byte_of};

impl Connection {
    /// Statement by statement, each on its own. Nobody else writes to a SQLite file meanwhile, though no transaction holds it.
    pub(crate) async fn run_alone(
        &mut self,
        it: Migrating<'_>,
        position: usize,
        script: &Script,
        rows: &mut Vec<LedgerRow>,
        progress: &mut (dyn FnMut(MigrateProgress) + Send),
    ) -> Result<(), (usize, Failure)> {
        if self.dialect() != Dialect::Sqlite {
            return self.run_statements(it, position, script, rows, progress).await;
        }
        // In the exclusive mode a lock is kept when its transaction ends; asked for before it, two that wait would wait for each other.
        let held = self.execute("BEGIN IMMEDIATE; PRAGMA locking_mode = EXCLUSIVE; COMMIT").await;
        let done = match held {
            Ok(()) => match self.run_statements(it, position, script, rows, progress).await {
                Ok(()) => it.ledger.rows(self).await.map_err(|error| (position, Failure::of(error))),
                Err(failed) => Err(failed),
            },
            Err(error) => {
                let _ = self.execute("ROLLBACK").await;
                Err((position, Failure::of(error)))
            }
        };
        // It is given back when the file is next looked at.
        let given_back = self.execute("PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_schema").await;
        *rows = done?.unwrap_or_default();
        given_back.map_err(|error| (position, Failure::of(error)))
    }

    /// What was begun stays begun in the ledgers that know such a state.
    async fn run_statements(
        &mut self,
        it: Migrating<'_>,
        position: usize,
        script: &Script,
        rows: &[LedgerRow],
        progress: &mut (dyn FnMut(MigrateProgress) + Send),
    ) -> Result<(), (usize, Failure)> {
        let plain = |error: Error| (position, Failure::of(error));
        if self.dialect() == Dialect::Sqlite && it.ledger.rows(self).await.map_err(plain)?.unwrap_or_default() != rows {
            return Err((position, Failure::Changed));
        }
        self.prepare_first(it, position).await.map_err(plain)?;
        progress(MigrateProgress::Begun(position));
        let start = Instant::now();
        let begun = it.ledger.begin_sql(script).filter(|_| it.direction == Direction::Apply);
        if let Some(begun) = &begun {
            // One that was left in the middle has its row.
            let again =
                if rows.iter().any(|row| row.is_failed) { it.ledger.remove_sql(script) + "; " } else { String::new() };
            self.execute(&(again + begun)).await.map_err(plain)?;
        }
        let resume = it.resume.filter(|resume| resume.position == position);
        let n_before = resume.map(|resume| resume.n_statements).unwrap_or_default();
        for (n_statements, span) in script.statements.iter().enumerate().skip(n_before) {
            let sql = script.text.get(span.start as usize..span.end as usize).unwrap_or_default();
            let may_be_there = resume.is_some_and(|resume| resume.is_running && resume.n_statements == n_statements);
            if may_be_there {
                self.drop_unfinished_index(sql).await;
            }
            progress(MigrateProgress::Statement { position, n_done: n_statements, is_running: true });
            let ran = match self.execute_counting(sql).await {
                Err((error, _)) if may_be_there && error.is_there_already() => Ok(()),
                ran => ran,
            };
            if let Err((error, _)) = ran {
                let is_lost = matches!(error, Error::Lost { .. });
                if !is_lost {
                    // It may have begun a transaction of its own.
                    let _ = self.execute("ROLLBACK").await;
                    self.drop_unfinished_index(sql).await;
                    progress(MigrateProgress::Statement { position, n_done: n_statements, is_running: false });
                }
                let offset = match &error {
                    Error::Statement(said) => said.position.map(|at| span.start as usize + byte_of(sql, at)),
                    _ => None,
                };
                if let (Some(_), 0, false) = (&begun, n_statements, is_lost) {
                    let _ = self.execute(&it.ledger.remove_sql(script)).await;
                }
                let failure =
                    Failure::Failed { error, statement: Some(*span), offset, n_statements, is_unclear: is_lost };
                return Err((position, failure));
            }
            progress(MigrateProgress::Statement { position, n_done: n_statements + 1, is_running: false });
        }
        let row = match it.direction {
            Direction::Apply => it.ledger.end_sql(script, start.elapsed().as_millis()),
            Direction::TakeBack => it.ledger.remove_sql(script),
        };
        self.execute(&row).await.map_err(|error| {
            let n_statements = script.statements.len();
            (position, Failure::Failed { error, statement: None, offset: None, n_statements, is_unclear: false })
        })?;
        progress(MigrateProgress::Done(position, start.elapsed()));
        Ok(())
    }
}
