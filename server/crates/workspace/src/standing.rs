//! How a database stands to the folder and to the schema files.

use analysis::{Compared, DesiredSource, Project, applied_schema, differing, known_desired};
use database::{Connection, Error};
use plan::Step;
use schema::{ObjectPath, Schema};

use crate::pushing::settled;
use crate::{Environment, LedgerLook, keep_catalog, look_at_ledger};

/// All that is between them.
#[derive(Clone, Debug)]
pub struct Standing {
    /// None where there is no folder, or none that can be read.
    pub look: Option<LedgerLook>,
    /// What somebody did to the database beside the migrations that are applied, as steps. None where that cannot be told: nothing is
    /// applied, what is applied has gaps or was changed, or a migration cannot be read in full.
    pub drift: Option<Vec<Step>>,
    /// What a push would do, renames not asked about. None where not all of the schema files is known.
    pub to_push: Option<Vec<Step>>,
    /// Where a text differs and could not be proved to mean the same: nothing is said of these.
    pub unproved: Vec<ObjectPath>,
}

impl Standing {
    /// True where the database is what the schema files say, and the migrations say something else: it was pushed.
    pub fn is_pushed(&self, project: &Project) -> bool {
        let is_drifted = self.drift.as_ref().is_some_and(|steps| !steps.is_empty());
        is_drifted && self.is_as_desired() && !project.pending.is_empty()
    }

    /// True where there is nothing else to tell than of the other one.
    pub fn tells_the_same(&self, other: &Standing) -> bool {
        let state = |standing: &Standing| standing.look.as_ref().map(|look| look.state.clone());
        state(self) == state(other)
            && self.drift == other.drift
            && self.to_push == other.to_push
            && self.unproved == other.unproved
    }

    fn is_as_desired(&self) -> bool {
        self.to_push.as_ref().is_some_and(Vec::is_empty)
    }
}

/// Who runs the server brings extensions and gives rights by default: of these only what the migrations speak of counts.
pub fn leave_out_unspoken(live: &mut Schema, migrations: &Schema) {
    live.extensions.retain(|name, _| migrations.extensions.contains_key(name));
    live.grants.retain(|key, _| migrations.grants.contains_key(key));
}

/// Reads ledger and catalog. A connection that may only read will do; what means the same is told apart less well then.
pub async fn standing(
    connection: &mut Connection,
    project: &Project,
    environment: &Environment,
) -> Result<Standing, Error> {
    let catalog = connection.catalog().await?;
    // An empty one stands for a SQLite file that is not there yet.
    if *connection.address() == environment.address {
        keep_catalog(project, environment, &catalog);
    }
    standing_of(connection, project, environment, &catalog.schema).await
}

/// The same with a catalog that was read already.
pub async fn standing_of(
    connection: &mut Connection,
    project: &Project,
    environment: &Environment,
    catalog: &Schema,
) -> Result<Standing, Error> {
    let mut found = Standing { look: None, drift: None, to_push: None, unproved: Vec::new() };
    if let Some(history) = project.history.as_deref().filter(|history| !history.unreadable) {
        let look = look_at_ledger(connection, history, environment).await?;
        if let Some(mut applied) = applied_schema(history, &look.state) {
            // Names of the schema files count for what is looked at, as in a push.
            environment.filter_for(Some(&applied)).apply(&mut applied);
            let (mut live, unproved) = settled(connection, environment, &applied, catalog.clone()).await?;
            leave_out_unspoken(&mut live, &applied);
            let from = Compared { schema: applied, is_drizzle: false, is_live: false };
            found.drift = differing(&from, &Compared { schema: live, is_drizzle: false, is_live: true });
            found.unproved = unproved;
        }
        found.look = Some(look);
    }
    if let Ok(desired) = known_desired(project) {
        let mut desired = desired.clone();
        environment.filter_for(Some(&desired)).apply(&mut desired);
        let (live, unproved) = settled(connection, environment, &desired, catalog.clone()).await?;
        let is_drizzle = project.config.as_ref().is_some_and(|it| matches!(it.desired, DesiredSource::Drizzle(_)));
        let from = Compared { schema: live, is_drizzle: false, is_live: true };
        found.to_push = differing(&from, &Compared { schema: desired, is_drizzle, is_live: false });
        found.unproved.extend(unproved);
        found.unproved.sort();
        found.unproved.dedup();
    }
    // A database that was set up by a push or a reset names constraints as the schema files do, and not as renamed tables left them.
    if found.is_as_desired()
        && let Some(steps) = &mut found.drift
    {
        steps.retain(|step| step.kind != "rename_constraint");
    }
    Ok(found)
}
