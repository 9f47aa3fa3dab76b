//! `driftlens status`: schema files, migrations and a database beside each other.

use database::{Access, Address, connect};
use std::process::ExitCode;

use workspace::{Environment, EnvironmentKind, standing};

use super::inspect::{analyze, the_project};
use crate::arguments::Selected;
use crate::live::{self, Where};
use crate::render::status::Shown;
use crate::{PlainFormat, render};

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) project: &'a Selected,
    pub(crate) database: Where,
    /// Whether something open is an exit code.
    pub(crate) is_check: bool,
    pub(crate) format: PlainFormat,
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let analysis = analyze(wanted.project.path.as_deref(), wanted.project.config.as_deref())?;
    let project = the_project(&analysis, wanted.project.project.as_deref())?;
    let environment = live::environment_of(project, &wanted.database)?;
    let standing = live::wait(async {
        let mut connection = open(&environment).await?;
        let found = standing(&mut connection, project, &environment).await;
        connection.close().await;
        found
    })??;
    let shown = Shown { project, environment: &environment, standing: &standing };
    match wanted.format {
        PlainFormat::Text => render::print(&shown.text())?,
        PlainFormat::Json => render::generate::print_json(&shown.json())?,
    }
    Ok(if wanted.is_check && shown.is_open() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A SQLite file that is not there yet is an empty database. Only one for development is asked by making things, which are taken back.
async fn open(environment: &Environment) -> Result<database::Connection, database::Error> {
    if environment.address.sqlite_file().is_some_and(|file| !file.exists()) {
        return connect(&Address::in_memory(), Access::Write).await;
    }
    let access = match environment.kind {
        EnvironmentKind::Development => Access::Write,
        EnvironmentKind::Shared | EnvironmentKind::Production => Access::Read,
    };
    connect(&environment.address, access).await
}
