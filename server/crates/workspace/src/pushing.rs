//! What has to be done to a database for it to be what the schema files say.

use std::time::Duration;

use analysis::{Project, Pushing, RenameAnswers, known_desired, push};
use database::{Access, Address, ApplyError, Connection, Error, Progress, connect};
use plan::Plan;
use schema::{ObjectPath, Schema};

use crate::{Disk, Environment, witnesses};

/// How long another push or migration is waited for.
const WAIT_FOR_OTHERS: Duration = Duration::from_secs(30);

/// A database beside the schema files.
#[derive(Debug)]
pub struct Look {
    pub pushing: Pushing,
    /// Where a text differs and its meaning could not be proved to be the same: nothing is made of these.
    pub unproved: Vec<ObjectPath>,
    /// What the database holds of what is looked at.
    pub live: Schema,
    /// What the schema files say of it.
    pub desired: Schema,
}

/// What a database holds of what a project is about, with what means the same as in `ours` spelled as there. Where a text differs and its
/// meaning could not be proved to, it is taken over too, and its object named.
pub async fn look_beside(
    connection: &mut Connection,
    environment: &Environment,
    ours: &Schema,
) -> Result<(Schema, Vec<ObjectPath>), Error> {
    let live = connection.catalog().await?.schema;
    settled(connection, environment, ours, live).await
}

/// The same for a catalog that was read already.
pub(crate) async fn settled(
    connection: &mut Connection,
    environment: &Environment,
    ours: &Schema,
    mut live: Schema,
) -> Result<(Schema, Vec<ObjectPath>), Error> {
    environment.filter_for(Some(ours)).apply(&mut live);
    let settled = witnesses::settle(connection, ours, &mut live).await?;
    Ok((live, settled.unproved))
}

/// Reads the database and plans. The connection has to be one that may write, for the server is asked which expressions mean the same, in
/// a transaction that is taken back.
pub async fn look(
    connection: &mut Connection,
    project: &Project,
    environment: &Environment,
    answers: &RenameAnswers,
) -> Result<Look, Error> {
    let mut desired = match known_desired(project) {
        Ok(desired) => desired.clone(),
        Err(pushing) => {
            let nothing = Schema::new(connection.dialect());
            return Ok(Look { pushing, unproved: Vec::new(), desired: nothing.clone(), live: nothing });
        }
    };
    environment.filter_for(Some(&desired)).apply(&mut desired);
    let (live, unproved) = look_beside(connection, environment, &desired).await?;
    let pushing = push(project, &desired, &live, answers, &Disk::new());
    Ok(Look { pushing, unproved, live, desired })
}

/// Connects to push. A SQLite file that is not there is made by the push, and is empty for one that only looks.
pub async fn open_for_push(environment: &Environment, is_dry_run: bool) -> Result<Connection, Error> {
    let is_missing = environment.address.sqlite_file().is_some_and(|file| !file.exists());
    if is_missing && is_dry_run {
        return connect(&Address::in_memory(), Access::Write).await;
    }
    let mut connection = connect(&environment.address, Access::Create).await?;
    connection.limit_lock_waits().await?;
    Ok(connection)
}

/// A plan that was shown, and what of it is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Agreed<'a> {
    pub shown: &'a Plan,
    pub chosen: &'a Plan,
    /// With which it was made.
    pub answers: &'a RenameAnswers,
}

/// What happens meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushNews {
    /// Another Driftlens changes the database.
    Waiting,
    Applying(Progress),
}

/// What came of a push.
#[derive(Clone, Debug, PartialEq)]
pub enum Pushed {
    Applied,
    /// Others did not end in time. Nothing was changed, as in the next.
    Busy,
    /// The plan would be another one now than the one that was shown.
    Changed,
    Failed(ApplyError),
}

/// Does what was agreed to, if the plan that was shown is still the plan.
pub async fn push_agreed(
    connection: &mut Connection,
    project: &Project,
    environment: &Environment,
    agreed: Agreed<'_>,
    news: &mut dyn FnMut(PushNews),
) -> Result<Pushed, Error> {
    if !connection.lock(WAIT_FOR_OTHERS, &mut || news(PushNews::Waiting)).await? {
        return Ok(Pushed::Busy);
    }
    let now = look(connection, project, environment, agreed.answers).await?;
    if !matches!(&now.pushing, Pushing::Plan(again) if **again == *agreed.shown) {
        return Ok(Pushed::Changed);
    }
    let applied = connection.apply(agreed.chosen, &mut |progress| news(PushNews::Applying(progress))).await;
    Ok(applied.map_or_else(Pushed::Failed, |()| Pushed::Applied))
}
