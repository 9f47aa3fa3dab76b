//! One reading of a project's database: its catalog, its statistics, and how it stands to the project.

use analysis::{LivePicture, Project};
use database::{Access, Connection, Error, connect, statistics_of};
use history::LedgerRow;
use schema::Schema;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use workspace::{Answers, Environment, Standing, ledger_of, standing_of};

/// A server that says nothing for this long counts as one that cannot be reached.
const READ_WITHIN: Duration = Duration::from_secs(40);

/// What the standing was worked out from: while that stays, it stays, and the server is not asked again.
pub(crate) struct Seen {
    catalog: Arc<Schema>,
    project: Arc<Project>,
    rows: Option<Vec<LedgerRow>>,
    pub(crate) standing: Arc<Standing>,
}

/// What stays from one reading to the next.
#[derive(Default)]
pub(crate) struct Reading {
    pub(crate) connection: Option<Connection>,
    pub(crate) seen: Option<Seen>,
    /// What the server said the last time, until it is taken.
    pub(crate) answers: Option<Answers>,
}

/// Reads on a thread of its own: what is read is compared there too, and requests are answered meanwhile. None where that failed.
pub(crate) async fn read_aside(
    mut reading: Reading,
    environment: Environment,
    project: Arc<Project>,
) -> Option<(Reading, Result<LivePicture, Error>)> {
    let handle = Handle::current();
    let done = tokio::task::spawn_blocking(move || {
        handle.block_on(async {
            let read = tokio::time::timeout(READ_WITHIN, reading.read(&environment, &project)).await;
            let read = read.unwrap_or_else(|_| {
                Err(Error::Unreachable {
                    address: environment.address.to_string(),
                    reason: format!("no answer within {} seconds", READ_WITHIN.as_secs()),
                })
            });
            if read.is_err() {
                reading.connection = None;
            }
            (reading, read)
        })
    });
    done.await.ok()
}

impl Reading {
    async fn read(&mut self, environment: &Environment, project: &Arc<Project>) -> Result<LivePicture, Error> {
        if let Some(mut open) = self.connection.take() {
            match self.look(&mut open, environment, project).await {
                Ok(picture) => {
                    self.connection = Some(open);
                    return Ok(picture);
                }
                // The server was started again, or a proxy closed what was idle.
                Err(Error::Lost { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let mut open = connect(&environment.address, Access::Read).await?;
        let picture = self.look(&mut open, environment, project).await?;
        self.connection = Some(open);
        Ok(picture)
    }

    async fn look(
        &mut self,
        connection: &mut Connection,
        environment: &Environment,
        project: &Arc<Project>,
    ) -> Result<LivePicture, Error> {
        let (picture, answers) = picture(connection).await?;
        self.answers = Some(answers);
        let history = project.history.as_deref().filter(|history| !history.unreadable);
        let rows = match history {
            Some(history) => ledger_of(history, environment).rows(connection).await?,
            None => None,
        };
        let is_same = self.seen.as_ref().is_some_and(|seen| {
            Arc::ptr_eq(&seen.project, project) && seen.rows == rows && seen.catalog == picture.schema
        });
        if !is_same {
            let standing = Arc::new(standing_of(connection, project, environment, &picture.schema).await?);
            self.seen = Some(Seen { catalog: picture.schema.clone(), project: project.clone(), rows, standing });
        }
        Ok(picture)
    }
}

async fn picture(connection: &mut Connection) -> Result<(LivePicture, Answers), Error> {
    let catalog = connection.catalog().await?;
    let statistics = connection.statistics().await?;
    let answers = Answers::of(&catalog, Some(statistics.clone()));
    let picture = LivePicture {
        server: catalog.server,
        schema: Arc::new(catalog.schema),
        statistics: Arc::new(statistics_of(connection.dialect(), statistics)),
    };
    Ok((picture, answers))
}
