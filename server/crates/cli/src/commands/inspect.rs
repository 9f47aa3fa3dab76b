//! `driftlens inspect`: a schema as Driftlens reads it.

use analysis::{Analysis, Compared, Host, Project, er_diagram, spelled_like};
use anyhow::{Context as _, bail};
use history::History;
use schema::Schema;
use std::borrow::Cow;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use workspace::{Disk, Environment};

use super::{diff, inspect_unmanaged};
use crate::live::{self, Where};
use crate::{Picture, SchemaFormat, render, target};

const ZERO_ID: &str = "00000000-0000-0000-0000-000000000000";

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) picture: Picture,
    pub(crate) path: Option<&'a Path>,
    pub(crate) config: Option<&'a Path>,
    pub(crate) project: Option<&'a str>,
    pub(crate) at: Option<&'a str>,
    pub(crate) is_like_desired: bool,
    pub(crate) format: Option<SchemaFormat>,
    pub(crate) database: Where,
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let picture = wanted.picture;
    if wanted.at.is_some() && picture != Picture::History {
        bail!("--at names a migration: only `inspect history` has a state at one");
    }
    let analysis = analyze(wanted.path, wanted.config)?;
    let project = the_project(&analysis, wanted.project)?;
    if picture == Picture::Unmanaged {
        if wanted.is_like_desired {
            bail!("--like-desired is about a schema, and `unmanaged` is none");
        }
        return inspect_unmanaged::run(&analysis, project, wanted.format.unwrap_or(SchemaFormat::Text));
    }
    let environment = match picture {
        Picture::Live => Some(live::environment_of(project, &wanted.database)?),
        _ => None,
    };
    let like_desired = if wanted.is_like_desired { like_desired(project, wanted, environment.as_ref())? } else { None };
    let schema = match (like_desired, &environment) {
        (Some(schema), _) => Cow::Owned(schema),
        (None, Some(environment)) => {
            let catalog = live::catalog(project, environment)?;
            render::note(&format!("{}, {} ({})", environment.address, catalog.server, environment.kind.as_str()));
            Cow::Owned(catalog.schema)
        }
        (None, None) => picture_of(project, picture, wanted.at)?,
    };
    let schema = schema.as_ref();
    let format = wanted.format.unwrap_or(SchemaFormat::Json);
    let text = match format {
        SchemaFormat::Text => bail!("a schema is printed as json, sql, drizzle-snapshot or mermaid, not as text"),
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

/// The picture in the spelling of the schema files; None, with the reason told, where it is not known what differs.
fn like_desired(
    project: &Project,
    wanted: &Wanted<'_>,
    environment: Option<&Environment>,
) -> anyhow::Result<Option<Schema>> {
    let ours = match diff::desired(project) {
        Ok(ours) => ours,
        Err(why) => {
            render::note(&format!("{why:#}; what is printed is spelled in its own way"));
            return Ok(None);
        }
    };
    let schema = match (wanted.picture, environment) {
        (_, Some(environment)) => {
            let (schema, unproved) = live::beside_for_reading(environment, &ours.schema)?;
            render::push::unproved(&unproved);
            spelled_like(&ours, &Compared { schema, is_drizzle: false, is_live: true })
        }
        (Picture::History, None) => {
            let mut theirs = diff::history(project)?;
            if wanted.at.is_some() {
                let schema = picture_of(project, Picture::History, wanted.at)?.into_owned();
                theirs = Compared { schema, is_drizzle: false, is_live: false };
            }
            spelled_like(&ours, &theirs)
        }
        _ => spelled_like(&ours, &ours),
    };
    if schema.is_none() {
        render::note("not everything is known of what differs, so what is printed is spelled in its own way");
    }
    Ok(schema)
}

/// The analysis of all that the paths lead to.
pub(super) fn analyze(path: Option<&Path>, config: Option<&Path>) -> anyhow::Result<Analysis> {
    let paths: Vec<_> = path.map(Path::to_path_buf).into_iter().collect();
    let target = target::find(&paths, config)?;
    let disk = Disk::new().trusting_changes();
    let analysis = Host::new().analyze(&target.sources, &disk);
    target::must_hold_projects(&target, &analysis)?;
    Ok(analysis)
}

/// The one project there is, or the one of this name.
pub(super) fn the_project<'a>(analysis: &'a Analysis, name: Option<&str>) -> anyhow::Result<&'a Project> {
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
        Picture::Live => None,
        Picture::History | Picture::Unmanaged => {
            history.then_some("some statements of the migrations could not be told")
        }
    }
}

fn picture_of<'p>(project: &'p Project, picture: Picture, at: Option<&str>) -> anyhow::Result<Cow<'p, Schema>> {
    let history = history_of(project)?;
    match (picture, at) {
        (Picture::Desired, _) if project.is_history_only() => {
            bail!(
                "{}: it has no schema files; `driftlens inspect history` prints its migrations",
                project.source().display()
            )
        }
        (Picture::Desired, _) => {
            let desired = project.desired.as_ref().with_context(|| reasons(project))?;
            Ok(Cow::Borrowed(&desired.schema))
        }
        (_, Some(at)) => Ok(Cow::Owned(history.schema_at(position_of(history, at)?))),
        _ if history.unreadable => bail!("the migrations folder cannot be read: {}", reasons(project)),
        _ => Ok(Cow::Borrowed(&history.schema)),
    }
}

pub(super) fn history_of(project: &Project) -> anyhow::Result<&History> {
    project.history.as_deref().with_context(|| reasons(project))
}

fn reasons(project: &Project) -> String {
    let reasons: Vec<&str> = project.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    format!("{}: {}", project.source().display(), reasons.join("; "))
}

/// The migration that a person names; an error names those most like it.
fn position_of(history: &History, name: &str) -> anyhow::Result<usize> {
    if let Some(position) = history.position_of(name) {
        return Ok(position);
    }
    let tags = || history.folder.migrations.iter().map(|migration| migration.tag.as_str());
    let near = analysis::nearest(name, tags());
    match (near.is_empty(), tags().next_back()) {
        (false, _) => bail!("there is no migration `{name}`; did you mean {}?", quoted(&near)),
        (true, Some(last)) => bail!("there is no migration `{name}`; the last one is `{last}`"),
        (true, None) => bail!("there is no migration `{name}`: {} has none", history.folder.path.display()),
    }
}

/// `a`, `b` or `c`.
pub(super) fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
