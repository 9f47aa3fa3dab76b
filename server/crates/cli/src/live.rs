//! The database that a project is run on, for the commands.

use analysis::{DesiredSource, Project};
use anyhow::{Context as _, bail};
use clap::Args;
use database::local::Standing;
use database::{Access, Catalog, Filter, connect};
use schema::{ObjectPath, Schema};
use std::future::Future;
use workspace::{DatabaseProject, Environment, EnvironmentKind, environment, keep_catalog, look_beside};

use crate::render;

/// Which database.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Where {
    /// The environment, as `driftlens.toml` calls it; the one for development where none is named.
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// The database's address, in place of the configured one.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
}

/// The environment that the flags ask for. A server of the project's own has to run.
pub(crate) fn environment_of(project: &Project, wanted: &Where) -> anyhow::Result<Environment> {
    let found = configured_environment(project, wanted)?;
    match &found.server {
        Some(server) if server.standing() == Standing::Stopped => {
            bail!(
                "{}: the database of `driftlens up` does not run; `driftlens up` starts it",
                render::short_path(project.source())
            )
        }
        _ => Ok(found),
    }
}

/// The same, whether it runs or not.
pub(crate) fn configured_environment(project: &Project, wanted: &Where) -> anyhow::Result<Environment> {
    let label = || render::short_path(project.source());
    environment(&about(project)?, wanted.url.as_deref(), wanted.env.as_deref()).with_context(label)
}

/// The project, as far as its databases are concerned.
pub(crate) fn about(project: &Project) -> anyhow::Result<DatabaseProject<'_>> {
    let config = project.config.as_ref().with_context(|| {
        let reasons: Vec<&str> = project.diagnostics.iter().map(|found| found.message.as_str()).collect();
        format!("{}: {}", render::short_path(project.source()), reasons.join("; "))
    })?;
    let drizzle = match &config.desired {
        DesiredSource::Drizzle(drizzle) => Some(&drizzle.file),
        DesiredSource::Sql { .. } | DesiredSource::None => None,
    };
    Ok(DatabaseProject {
        source: project.source(),
        index: project.id.index,
        drizzle,
        dialect: config.dialect,
        format: config.format,
    })
}

/// What the database holds of what the project is about.
pub(crate) fn catalog(project: &Project, environment: &Environment) -> anyhow::Result<Catalog> {
    let desired = project.desired.as_ref().map(|desired| &desired.schema);
    filtered_catalog(project, environment, &environment.filter_for(desired))
}

/// What the database holds, whatever namespaces the schema files declare so far. Roles only where they are declared or configured.
pub(crate) fn whole_catalog(project: &Project, environment: &Environment) -> anyhow::Result<Catalog> {
    let desired = project.desired.as_ref().map(|desired| &desired.schema);
    let mut filter = environment.filter_for(None);
    filter.declared_roles = desired.map(|desired| desired.roles.keys().cloned().collect()).unwrap_or_default();
    let mut catalog = filtered_catalog(project, environment, &filter)?;
    // What a migration tool made for its ledger alone is gone with it.
    let schema = &mut catalog.schema;
    let objects =
        schema.tables.keys().chain(schema.views.keys()).chain(schema.enums.keys()).chain(schema.sequences.keys());
    let objects = objects.chain(schema.opaque.keys().map(|key| &key.name)).chain(schema.domains.keys());
    let used: Vec<String> = objects.map(|name| name.namespace.clone()).collect();
    let is_ledgers = |namespace: &String| filter.ledgers.iter().any(|ledger| ledger.namespace == *namespace);
    schema.namespaces.retain(|namespace| !is_ledgers(namespace) || used.contains(namespace));
    Ok(catalog)
}

fn filtered_catalog(project: &Project, environment: &Environment, filter: &Filter) -> anyhow::Result<Catalog> {
    let mut catalog = wait(async {
        let mut connection = connect(&environment.address, Access::Read).await?;
        let catalog = connection.catalog().await;
        connection.close().await;
        catalog
    })??;
    keep_catalog(project, environment, &catalog);
    filter.apply(&mut catalog.schema);
    Ok(catalog)
}

/// The same, held against `ours`: what means the same is spelled as there, and named is what nobody could prove to.
pub(crate) fn beside(environment: &Environment, ours: &Schema) -> anyhow::Result<(Schema, Vec<ObjectPath>)> {
    let access = match environment.kind {
        // Only there the server is asked by making things, which are taken back.
        EnvironmentKind::Development => Access::Write,
        EnvironmentKind::Shared | EnvironmentKind::Production => Access::Read,
    };
    beside_with(environment, ours, access)
}

/// The same over a connection that the database keeps read-only, whatever environment it is.
pub(crate) fn beside_for_reading(
    environment: &Environment,
    ours: &Schema,
) -> anyhow::Result<(Schema, Vec<ObjectPath>)> {
    beside_with(environment, ours, Access::Read)
}

fn beside_with(environment: &Environment, ours: &Schema, access: Access) -> anyhow::Result<(Schema, Vec<ObjectPath>)> {
    wait(async {
        let mut connection = connect(&environment.address, access).await?;
        let found = look_beside(&mut connection, environment, ours).await;
        connection.close().await;
        Ok(found?)
    })?
}

/// Runs to its end what waits for a database.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.context("the runtime does not start")?.block_on(future))
}
