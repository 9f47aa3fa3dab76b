//! What has to be done to a database for it to be what the schema files say.

use analysis::{Project, Pushing, RenameAnswers, desired_as_live, known_desired, push};
use database::{Connection, Error};
use schema::{ObjectPath, Schema};

use crate::{Disk, Environment};

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
    let settled = connection.settle(&desired_as_live(ours, &live), &mut live).await?;
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
