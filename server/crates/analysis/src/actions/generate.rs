//! The migration that makes the pending changes of a project.

use diff::RenameCandidate;
use history::formats::{self, Addition, Content, Manner, Moment};
use plan::{Hazard, Plan, Step};
use source::{Diagnostic, Files, codes};

use super::answers_file::{AnswersEdit, AnswersFile};
use super::migration_name::migration_name;
use super::rename_answers::{Answered, RenameAnswers, answered};
use super::target;
use crate::configuration::{DesiredSource, ProjectConfig};
use crate::project::Project;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct GenerateRequest<'a> {
    /// None for one that is made from what changes.
    pub name: Option<&'a str>,
    /// An empty migration that a person fills.
    pub is_custom: bool,
    /// Whether the format's file for the way back is filled, where it has one.
    pub with_down: bool,
    pub answers: &'a RenameAnswers,
    pub moment: &'a Moment,
}

/// What came of it.
#[derive(Debug)]
pub enum Generated {
    /// Nothing is pending.
    Nothing,
    /// Renames that somebody has to decide on first.
    Questions(Vec<RenameCandidate>),
    /// What keeps the migration from being made, each with what to do.
    Refused(Vec<Diagnostic>),
    /// What was asked for does not fit the project, as a sentence.
    Impossible(String),
    Migration(Box<NewMigration>),
}

/// A migration that is not written yet.
#[derive(Debug)]
pub struct NewMigration {
    pub plan: Plan,
    pub addition: Addition,
    /// The answers file without the answers that this migration was made with.
    pub answers: Option<AnswersEdit>,
}

impl NewMigration {
    /// What its steps lose for good, as sentences.
    pub fn losses(&self) -> impl Iterator<Item = &str> {
        self.plan.steps.iter().flat_map(|step| &step.hazards).filter_map(|hazard| match hazard {
            Hazard::LosesData(what) => Some(what.as_str()),
            _ => None,
        })
    }
}

/// What these answers and the project's answers file leave to be decided before a migration can be made: the possible renames, best first.
pub fn rename_questions(project: &Project, answers: &RenameAnswers, files: &dyn Files) -> Vec<RenameCandidate> {
    let (Some(config), Some(history), Some(desired)) = (&project.config, &project.history, &project.desired) else {
        return Vec::new();
    };
    let sides = target::sides(config, history, &desired.schema, &[]);
    let kept = AnswersFile::read(project, files);
    let answers = kept.map_or_else(|_| answers.clone(), |kept| with_kept(answers, &kept));
    let answered = answered(&sides.before, &sides.after, &answers);
    answered.map(|answered| answered.open).unwrap_or_default()
}

/// The answers with those of the project's file.
pub(super) fn with_kept(answers: &RenameAnswers, file: &AnswersFile) -> RenameAnswers {
    let mut answers = answers.clone();
    answers.kept.extend(file.answers.iter().cloned());
    answers
}

/// Makes the migration of a project. Nothing is made from a guess: what is not known is told instead.
pub fn generate(project: &Project, request: &GenerateRequest<'_>, files: &dyn Files) -> Generated {
    made(project, request, files).unwrap_or_else(Generated::Refused)
}

fn made(project: &Project, request: &GenerateRequest<'_>, files: &dyn Files) -> Result<Generated, Vec<Diagnostic>> {
    let config = project.config.as_ref().ok_or_else(|| project.diagnostics.clone())?;
    let history = project.history.as_deref().ok_or_else(|| project.diagnostics.clone())?;
    if history.unreadable {
        return Err(history.diagnostics.clone());
    }
    if request.with_down && !history.folder.takes_ways_back() {
        return Ok(Generated::Impossible(String::from(
            "this folder has no place for a way back that its tool would leave alone, so --with-down cannot be; `driftlens diff desired history` prints it",
        )));
    }
    let manner = manner(config);
    if request.is_custom {
        let content = Content { statements: &[], down: None, schema: None, renames: &[] };
        let name = formats::file_name_part(request.name.unwrap_or("custom"));
        let addition = add(history, &name, content, &manner, request, files)?;
        let plan =
            Plan { dialect: config.dialect, steps: Vec::new(), obstacles: Vec::new(), not_brought_back: Vec::new() };
        return Ok(Generated::Migration(Box::new(NewMigration { plan, addition, answers: None })));
    }
    let Some(desired) = project.desired.as_deref() else {
        return Ok(Generated::Impossible(String::from(
            "no schema files are known, so there is nothing to generate from; name them in a driftlens.toml, or make an empty migration with --custom",
        )));
    };
    if !desired.unknown.is_empty() {
        let doubts: Vec<Diagnostic> = desired.diagnostics.iter().filter(|found| is_doubt(found)).cloned().collect();
        return Err(if doubts.is_empty() { desired.diagnostics.clone() } else { doubts });
    }
    let undecided = target::sides(config, history, &desired.schema, &[]);
    let kept = AnswersFile::read(project, files).map_err(|finding| vec![*finding])?;
    let answers = with_kept(request.answers, &kept);
    let Answered { renames, open, used } = match answered(&undecided.before, &undecided.after, &answers) {
        Ok(answered) => answered,
        Err(sentence) => return Ok(Generated::Impossible(sentence)),
    };
    if !open.is_empty() {
        return Ok(Generated::Questions(open));
    }
    let sides = match renames.is_empty() {
        true => undecided,
        false => target::sides(config, history, &desired.schema, &renames),
    };
    let plan = plan::plan(&sides.before, &sides.after, &renames);
    if !plan.obstacles.is_empty() {
        let finding = |obstacle: &plan::Obstacle| {
            let place = desired.origin_or_owner(&obstacle.object).map(|origin| origin.focus.clone());
            let place = place.unwrap_or_else(|| config.schema_location.clone());
            Diagnostic::new(codes::PLAN_OBSTACLE, place, obstacle.reason.clone())
                .with_help("make an empty migration with `driftlens generate --custom NAME`, write this change into it, and generate again")
        };
        return Err(plan.obstacles.iter().map(finding).collect());
    }
    if plan.steps.is_empty() {
        return Ok(match project.pending.first() {
            None => Generated::Nothing,
            Some(pending) => Generated::Impossible(format!(
                "no statement is known that makes the pending change: {}; write it into an empty migration, made with --custom",
                pending.diagnostic.message
            )),
        });
    }
    let renamed = plan::renamed(&sides.before, &sides.after, &renames);
    let (renamed, after) = (dialects::as_stored(&renamed), dialects::as_stored(&sides.after));
    let changes = diff::diff(&renamed, &after).changes;
    let name = request.name.map_or_else(|| migration_name(&changes, &renames), str::to_owned);
    let statements: Vec<String> = plan.steps.iter().map(statement).collect();
    let down = match request.with_down.then(|| plan::reverse(&sides.before, &sides.after, &renames)) {
        Some(back) => match back.obstacles.first() {
            Some(obstacle) => {
                let (object, reason) = (&obstacle.object, &obstacle.reason);
                return Ok(Generated::Impossible(format!("the way back of {object} cannot be planned: {reason}")));
            }
            None => Some(way_back(&back)),
        },
        None => None,
    };
    let pairs: Vec<_> = renames.iter().map(|rename| (rename.from.clone(), rename.to.clone())).collect();
    let content =
        Content { statements: &statements, down: down.as_deref(), schema: Some(&desired.schema), renames: &pairs };
    let addition = add(history, &formats::file_name_part(&name), content, &manner, request, files)?;
    Ok(Generated::Migration(Box::new(NewMigration { plan, addition, answers: kept.without(&used) })))
}

fn add(
    history: &history::History,
    name: &str,
    content: Content<'_>,
    manner: &Manner,
    request: &GenerateRequest<'_>,
    files: &dyn Files,
) -> Result<Addition, Vec<Diagnostic>> {
    formats::add(&history.folder, name, content, manner, request.moment, files).map_err(|finding| vec![*finding])
}

/// True for what makes the schema files not fully known.
pub(super) fn is_doubt(finding: &Diagnostic) -> bool {
    [codes::NOT_STATIC, codes::SYNTAX_ERROR, codes::UNRESOLVED_IMPORT, codes::UNREADABLE_FILE].contains(&finding.code)
}

pub(super) fn manner(config: &ProjectConfig) -> Manner {
    let dialect_word = config.dialect_word.clone();
    match &config.desired {
        DesiredSource::Drizzle(drizzle) => Manner {
            prefix: drizzle.prefix,
            breakpoints: drizzle.breakpoints,
            driver: drizzle.driver.clone(),
            dialect_word,
        },
        DesiredSource::Sql { .. } | DesiredSource::None => {
            Manner { breakpoints: true, dialect_word, ..Manner::default() }
        }
    }
}

/// The statements of a way back, what they do not bring back said first.
fn way_back(plan: &Plan) -> Vec<String> {
    let lost =
        plan.not_brought_back.iter().map(|lost| format!("-- Not brought back: {}", lost.what.replace('\n', " ")));
    lost.chain(plan.steps.iter().map(statement)).collect()
}

/// The statement with the line end that drizzle-kit gives it.
fn statement(step: &Step) -> String {
    const WITH_LINE_END: [&str; 6] =
        ["create_table", "create_schema", "rename_schema", "drop_schema", "set_schema", "drop_foreign_key"];
    let line_end = if WITH_LINE_END.contains(&step.kind) && !step.sql.ends_with('\n') { "\n" } else { "" };
    format!("{}{line_end}", step.sql)
}
