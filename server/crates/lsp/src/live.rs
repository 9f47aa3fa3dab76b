//! The databases of the open projects, read beside everything else: a hover looks at what was read last and never waits.

use crate::kept::{self, Aged, Kept};
use analysis::{LiveFindings, LivePicture, LiveState, Project, ProjectId, TreeStates};
use history::MigrationState;
use parking_lot::Mutex;
use serde_json::{Value, json};
use source::Diagnostic;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Notify;
use tokio::time::Instant;
use workspace::{EnvironmentKind, Standing};

/// What was read is read again after this long where somebody looks at it or writes a file.
pub(crate) const FRESH_FOR: Duration = Duration::from_secs(3);

/// What a person set about databases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DatabaseSettings {
    /// Whether databases are looked at.
    pub(crate) is_on: bool,
    /// The environment to look at. One that is not for development is looked at only where it is named.
    pub(crate) environment: Option<String>,
    /// Whether they stay as they are, whatever is set later.
    pub(crate) is_forbidden: bool,
}

impl Default for DatabaseSettings {
    fn default() -> DatabaseSettings {
        DatabaseSettings { is_on: true, environment: None, is_forbidden: false }
    }
}

/// What is known of all databases.
#[derive(Default)]
pub(crate) struct Live {
    /// None until it is known: nothing is connected to before.
    pub(crate) settings: Mutex<Option<DatabaseSettings>>,
    pub(crate) projects: Mutex<HashMap<ProjectId, Arc<Watched>>>,
    pub(crate) settings_changed: Notify,
    pub(crate) kept: Kept,
}

/// What may be offered for an environment.
pub(crate) struct Offer {
    pub(crate) environment: String,
    pub(crate) can_push: bool,
    pub(crate) can_migrate: bool,
}

/// One project's database.
#[derive(Default)]
pub(crate) struct Watched {
    pub(crate) known: Mutex<Known>,
    /// What kind of database is looked at, and where, without its password.
    pub(crate) place: Mutex<Option<(EnvironmentKind, String)>>,
    /// What the configuration declares.
    pub(crate) environments: Mutex<Vec<(String, Option<EnvironmentKind>)>>,
    /// Somebody wants news.
    pub(crate) wanted: Notify,
    /// It was changed: whatever was read is old.
    pub(crate) is_old: Notify,
}

#[derive(Clone, Default)]
pub(crate) enum Known {
    /// No database is configured, or none may be looked at: nothing is said.
    #[default]
    Nothing,
    Off(String),
    Connecting {
        environment: String,
        last: Option<Aged>,
    },
    Read {
        environment: String,
        picture: LivePicture,
        standing: Arc<Standing>,
        at: Instant,
    },
    Unreachable {
        environment: String,
        reason: String,
        next_try: Instant,
        last: Option<Aged>,
    },
}

impl Known {
    /// What was read last.
    pub(crate) fn last(self) -> Option<Aged> {
        match self {
            Known::Read { picture, at, .. } => SystemTime::now().checked_sub(at.elapsed()).map(|at| (picture, at)),
            Known::Connecting { last, .. } | Known::Unreachable { last, .. } => last,
            Known::Nothing | Known::Off(_) => None,
        }
    }

    /// True where what was read is what is shown already, but for the time.
    pub(crate) fn shows(&self, name: &str, picture: &LivePicture, standing: &Standing) -> bool {
        let Known::Read { environment, picture: shown, standing: told, .. } = self else { return false };
        environment == name
            && told.tells_the_same(standing)
            && shown.statistics.shows_the_same(&picture.statistics)
            && shown.schema == picture.schema
    }
}

impl Live {
    /// How it stands with a project's database now; None where nothing is to be said. Asks for news where it is not fresh.
    pub(crate) fn state_of(&self, project: &ProjectId) -> Option<LiveState> {
        let watched = self.projects.lock().get(project).cloned()?;
        let known = watched.known.lock().clone();
        let aged = |last: Option<Aged>| last.map(|(picture, at)| (picture, kept::age(at)));
        match known {
            Known::Nothing => None,
            Known::Off(reason) => Some(LiveState::Off(reason)),
            Known::Connecting { environment, last } => Some(LiveState::Connecting { environment, last: aged(last) }),
            Known::Read { environment, picture, standing, at } => {
                if at.elapsed() > FRESH_FOR {
                    watched.wanted.notify_one();
                }
                let unproved = standing.unproved.clone();
                Some(LiveState::Connected { environment, picture, unproved, age: at.elapsed().as_secs() })
            }
            Known::Unreachable { environment, reason, next_try, last } => Some(LiveState::Unreachable {
                environment,
                reason,
                next_try: next_try.saturating_duration_since(Instant::now()).as_secs(),
                last: aged(last),
            }),
        }
    }

    /// What was last read of a database that can be reached, and its environment. Asks for no news: what is shown beside a text is
    /// asked for whenever there are some.
    pub(crate) fn last_read(&self, project: &ProjectId) -> Option<(String, LivePicture)> {
        let watched = self.projects.lock().get(project).cloned()?;
        let known = watched.known.lock().clone();
        match known {
            Known::Read { environment, picture, .. } => Some((environment, picture)),
            _ => None,
        }
    }

    /// What is known of the project's database and belongs into its files.
    pub(crate) fn findings(&self, project: &Project) -> Vec<Diagnostic> {
        let Some(watched) = self.projects.lock().get(&project.id).cloned() else { return Vec::new() };
        let Known::Read { environment, standing, .. } = watched.known.lock().clone() else { return Vec::new() };
        let findings = LiveFindings {
            environment: &environment,
            state: standing.look.as_ref().map(|look| &look.state),
            drift: standing.drift.as_deref().unwrap_or_default(),
            is_pushed: standing.is_pushed(project),
        };
        findings.of(project)
    }

    /// What is known of the project's database, for the trees.
    pub(crate) fn tree_states(&self, project: &Project) -> TreeStates {
        let watched = self.projects.lock().get(&project.id).cloned();
        let known = watched.map(|watched| watched.known.lock().clone());
        let Some(Known::Read { standing, .. }) = known else { return TreeStates::default() };
        let state = standing.look.as_ref().map(|look| look.state.clone()).unwrap_or_default();
        let drifted = standing.drift.iter().flatten().map(|step| step.object.clone()).collect();
        TreeStates { migrations: state.states, missing: state.missing, drifted }
    }

    /// The environments that can be chosen; none is known where no database is looked at.
    pub(crate) fn environments(&self, project: &Project) -> Value {
        let watched = self.projects.lock().get(&project.id).cloned();
        let declared = watched.map(|watched| watched.environments.lock().clone()).unwrap_or_default();
        declared.iter().map(|(name, kind)| json!({ "name": name, "kind": kind.map(EnvironmentKind::as_str) })).collect()
    }

    /// How it stands with the project's database, for a status bar; null where nothing is to be said.
    pub(crate) fn status(&self, project: &Project) -> Value {
        let Some(watched) = self.projects.lock().get(&project.id).cloned() else { return Value::Null };
        let place = watched.place.lock().clone();
        let (state, environment, reason, standing) = match watched.known.lock().clone() {
            Known::Nothing => return Value::Null,
            Known::Off(reason) => ("off", None, Some(reason), None),
            Known::Connecting { environment, .. } => ("connecting", Some(environment), None, None),
            Known::Read { environment, standing, .. } => ("connected", Some(environment), None, Some(standing)),
            Known::Unreachable { environment, reason, .. } => ("unreachable", Some(environment), Some(reason), None),
        };
        let unapplied = standing
            .as_ref()
            .and_then(|it| it.look.as_ref())
            .map(|look| look.state.states.iter().filter(|state| !state.is_applied()).count());
        let drift = standing.as_ref().and_then(|it| it.drift.as_ref()).map(Vec::len);
        json!({
            "state": state,
            "environment": environment,
            "kind": place.as_ref().map(|(kind, _)| kind.as_str()),
            "address": place.as_ref().map(|(_, address)| address),
            "reason": reason,
            "unapplied": unapplied,
            "drift": drift,
            "unproved": standing.map(|it| it.unproved.len()),
        })
    }

    /// Something was written: the databases may hold something else now.
    pub(crate) fn look_again(&self) {
        self.projects.lock().values().for_each(|watched| watched.wanted.notify_one());
    }

    /// What is known of this project's database is old.
    pub(crate) fn look_again_at(&self, project: &ProjectId) {
        if let Some(watched) = self.projects.lock().get(project) {
            watched.is_old.notify_one();
        }
    }

    /// A database was changed, by us or by what was run beside us.
    pub(crate) fn look_at_once(&self) {
        self.projects.lock().values().for_each(|watched| watched.is_old.notify_one());
    }

    /// The environment that a person set, where databases may be touched at all.
    pub(crate) fn allowed_environment(&self) -> Result<Option<String>, String> {
        match &*self.settings.lock() {
            Some(settings) if settings.is_on => Ok(settings.environment.clone()),
            Some(_) => Err(String::from("databases are left alone: `driftlens.database.enable` is off")),
            None => Err(String::from("the settings are not known yet; try again")),
        }
    }

    /// What can be done to the project's database, as it was last read.
    pub(crate) fn offer(&self, project: &Project) -> Option<Offer> {
        let watched = self.projects.lock().get(&project.id).cloned()?;
        let (kind, _) = watched.place.lock().clone()?;
        let Known::Read { environment, standing, .. } = watched.known.lock().clone() else { return None };
        let differs = standing.to_push.as_ref().is_none_or(|steps| !steps.is_empty());
        let states = standing.look.iter().flat_map(|look| &look.state.states);
        let has_unapplied = states.into_iter().any(|state| *state == MigrationState::Unapplied);
        let can_push = kind == EnvironmentKind::Development && differs;
        Some(Offer { environment, can_push, can_migrate: has_unapplied })
    }

    pub(crate) fn set_settings(&self, settings: DatabaseSettings) {
        let mut known = self.settings.lock();
        // Whoever starts the server may forbid it for good: a folder that is not trusted must not allow it again.
        if known.as_ref().is_some_and(|it| it.is_forbidden) {
            return;
        }
        if known.as_ref() != Some(&settings) {
            *known = Some(settings);
            self.settings_changed.notify_one();
        }
    }
}
