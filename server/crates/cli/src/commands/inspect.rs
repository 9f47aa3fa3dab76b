//! `driftlens inspect`: a schema as Driftlens reads it.

use analysis::{Analysis, Host, Project, er_diagram};
use anyhow::{Context as _, bail};
use schema::Schema;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use workspace::Disk;

use crate::{Picture, SchemaFormat, render, target};

const ZERO_ID: &str = "00000000-0000-0000-0000-000000000000";

pub(crate) fn run(
    picture: Picture,
    path: Option<&Path>,
    config: Option<&Path>,
    name: Option<&str>,
    format: SchemaFormat,
) -> anyhow::Result<ExitCode> {
    let paths: Vec<_> = path.map(Path::to_path_buf).into_iter().collect();
    let target = target::find(&paths, config)?;
    let disk = Disk::new().trusting_changes();
    let analysis = Host::new().analyze(&target.sources, &disk);
    target::must_hold_projects(&target, &analysis)?;
    let project = the_project(&analysis, name)?;
    let schema = picture_of(project, picture)?;
    let text = match format {
        SchemaFormat::Json => serde_json::to_string_pretty(schema)?,
        SchemaFormat::Sql => dialects::sql_text(schema).trim_end().to_owned(),
        SchemaFormat::DrizzleSnapshot => {
            serde_json::to_string_pretty(&history::formats::drizzle::snapshot::write(schema, ZERO_ID, ZERO_ID))?
        }
        SchemaFormat::Mermaid => er_diagram(schema).trim_end().to_owned(),
    };
    render::print(&format!("{text}\n"))?;
    if let Some(doubt) = doubt(project, picture) {
        render::note(&format!("{}: {doubt}; `driftlens check` says where", project.source().display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// The one project there is, or the one of this name.
fn the_project<'a>(analysis: &'a Analysis, name: Option<&str>) -> anyhow::Result<&'a Project> {
    let is_asked_for = |project: &&Arc<Project>| name.is_none() || project.name.as_deref() == name;
    let found: Vec<&Arc<Project>> = analysis.projects.iter().filter(is_asked_for).collect();
    if let [project] = found.as_slice() {
        return Ok(project);
    }
    match name {
        Some(name) if found.is_empty() => {
            bail!("there is no project `{name}`; these are here: {}", labels(analysis.projects.iter()))
        }
        _ => bail!(
            "several projects are here: {}; name one with --config, or with --project where a name stands in brackets",
            labels(found.into_iter())
        ),
    }
}

fn labels<'a>(projects: impl Iterator<Item = &'a Arc<Project>>) -> String {
    let label = |project: &'a Arc<Project>| match &project.name {
        Some(name) => format!("{} [{name}]", project.source().display()),
        None => project.source().display().to_string(),
    };
    projects.map(label).collect::<Vec<String>>().join(", ")
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
        format!("{}: {}", project.source().display(), reasons.join("; "))
    };
    let history = project.history.as_ref().with_context(reasons)?;
    match picture {
        Picture::Desired if project.is_history_only() => {
            bail!(
                "{}: it has no schema files; `driftlens inspect history` prints its migrations",
                project.source().display()
            )
        }
        Picture::Desired => Ok(&project.desired.as_ref().with_context(reasons)?.schema),
        Picture::History if history.unreadable => bail!("the migrations folder cannot be read: {}", reasons()),
        Picture::History => Ok(&history.schema),
    }
}
