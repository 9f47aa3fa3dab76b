//! A push or a migration for a face that shows a plan, asks a person, and runs it when they said yes: an editor, a page.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use analysis::{
    Answer, DevelopmentCommand, Permission, Project, Pushing, RenameAnswers, known_desired, object_words, permission,
};
use database::{Access, Connection, Error, Loss, Rows, Stop};
use history::{MigrationState, Script};
use plan::{Hazard, Plan};
use schema::ObjectPath;

use crate::operation_run::run;
use crate::operation_words::{counted, hazard_words, middle_words, obstacle_words, place, rows_words};
use crate::{
    Environment, EnvironmentKind, Extent, Journal, LedgerLook, Next, Prepared, known_history, look,
    open_for_migrations, open_for_push, prepare_migrations,
};

/// How long others that change the database are waited for.
const WAIT_FOR_OTHERS: Duration = Duration::from_secs(30);
/// So many steps or migrations are named one by one.
const MAX_NAMED: usize = 20;
/// So many characters of a statement are shown in a line.
const MAX_SQL: usize = 100;

/// What is done to a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Push,
    Migrate,
}

/// All that decides what it is.
#[derive(Clone)]
pub struct Work {
    pub operation: Operation,
    pub project: Arc<Project>,
    pub environment: Environment,
    pub answers: RenameAnswers,
}

/// What would be done, as a person is asked about it. No password is in it.
#[derive(Debug)]
pub struct Planned {
    pub environment: Environment,
    /// Of the button that says yes; it names the environment.
    pub title: String,
    pub question: String,
    /// What is lost with its rows, the steps, and what they do beside their change: a line each.
    pub detail: Vec<String>,
    /// True where something is not to be taken back.
    pub is_destructive: bool,
    pub sql: String,
    /// Another one where anything of what would be done, or of where, is not the same.
    pub fingerprint: String,
    pub(crate) steps: Steps,
}

#[derive(Debug)]
pub(crate) enum Steps {
    Push(Box<Plan>),
    Migrate { look: Box<LedgerLook>, scripts: Vec<Script> },
}

/// What planning comes to.
#[derive(Debug)]
pub enum Planning {
    /// There is nothing to do, as a sentence.
    Nothing(String),
    /// It is not done, and why.
    Refused(String),
    Planned(Box<Planned>),
}

/// What happens while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationNews {
    pub message: String,
    /// So many of `total` steps or migrations are done.
    pub done: usize,
    pub total: usize,
}

/// What came of it, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub is_done: bool,
    pub message: String,
}

impl Operation {
    pub fn as_str(self) -> &'static str {
        match self {
            Operation::Push => "push",
            Operation::Migrate => "migrate",
        }
    }

    /// While it is done.
    pub fn doing(self, environment: &str) -> String {
        match self {
            Operation::Push => format!("Pushing to {environment}"),
            Operation::Migrate => format!("Migrating {environment}"),
        }
    }

    /// Of the button that does it; the environment is named always.
    pub fn title(self, environment: &str) -> String {
        match self {
            Operation::Push => format!("Push to {environment}"),
            Operation::Migrate => format!("Migrate {environment}"),
        }
    }
}

/// Plans, and changes nothing: what has to be tried out for a push is taken back, and migrations are planned on a connection that the server
/// keeps from writing.
pub async fn plan_operation(work: &Work) -> Planning {
    if let Some(why) = refusal(work) {
        return Planning::Refused(why);
    }
    let opened = match work.operation {
        Operation::Push => open_for_push(&work.environment, true).await,
        Operation::Migrate => open_for_migrations(&work.environment, Access::Read).await,
    };
    let mut connection = match opened {
        Ok(connection) => connection,
        Err(error) => return Planning::Refused(error.to_string()),
    };
    let planned = plan_on(work, &mut connection).await;
    connection.close().await;
    planned.unwrap_or_else(|error| Planning::Refused(not_read(work, &error)))
}

/// Plans anew and, where that is still what the fingerprint is of, does it. The connection stops where that is asked for.
pub async fn run_operation(
    work: &Work,
    fingerprint: &str,
    stop: &Stop,
    news: &mut (dyn FnMut(OperationNews) + Send),
) -> Ended {
    let not_done = |message: String| Ended { is_done: false, message };
    if let Some(why) = refusal(work) {
        return not_done(why);
    }
    let opened = match work.operation {
        Operation::Push => open_for_push(&work.environment, false).await,
        Operation::Migrate => open_for_migrations(&work.environment, Access::Create).await,
    };
    let mut connection = match opened {
        Ok(connection) => connection,
        Err(error) => return not_done(error.to_string()),
    };
    connection.stop_when(stop.clone());
    let ended = agreed(work, fingerprint, &mut connection, news).await;
    connection.close().await;
    ended.unwrap_or_else(|error| not_done(not_read(work, &error)))
}

async fn agreed(
    work: &Work,
    fingerprint: &str,
    connection: &mut Connection,
    news: &mut (dyn FnMut(OperationNews) + Send),
) -> Result<Ended, Error> {
    let place = place(&work.environment);
    let nothing = |why: &str| Ended { is_done: false, message: format!("{place}: nothing was changed: {why}") };
    let mut waiting = || {
        let message = String::from("another driftlens changes the database; waiting for it");
        news(OperationNews { message, done: 0, total: 0 });
    };
    if !connection.lock(WAIT_FOR_OTHERS, &mut waiting).await? {
        return Ok(nothing("another driftlens still changes the database; try again when it is done"));
    }
    let planned = match plan_on(work, connection).await? {
        Planning::Planned(planned) if planned.fingerprint == fingerprint => planned,
        Planning::Refused(why) => return Ok(nothing(&why)),
        Planning::Planned(_) | Planning::Nothing(_) => {
            return Ok(nothing("the plan is not the one that was shown any more; ask again to see the new one"));
        }
    };
    Ok(run(work, &planned, connection, news).await)
}

/// What keeps it from being done whatever the database holds.
fn refusal(work: &Work) -> Option<String> {
    let (kind, name) = (work.environment.kind, &work.environment.name);
    match work.operation {
        Operation::Push => {
            let decided = permission(DevelopmentCommand::Push, kind, name, true, Answer::Yes);
            if let Permission::Refused(why) = decided {
                return Some(why);
            }
            known_desired(&work.project).err().map(|pushing| match pushing {
                Pushing::Refused(findings) => unknown(&findings),
                Pushing::Impossible(sentence) => sentence,
                Pushing::Nothing | Pushing::Questions(_) | Pushing::Plan(_) => String::new(),
            })
        }
        Operation::Migrate => known_history(&work.project).err().map(|why| format!("{}: {why}", work.project.label())),
    }
}

fn unknown(findings: &[source::Diagnostic]) -> String {
    let first = findings.first().map(|found| found.message.as_str()).unwrap_or_default();
    format!("not all of the schema files is known: {first}")
}

fn not_read(work: &Work, error: &Error) -> String {
    let place = place(&work.environment);
    match error {
        Error::Stopped => format!("{place}: stopped as asked, nothing was changed"),
        error if error.is_locked() => {
            format!("{place}: nothing was changed: somebody else has a lock on what has to be read ({error})")
        }
        error => format!("{place}: nothing was changed: {error}"),
    }
}

async fn plan_on(work: &Work, connection: &mut Connection) -> Result<Planning, Error> {
    match work.operation {
        Operation::Push => plan_push(work, connection).await,
        Operation::Migrate => plan_migrations(work, connection).await,
    }
}

async fn plan_push(work: &Work, connection: &mut Connection) -> Result<Planning, Error> {
    let found = look(connection, &work.project, &work.environment, &work.answers).await?;
    let place = place(&work.environment);
    let plan = match found.pushing {
        Pushing::Plan(plan) => plan,
        Pushing::Nothing => {
            return Ok(Planning::Nothing(format!("{place}: nothing to push, it is what the schema files say")));
        }
        Pushing::Questions(open) => {
            let open: Vec<String> =
                open.iter().map(|it| format!("{} may be {}", object_words(&it.to), object_words(&it.from))).collect();
            return Ok(Planning::Refused(format!(
                "it has to be decided what is renamed ({}): the actions on the change offer each answer, `driftlens push` asks",
                open.join(", ")
            )));
        }
        Pushing::Refused(findings) => return Ok(Planning::Refused(unknown(&findings))),
        Pushing::Impossible(sentence) => return Ok(Planning::Refused(sentence)),
    };
    let losses = connection.losses(&plan).await?;
    let mut detail: Vec<String> = losses
        .iter()
        .map(|loss| format!("Lost for good: {}{}", loss.what, loss.rows.map(rows_words).unwrap_or_default()))
        .collect();
    for (position, step) in plan.steps.iter().enumerate().take(MAX_NAMED) {
        detail.push(format!("{}. {}", position + 1, line_of(&step.sql)));
        let others = step.hazards.iter().filter(|hazard| !matches!(hazard, Hazard::LosesData(_)));
        detail.extend(others.map(|hazard| format!("    {}", hazard_words(hazard))));
    }
    detail.extend(more(plan.steps.len(), "step"));
    detail.extend(found.unproved.iter().map(|object| {
        format!("{object}: it could not be proved to mean the same as what the database prints, and is left as it is")
    }));
    let mut sql = String::new();
    for step in &plan.steps {
        sql.push_str(step.sql.trim_end());
        sql.push('\n');
        sql.extend(step.hazards.iter().map(|hazard| format!("  -- {}\n", hazard_words(hazard))));
    }
    let lost = losses.iter().map(|Loss { what, rows, .. }| format!("{what} {}", is_something(*rows)));
    Ok(Planning::Planned(Box::new(Planned {
        environment: work.environment.clone(),
        title: Operation::Push.title(&work.environment.name),
        question: format!("Push {} to {place}?", counted(plan.steps.len(), "step")),
        detail,
        is_destructive: !losses.is_empty(),
        fingerprint: fingerprint(work, &sql, &format!("{:?}", lost.collect::<Vec<String>>())),
        sql,
        steps: Steps::Push(plan),
    })))
}

async fn plan_migrations(work: &Work, connection: &mut Connection) -> Result<Planning, Error> {
    let history = match known_history(&work.project) {
        Ok(history) => history,
        Err(why) => return Ok(Planning::Refused(why.to_owned())),
    };
    let environment = &work.environment;
    let place = place(environment);
    let Prepared { look, next } = prepare_migrations(connection, history, environment, Extent::default()).await?;
    let (scripts, losses) = match next {
        Next::Scripts { scripts, losses } => (scripts, losses),
        Next::Refused(why) => return Ok(Planning::Refused(why.to_owned())),
        Next::Obstacle(obstacle) => {
            let folder = history.folder.path.display().to_string();
            return Ok(Planning::Refused(format!("{place}: {}", obstacle_words(&obstacle, history, &folder).1)));
        }
        Next::NoScript(no) => {
            let file = no.location.file.display();
            return Ok(Planning::Refused(format!("{file}: {}. Write it as SQL that the database takes", no.reason)));
        }
    };
    if scripts.is_empty() {
        if history.folder.migrations.is_empty() {
            return Ok(Planning::Nothing(format!("{place}: there are no migrations yet")));
        }
        let all = counted(history.folder.migrations.len(), "migration");
        return Ok(Planning::Nothing(format!("{place}: nothing to apply, all {all} are")));
    }
    let journal = Journal::open("migrate", &work.project, environment, connection).await?;
    if let Some((left, script)) =
        journal.left_in_the_middle(&scripts).and_then(|left| Some((left.clone(), scripts.get(left.resume.position)?)))
    {
        return Ok(Planning::Refused(format!("{place}: {}", middle_words(script, &left))));
    }
    let mut detail: Vec<String> = losses
        .iter()
        .map(|(object, rows)| format!("Lost for good: {}{}", object_words(object), rows_words(*rows)))
        .collect();
    for script in scripts.iter().take(MAX_NAMED) {
        let alone = script.alone.map(|why| format!(" (outside of a transaction: {why})")).unwrap_or_default();
        detail.push(format!("{}{alone}", script.tag));
    }
    detail.extend(more(scripts.len(), "migration"));
    for position in look.state.positions(MigrationState::Modified) {
        let tag = history.folder.migrations.get(position).map(|it| it.tag.as_str()).unwrap_or_default();
        detail.push(format!("{tag}: its file was changed after it was applied"));
    }
    if !look.state.missing.is_empty() {
        detail.push(format!("applied, but not in the folder: {}", look.state.missing.join(", ")));
    }
    let sql: String = scripts.iter().map(script_text).collect::<Vec<String>>().join("\n");
    let what = match environment.kind {
        EnvironmentKind::Development => String::new(),
        EnvironmentKind::Shared | EnvironmentKind::Production => format!("the {} database ", environment.kind.as_str()),
    };
    let lost: Vec<&ObjectPath> = losses.iter().map(|(object, _)| object).collect();
    Ok(Planning::Planned(Box::new(Planned {
        environment: environment.clone(),
        title: Operation::Migrate.title(&environment.name),
        question: format!("Apply {} to {what}{place}?", counted(scripts.len(), "migration")),
        detail,
        is_destructive: !losses.is_empty(),
        fingerprint: fingerprint(work, &sql, &format!("{lost:?} {:?}", look.rows)),
        sql,
        steps: Steps::Migrate { look: Box::new(look), scripts },
    })))
}

fn script_text(script: &Script) -> String {
    let mut text = format!("-- {}\n", script.tag);
    for part in &script.parts {
        let range = part.start as usize..part.end as usize;
        text.push_str(script.text.get(range).unwrap_or_default().trim());
        text.push('\n');
    }
    text
}

/// A statement in a line.
fn line_of(sql: &str) -> String {
    let line = sql.split_whitespace().collect::<Vec<&str>>().join(" ");
    match line.char_indices().nth(MAX_SQL) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

fn more(total: usize, word: &str) -> Option<String> {
    let n_more = total.saturating_sub(MAX_NAMED);
    (n_more > 0).then(|| format!("… and {} more", counted(n_more, word)))
}

/// A person who was told that nothing is there did not agree to lose something.
fn is_something(rows: Option<Rows>) -> bool {
    rows != Some(Rows::Exactly(0))
}

fn fingerprint(work: &Work, sql: &str, state: &str) -> String {
    let mut hasher = DefaultHasher::new();
    let environment = &work.environment;
    (work.operation, &environment.name, environment.kind.as_str(), environment.address.to_string()).hash(&mut hasher);
    (work.project.source(), work.project.id.index, sql, state).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
