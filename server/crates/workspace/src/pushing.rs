//! What has to be done to a database for it to be what the schema files say.

use analysis::{Project, Pushing, RenameAnswers, desired_as_live, known_desired, push};
use database::{Connection, Error};
use schema::{ObjectPath, Schema};

use crate::{Disk, Environment};

/// A database beside the schema files.
#[derive(Debug)]
pub struct Look {
    pub pushing: Pushing,
    /// Where a text differs and the server could not be asked in time whether its meaning does: nothing is made of these.
    pub unproved: Vec<ObjectPath>,
    /// What the database holds of what is looked at.
    pub live: Schema,
    /// What the schema files say of it.
    pub desired: Schema,
}

/// Reads the database and plans. The connection has to be one that may write, for the server is asked which expressions mean the same, in
/// a transaction that is taken back.
pub async fn look(
    connection: &mut Connection,
    project: &Project,
    environment: &Environment,
    answers: &RenameAnswers,
) -> Result<Look, Error> {
    let mut live = connection.catalog().await?.schema;
    let mut desired = match known_desired(project) {
        Ok(desired) => desired.clone(),
        Err(pushing) => return Ok(Look { pushing, unproved: Vec::new(), desired: Schema::new(live.dialect), live }),
    };
    let filter = environment.filter_for(Some(&desired));
    filter.apply(&mut live);
    filter.apply(&mut desired);
    let settled = connection.settle(&desired_as_live(&desired, &live), &mut live).await?;
    let pushing = push(project, &desired, &live, answers, &Disk::new());
    Ok(Look { pushing, unproved: settled.unproved, live, desired })
}
