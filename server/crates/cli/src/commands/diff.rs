//! `driftlens diff A B`: the steps between any two schemas.

use analysis::{Compared, Comparison, DesiredSource, Host, Project, RenameAnswers, compare};
use anyhow::{Context as _, anyhow, bail};
use schema::Dialect;
use source::FilePath;
use std::path::Path;
use std::process::ExitCode;
use workspace::{Disk, Repository, leave_out_unspoken};

use super::inspect::{analyze, the_project};
use crate::live::{self, Where};
use crate::{GenerateFormat, UNANSWERED, render};

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) path: Option<&'a Path>,
    pub(crate) config: Option<&'a Path>,
    pub(crate) project: Option<&'a str>,
    pub(crate) dialect: Option<Dialect>,
    pub(crate) format: GenerateFormat,
    pub(crate) answers: RenameAnswers,
    pub(crate) database: Where,
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let (from, to) = match (wanted.from, wanted.to) {
        ("live", "live") => bail!("a database does not differ from itself; name another side"),
        ("live", to) => {
            let to = side(to, wanted, Beside::Live)?;
            (live(wanted, &to)?, to)
        }
        (from, "live") => {
            let from = side(from, wanted, Beside::Live)?;
            let to = live(wanted, &from)?;
            (from, to)
        }
        (from, to) => (side(from, wanted, Beside::Text)?, side(to, wanted, Beside::Text)?),
    };
    if from.schema.dialect != to.schema.dialect {
        bail!(
            "{} is of {}, {} of {}",
            wanted.from,
            from.schema.dialect.as_str(),
            wanted.to,
            to.schema.dialect.as_str()
        );
    }
    match compare(&from, &to, &wanted.answers) {
        Comparison::Impossible(sentence) => bail!("{sentence}"),
        Comparison::Questions(open) => {
            render::generate::questions(&open, wanted.format)?;
            Ok(ExitCode::from(UNANSWERED))
        }
        Comparison::Plan(plan) if !plan.obstacles.is_empty() => {
            bail!("not everything can be planned:{}", analysis::obstacle_words(&plan.obstacles))
        }
        Comparison::Plan(plan) => {
            render::generate::steps(&plan, wanted.format)?;
            Ok(if plan.steps.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

/// What the other side is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Text,
    /// It has what the SQL of the migrations makes, under the names that it gives, and not what a snapshot says beside it.
    Live,
}

/// `desired`, `history`, a SQL file, a snapshot, or `REVISION:` for the schema files at a revision of git.
fn side(word: &str, wanted: &Wanted<'_>, beside: Beside) -> anyhow::Result<Compared> {
    match word {
        "desired" | "history" => {
            let analysis = analyze(wanted.path, wanted.config)?;
            let project = the_project(&analysis, wanted.project)?;
            match (word, beside) {
                ("desired", _) => desired(project),
                (_, Beside::Text) => history(project),
                (_, Beside::Live) => made_by_history(project),
            }
        }
        _ => match word.strip_suffix(':') {
            Some(revision) => at_revision(revision, wanted),
            None => of_file(Path::new(word), wanted),
        },
    }
}

pub(super) fn desired(project: &Project) -> anyhow::Result<Compared> {
    let label = || render::short_path(project.source());
    let desired = project.desired.as_ref().with_context(|| format!("{}: it has no schema files", label()))?;
    if !desired.unknown.is_empty() || desired.schema.open {
        bail!("{}: parts of the schema files are not known; `driftlens check` says where", label());
    }
    let is_drizzle = project.config.as_ref().is_some_and(|it| matches!(it.desired, DesiredSource::Drizzle(_)));
    Ok(Compared { schema: desired.schema.clone(), is_drizzle, is_live: false })
}

pub(super) fn history(project: &Project) -> anyhow::Result<Compared> {
    let label = || render::short_path(project.source());
    let history = project.history.as_ref().with_context(|| format!("{}: it has no migrations", label()))?;
    if history.unreadable {
        bail!("{}: the migrations cannot be read; `driftlens check` says why", label());
    }
    // A snapshot says no more than a schema file does.
    let is_drizzle = history.recorded.is_some() && !history.is_replayed();
    Ok(Compared { schema: history.schema.clone(), is_drizzle, is_live: false })
}

/// What the SQL of the migrations makes, whatever they have recorded.
fn made_by_history(project: &Project) -> anyhow::Result<Compared> {
    let recorded = history(project)?;
    let made = project.history.as_ref().and_then(|it| Some(it.schema_at(it.steps.len().checked_sub(1)?)));
    Ok(made.map_or(recorded, |schema| Compared { schema, is_drizzle: false, is_live: false }))
}

/// What a database holds, held against the other side.
fn live(wanted: &Wanted<'_>, other: &Compared) -> anyhow::Result<Compared> {
    let analysis = analyze(wanted.path, wanted.config)?;
    let project = the_project(&analysis, wanted.project)?;
    let environment = live::environment_of(project, &wanted.database)?;
    let (mut schema, unproved) = live::beside(&environment, &other.schema)?;
    render::push::unproved(&unproved);
    if [wanted.from, wanted.to].contains(&"history") {
        leave_out_unspoken(&mut schema, &other.schema);
    }
    Ok(Compared { schema, is_drizzle: false, is_live: true })
}

fn of_file(file: &Path, wanted: &Wanted<'_>) -> anyhow::Result<Compared> {
    let path = Disk::normalize(file);
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{}: no `desired`, `history`, SQL file, snapshot or `REVISION:`", file.display()))?;
    if file.extension().is_some_and(|it| it == "json") {
        let schema = history::formats::drizzle::snapshot::read(&text)
            .map_err(|error| anyhow!("{}: the snapshot {}; {}", file.display(), error.message, error.help))?;
        return Ok(Compared { schema, is_drizzle: true, is_live: false });
    }
    let dialect = dialect(wanted).with_context(|| {
        format!("{}: of which database? Say --dialect postgresql or --dialect sqlite", file.display())
    })?;
    let desired = languages::sql::read_schema(dialect, &[path], &Disk::new());
    if let Some(finding) = desired.diagnostics.first() {
        let line = text.get(..finding.location.span.start as usize).unwrap_or_default().matches('\n').count() + 1;
        render::note(&format!("{}:{line}: {}", file.display(), finding.message));
    }
    Ok(Compared { schema: desired.schema, is_drizzle: false, is_live: false })
}

/// What was said, else what the other side or the project here is of.
fn dialect(wanted: &Wanted<'_>) -> Option<Dialect> {
    wanted.dialect.or_else(|| {
        let analysis = analyze(wanted.path, wanted.config).ok()?;
        Some(the_project(&analysis, wanted.project).ok()?.config.as_ref()?.dialect)
    })
}

/// The schema files as git has them at a revision, written into a folder that is gone afterwards.
fn at_revision(revision: &str, wanted: &Wanted<'_>) -> anyhow::Result<Compared> {
    let analysis = analyze(wanted.path, wanted.config)?;
    let project = the_project(&analysis, wanted.project)?;
    let source: &FilePath = project.source();
    let repository = Repository::of(source)?;
    let inside = repository.inside(source)?;
    let copy = repository.checkout(revision, None)?;
    let then = Disk::normalize(&copy.path().join(&inside));
    let analysis = Host::new().analyze(&[then], &Disk::new().trusting_changes());
    let found = analysis.projects.iter().find(|it| it.name.as_deref() == project.name.as_deref());
    let found = found.with_context(|| format!("{revision}: there is no {}", inside.display()))?;
    desired(found).with_context(|| format!("at {revision}"))
}
