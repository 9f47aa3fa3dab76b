//! `driftlens push`: brings a development database to what the schema files say, without a migration.

use analysis::{
    Analysis, Answer, DevelopmentCommand, Permission, Project, Pushing, RenameAnswers, known_desired, permission,
};
use anyhow::bail;
use database::{Connection, Loss, Progress};
use plan::Plan;
use std::io::{IsTerminal as _, stderr, stdin};
use std::path::Path;
use std::process::ExitCode;
use workspace::{
    Agreed, Environment, Look, PushNews, Pushed, look, made_only_by_migrations, open_for_push, push_agreed,
    witness_applied,
};

use super::ask_rename::ask;
use super::inspect::{analyze, the_project};
use super::migrate::{close, journal};
use super::push_safe;
use crate::live::{self, Where};
use crate::render::push::Ended;
use crate::{PlainFormat, UNANSWERED, render};

/// What is asked for, as the flags say it.
pub(crate) struct Wanted<'a> {
    pub(crate) path: Option<&'a Path>,
    pub(crate) config: Option<&'a Path>,
    pub(crate) project: Option<&'a str>,
    pub(crate) database: Where,
    pub(crate) is_safe: bool,
    pub(crate) is_dry_run: bool,
    pub(crate) is_confirmed: bool,
    pub(crate) format: PlainFormat,
    pub(crate) answers: RenameAnswers,
}

pub(crate) fn run(wanted: &Wanted<'_>) -> anyhow::Result<ExitCode> {
    let analysis = analyze(wanted.path, wanted.config)?;
    let project = the_project(&analysis, wanted.project)?;
    let environment = live::environment_of(project, &wanted.database)?;
    let permitted = permission(DevelopmentCommand::Push, environment.kind, &environment.name, false, Answer::NotAsked);
    if let Permission::Refused(why) = permitted {
        render::note(&why);
        return Ok(ExitCode::FAILURE);
    }
    if wanted.is_safe && !wanted.is_dry_run && !is_terminal() {
        bail!("--safe asks about each step, and there is no terminal to ask in; --dry-run prints the steps");
    }
    // Before anybody connects: what is not known keeps everything from being done.
    if let Err(Pushing::Refused(findings)) = known_desired(project) {
        render::push::refused(&analysis, &environment, &findings, wanted.format)?;
        return Ok(ExitCode::FAILURE);
    }
    live::wait(async {
        let mut connection = open_for_push(&environment, wanted.is_dry_run).await?;
        let push = Push { wanted, analysis: &analysis, project, environment: &environment };
        let done = push.run(&mut connection).await;
        connection.close().await;
        match done {
            Err(error) if error.downcast_ref::<database::Error>().is_some_and(database::Error::is_locked) => {
                let place = render::push::place(&environment);
                render::note(&format!(
                    "{place}: nothing was changed: somebody else has a lock on what has to be read ({error})"
                ));
                Ok(ExitCode::FAILURE)
            }
            done => done,
        }
    })?
}

struct Push<'a> {
    wanted: &'a Wanted<'a>,
    analysis: &'a Analysis,
    project: &'a Project,
    environment: &'a Environment,
}

impl Push<'_> {
    async fn run(&self, connection: &mut Connection) -> anyhow::Result<ExitCode> {
        let mut answers = self.wanted.answers.clone();
        let format = self.wanted.format;
        loop {
            let found = look(connection, self.project, self.environment, &answers).await?;
            match &found.pushing {
                Pushing::Questions(open) => {
                    if format == PlainFormat::Json || !is_terminal() {
                        render::push::questions(self.environment, open, format)?;
                        return Ok(ExitCode::from(UNANSWERED));
                    }
                    if !ask(open, &mut answers)? {
                        render::note("nothing was changed");
                        return Ok(ExitCode::from(UNANSWERED));
                    }
                }
                Pushing::Refused(findings) => {
                    render::push::refused(self.analysis, self.environment, findings, format)?;
                    return Ok(ExitCode::FAILURE);
                }
                Pushing::Impossible(sentence) => {
                    bail!("{}: {sentence}", render::short_path(self.project.source()))
                }
                Pushing::Nothing => {
                    self.say(&empty(&found), &[], &found, Ended::Nothing)?;
                    return Ok(ExitCode::SUCCESS);
                }
                Pushing::Plan(plan) => return self.decide(connection, &found, plan, &answers).await,
            }
        }
    }

    /// Shows the plan, has a yes where it takes one, and runs it.
    async fn decide(
        &self,
        connection: &mut Connection,
        found: &Look,
        plan: &Plan,
        answers: &RenameAnswers,
    ) -> anyhow::Result<ExitCode> {
        let losses = connection.losses(plan).await?;
        let is_text = self.wanted.format == PlainFormat::Text;
        if is_text && !self.wanted.is_safe {
            render::push::plan(plan, &losses)?;
        }
        if self.wanted.is_dry_run {
            self.say(plan, &losses, found, Ended::DryRun)?;
            return Ok(ExitCode::SUCCESS);
        }
        let chosen = match self.wanted.is_safe {
            true => match push_safe::choose(plan, &losses, found)? {
                Some(chosen) => chosen,
                None => return self.stop(plan, &losses, found),
            },
            false => match self.has_permission(!losses.is_empty())? {
                true => plan.clone(),
                false => return self.stop(plan, &losses, found),
            },
        };
        let journal = journal("push", self.project, self.environment, connection, self.wanted.format).await?;
        let mut recording = None;
        let mut tell = |news| match news {
            PushNews::Waiting => render::note("another driftlens changes the database; waiting for it"),
            PushNews::Applying(progress) => {
                recording.get_or_insert_with(|| journal.begin()).applying(&chosen, progress);
                tell(&chosen, progress);
            }
        };
        let agreed = Agreed { shown: plan, chosen: &chosen, answers };
        let pushed = push_agreed(connection, self.project, self.environment, agreed, &mut tell).await?;
        if let Some(recording) = recording {
            let error = match &pushed {
                Pushed::Failed(failed) => Some(failed.error.to_string()),
                Pushed::Applied | Pushed::Busy | Pushed::Changed => None,
            };
            close(recording, error.as_deref());
        }
        let ended = match pushed {
            Pushed::Applied => {
                witness_applied(connection, self.project, self.environment).await;
                self.say(&chosen, &losses, found, Ended::Applied)?;
                return Ok(ExitCode::SUCCESS);
            }
            Pushed::Failed(failed) => {
                render::push::failed(self.environment, &chosen, &failed, "push", self.wanted.format)?;
                let mut lacking = made_only_by_migrations(self.project, &found.live);
                lacking.retain(|object| !found.live.contains(object));
                if !lacking.is_empty() {
                    render::note(&format!(
                        "{}, and this database lacks it: `driftlens migrate` or `driftlens reset --confirm` makes it",
                        render::push::made_by_migrations(&lacking)
                    ));
                }
                return Ok(ExitCode::FAILURE);
            }
            Pushed::Busy => Ended::Busy,
            Pushed::Changed => Ended::Changed,
        };
        self.say(plan, &losses, found, ended)?;
        Ok(ExitCode::FAILURE)
    }

    fn has_permission(&self, loses: bool) -> anyhow::Result<bool> {
        let given = if self.wanted.is_confirmed { Answer::Yes } else { Answer::NotAsked };
        let push = DevelopmentCommand::Push;
        let decide = |answer| permission(push, self.environment.kind, &self.environment.name, loses, answer);
        let decided = match decide(given) {
            Permission::Asks => decide(self.answer()?),
            decided => decided,
        };
        match decided {
            Permission::Granted => Ok(true),
            Permission::Refused(why) => bail!("{why}"),
            Permission::Asks | Permission::Stopped => Ok(false),
        }
    }

    /// What a person says to what is lost; without one it is silence.
    fn answer(&self) -> anyhow::Result<Answer> {
        if self.wanted.format == PlainFormat::Json || !is_terminal() {
            return Ok(Answer::Silence);
        }
        let question =
            format!("Apply this to {}, and lose what is named above?", render::push::place(self.environment));
        let answer = dialoguer::Confirm::new().with_prompt(question).default(false).interact_opt();
        Ok(match answer {
            Ok(Some(true)) => Answer::Yes,
            Ok(Some(false)) => Answer::No,
            Ok(None) | Err(_) => Answer::Silence,
        })
    }

    fn stop(&self, plan: &Plan, losses: &[Loss], found: &Look) -> anyhow::Result<ExitCode> {
        self.say(plan, losses, found, Ended::Stopped)?;
        Ok(ExitCode::FAILURE)
    }

    fn say(&self, plan: &Plan, losses: &[Loss], found: &Look, ended: Ended) -> anyhow::Result<()> {
        if self.wanted.format == PlainFormat::Json {
            return render::push::ended_json(self.environment, plan, losses, &found.unproved, ended);
        }
        render::push::unproved(&found.unproved);
        let place = render::push::place(self.environment);
        match ended {
            Ended::Nothing => render::print(&format!("{place}: nothing to push, it is what the schema files say\n")),
            Ended::Applied => {
                render::print(&format!("{place}: pushed {}\n", render::counted(plan.steps.len(), "step")))
            }
            Ended::DryRun => {
                render::note(&format!("{place}: nothing was changed, as --dry-run asks"));
                Ok(())
            }
            Ended::Stopped => {
                let yes = if losses.is_empty() { "" } else { "; --yes says that what is named above may be lost" };
                render::note(&format!("{place}: nothing was changed{yes}"));
                Ok(())
            }
            Ended::Changed => {
                render::note(&format!(
                    "{place}: nothing was changed: the database is not what it was when the plan was shown; push again to see the new one"
                ));
                Ok(())
            }
            Ended::Busy => {
                render::note(&format!(
                    "{place}: nothing was changed: another driftlens still changes the database; push again when it is done"
                ));
                Ok(())
            }
        }
    }
}

fn empty(found: &Look) -> Plan {
    Plan { dialect: found.live.dialect, steps: Vec::new(), obstacles: Vec::new(), not_brought_back: Vec::new() }
}

/// Says while it runs only what a person would wonder about.
pub(super) fn tell(plan: &Plan, progress: Progress) {
    if let Progress::Locked { step, attempt, attempts } = progress {
        let object = plan.steps.get(step).map(|step| step.object.short()).unwrap_or_default();
        render::note(&format!("{object}: somebody else has a lock; taken back, attempt {attempt} of {attempts}"));
    }
}

pub(super) fn is_terminal() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}
