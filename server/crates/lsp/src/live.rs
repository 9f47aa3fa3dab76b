//! The databases of the open projects, read beside everything else: a hover looks at what was read last and never waits.

use crate::kept::{self, Aged, Kept};
use crate::live_reading::{Reading, Seen, read_aside};
use crate::state::{Event, State};
use analysis::{DesiredSource, LiveFindings, LivePicture, LiveState, Project, ProjectId, TreeStates};
use history::MigrationState;
use parking_lot::Mutex;
use serde_json::{Value, json};
use source::Diagnostic;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::Instant;
use workspace::{DatabaseProject, Environment, EnvironmentKind, Standing, declared_environments, environment};

/// What was read is read again after this long,
const STALE_AFTER: Duration = Duration::from_secs(30);
/// or, where somebody looks at it or writes a file, after this long.
const FRESH_FOR: Duration = Duration::from_secs(3);
/// Tries to connect are this far apart at first, then twice as far each time,
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

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
    settings: Mutex<Option<DatabaseSettings>>,
    projects: Mutex<HashMap<ProjectId, Arc<Watched>>>,
    settings_changed: Notify,
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
struct Watched {
    known: Mutex<Known>,
    /// What kind of database is looked at, and where, without its password.
    place: Mutex<Option<(EnvironmentKind, String)>>,
    /// What the configuration declares.
    environments: Mutex<Vec<(String, Option<EnvironmentKind>)>>,
    /// Somebody wants news.
    wanted: Notify,
    /// It was changed: whatever was read is old.
    is_old: Notify,
}

#[derive(Clone, Default)]
enum Known {
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
    fn last(self) -> Option<Aged> {
        match self {
            Known::Read { picture, at, .. } => SystemTime::now().checked_sub(at.elapsed()).map(|at| (picture, at)),
            Known::Connecting { last, .. } | Known::Unreachable { last, .. } => last,
            Known::Nothing | Known::Off(_) => None,
        }
    }

    /// True where what was read is what is shown already, but for the time.
    fn shows(&self, name: &str, picture: &LivePicture, standing: &Standing) -> bool {
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
            Known::Read { environment, picture, at, .. } => {
                if at.elapsed() > FRESH_FOR {
                    watched.wanted.notify_one();
                }
                Some(LiveState::Connected { environment, picture, age: at.elapsed().as_secs() })
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
        })
    }

    /// Something was written: the databases may hold something else now.
    pub(crate) fn look_again(&self) {
        self.projects.lock().values().for_each(|watched| watched.wanted.notify_one());
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

/// Looks at the database of each open project until the server ends.
pub(crate) async fn run(state: Arc<State>) {
    let mut world = state.subscribe();
    let mut running: Running = HashMap::new();
    loop {
        let settings = state.live.settings.lock().clone();
        if let Some(settings) = settings.filter(|settings| settings.is_on) {
            let analysis = world.borrow_and_update().analysis.clone();
            running.retain(|id, it| {
                it.about.settings == settings && analysis.projects.iter().any(|project| project.id == *id)
            });
            for project in &analysis.projects {
                let Some(about) = About::of(project, &settings) else { continue };
                match running.get(&project.id).filter(|it| it.about == about) {
                    Some(it) => *it.project.lock() = project.clone(),
                    None => {
                        let watched = Arc::new(Watched::default());
                        let project = Arc::new(Mutex::new(project.clone()));
                        state.live.projects.lock().insert(about.id.clone(), watched.clone());
                        let mut task = JoinSet::new();
                        task.spawn(watch(state.clone(), about.clone(), watched, project.clone()));
                        running.insert(about.id.clone(), RunningProject { about, project, _task: task });
                    }
                }
            }
        } else {
            running.clear();
        }
        state.live.projects.lock().retain(|id, _| running.contains_key(id));
        tokio::select! {
            changed = world.changed() => if changed.is_err() { return },
            () = state.live.settings_changed.notified() => {}
        }
    }
}

type Running = HashMap<ProjectId, RunningProject>;

struct RunningProject {
    about: About,
    project: Arc<Mutex<Arc<Project>>>,
    /// Dropped with it, which ends it.
    _task: JoinSet<()>,
}

/// What has to stay the same for a connection to stay.
#[derive(Clone, PartialEq, Eq)]
struct About {
    id: ProjectId,
    drizzle: Option<source::FilePath>,
    dialect: schema::Dialect,
    format: history::Format,
    settings: DatabaseSettings,
}

impl About {
    fn of(project: &Project, settings: &DatabaseSettings) -> Option<About> {
        let config = project.config.as_ref()?;
        let drizzle = match &config.desired {
            DesiredSource::Drizzle(drizzle) => Some(drizzle.file.clone()),
            DesiredSource::Sql { .. } | DesiredSource::None => None,
        };
        Some(About {
            id: project.id.clone(),
            drizzle,
            dialect: config.dialect,
            format: config.format,
            settings: settings.clone(),
        })
    }

    fn database_project(&self) -> DatabaseProject<'_> {
        DatabaseProject {
            source: &self.id.source,
            index: self.id.index,
            drizzle: self.drizzle.as_ref(),
            dialect: self.dialect,
            format: self.format,
        }
    }

    /// The environment to look at, or what is said instead.
    fn environment(&self) -> Result<Environment, Known> {
        let project = self.database_project();
        let named = self.settings.environment.as_deref();
        match environment(&project, None, named) {
            Ok(found) if found.kind == EnvironmentKind::Development || named.is_some() => Ok(found),
            Ok(found) => Err(Known::Off(format!(
                "`{}` is {}, so it is not looked at unasked: name it in `driftlens.database.environment`",
                found.name,
                found.kind.as_str()
            ))),
            // Without an environment there is nothing to say in every hover; one that was named has to be there.
            Err(error) if named.is_some() => Err(Known::Off(error.0)),
            Err(_) => Err(Known::Nothing),
        }
    }
}

/// The environment of this name, else the project's own. Looks at files.
pub(crate) fn environment_of(project: &Project, name: Option<&str>) -> Result<Environment, String> {
    let about = About::of(project, &DatabaseSettings::default())
        .ok_or_else(|| format!("{}: its configuration cannot be worked with", project.label()))?;
    environment(&about.database_project(), None, name).map_err(|error| error.0)
}

/// Reads one database again and again: when it is stale, when somebody wants it, and more and more rarely while it cannot be reached.
async fn watch(state: Arc<State>, about: About, watched: Arc<Watched>, project: Arc<Mutex<Arc<Project>>>) {
    let mut reading = Reading::default();
    let mut wait = FIRST_WAIT;
    loop {
        let asked = about.clone();
        let found = tokio::task::spawn_blocking(move || {
            (declared_environments(&asked.database_project()), asked.environment())
        });
        let Ok((environments, found)) = found.await else { return };
        *watched.environments.lock() = environments;
        let environment = match found {
            Ok(environment) => environment,
            Err(said) => {
                *watched.place.lock() = None;
                let before = std::mem::replace(&mut *watched.known.lock(), said);
                reading.connection = None;
                if matches!(before, Known::Read { .. } | Known::Unreachable { .. }) {
                    state.tell(Event::DatabaseRead);
                }
                idle(&watched, STALE_AFTER).await;
                continue;
            }
        };
        // Another address is another database.
        let place = Some((environment.kind, environment.address.to_string()));
        let is_other = std::mem::replace(&mut *watched.place.lock(), place.clone()) != place;
        reading.connection = reading.connection.filter(|it| *it.address() == environment.address);
        let project = project.lock().clone();
        let mut before = watched.known.lock().clone();
        if is_other || matches!(before, Known::Nothing | Known::Off(_)) {
            let was_read = matches!(before, Known::Read { .. });
            before = connecting(&state, &watched, &project, &environment).await;
            if was_read {
                state.tell(Event::DatabaseRead);
            }
        }
        let aside = read_aside(reading, environment.clone(), project.clone()).await;
        let Some((kept, read)) = aside else { return };
        reading = kept;
        match read {
            Ok(mut picture) => {
                let filter = environment.filter_for(project.desired.as_ref().map(|desired| &desired.schema));
                filter.apply(Arc::make_mut(&mut picture.schema));
                let Some(Seen { standing, .. }) = &reading.seen else { return };
                let is_old = before.shows(&environment.name, &picture, standing);
                if let Some(answers) = reading.answers.take() {
                    kept::keep(&state, &project, &environment, answers);
                }
                let (environment, standing) = (environment.name, standing.clone());
                *watched.known.lock() = Known::Read { environment, picture, standing, at: Instant::now() };
                if !is_old {
                    state.tell(Event::DatabaseRead);
                }
                wait = FIRST_WAIT;
                idle(&watched, STALE_AFTER).await;
            }
            Err(error) => {
                let is_news = !matches!(before, Known::Unreachable { .. });
                let last = before.last();
                let pause = jittered(wait);
                let next_try = Instant::now() + pause;
                let (environment, reason) = (environment.name, error.to_string());
                tracing::info!(%environment, %reason, "the database is not read");
                *watched.known.lock() = Known::Unreachable { environment, reason, next_try, last };
                if is_news {
                    state.tell(Event::DatabaseRead);
                }
                tokio::select! { () = tokio::time::sleep(pause) => {}, () = watched.is_old.notified() => {} }
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
}

/// Says that a database is connected to, and what it held when it was read last.
async fn connecting(state: &Arc<State>, watched: &Watched, project: &Project, environment: &Environment) -> Known {
    let known = |last| Known::Connecting { environment: environment.name.clone(), last };
    *watched.known.lock() = known(None);
    let known = known(kept::picture(state, project, environment).await);
    *watched.known.lock() = known.clone();
    known
}

/// Waits until somebody wants news, but not less than what is fresh, unless it is old for sure, and not longer than `longest`.
async fn idle(watched: &Watched, longest: Duration) {
    let start = Instant::now();
    let calm = async {
        let _ = tokio::time::timeout(longest, watched.wanted.notified()).await;
        tokio::time::sleep_until(start + FRESH_FOR.min(longest)).await;
    };
    tokio::select! { () = calm => {}, () = watched.is_old.notified() => {} }
}

/// Between half of a time and the whole: many editors do not come back at once.
fn jittered(wait: Duration) -> Duration {
    let random = RandomState::new().hash_one(0_u8) % 1_000;
    wait / 2 + (wait / 2) * u32::try_from(random).unwrap_or_default() / 1_000
}
