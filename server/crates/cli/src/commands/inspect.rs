//! `driftlens inspect`: a schema as Driftlens reads it.

use analysis::{Host, Project, er_diagram};
use anyhow::{Context as _, bail};
use schema::Schema;
use std::path::Path;
use std::process::ExitCode;
use workspace::Disk;

use crate::{Picture, SchemaFormat, render, target};

const ZERO_ID: &str = "00000000-0000-0000-0000-000000000000";

pub(crate) fn run(
    picture: Picture,
    path: Option<&Path>,
    config: Option<&Path>,
    format: SchemaFormat,
) -> anyhow::Result<ExitCode> {
    let paths: Vec<_> = path.map(Path::to_path_buf).into_iter().collect();
    let target = target::find(&paths, config)?;
    let [config] = target.configs.as_slice() else {
        let names: Vec<String> = target.configs.iter().map(|config| config.display().to_string()).collect();
        bail!("several projects are here: {}; name one with --config", names.join(", "));
    };
    let disk = Disk::new().trusting_changes();
    let analysis = Host::new().analyze(std::slice::from_ref(config), &disk);
    let project = analysis.projects.first().context("the project cannot be read")?;
    let schema = picture_of(project, picture)?;
    let text = match format {
        SchemaFormat::Json => serde_json::to_string_pretty(schema)?,
        SchemaFormat::DrizzleSnapshot => {
            serde_json::to_string_pretty(&history::formats::drizzle::snapshot::write(schema, ZERO_ID, ZERO_ID))?
        }
        SchemaFormat::Mermaid => er_diagram(schema).trim_end().to_owned(),
    };
    render::print(&format!("{text}\n"))?;
    if let Some(doubt) = doubt(project, picture) {
        render::note(&format!("{}: {doubt}; `driftlens check` says where", project.config_file.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Why the picture may lack something; a reader of the output alone could not tell.
fn doubt(project: &Project, picture: Picture) -> Option<&'static str> {
    let desired = project.desired.as_ref().is_some_and(|it| it.schema.open || !it.unknown.is_empty());
    let history = project.history.as_ref().is_some_and(|it| !it.schema.unknown.is_empty());
    match picture {
        Picture::Desired => desired.then_some("parts of the schema files could not be told and are missing here"),
        Picture::History => history.then_some("some statements of the migrations could not be told"),
    }
}

fn picture_of(project: &Project, picture: Picture) -> anyhow::Result<&Schema> {
    let reasons = || {
        let reasons: Vec<&str> = project.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
        format!("{}: {}", project.config_file.display(), reasons.join("; "))
    };
    let desired = project.desired.as_ref().with_context(reasons)?;
    let history = project.history.as_ref().with_context(reasons)?;
    match picture {
        Picture::Desired => Ok(&desired.schema),
        Picture::History if history.unreadable => bail!("the migrations folder cannot be read: {}", reasons()),
        Picture::History => Ok(&history.schema),
    }
}
