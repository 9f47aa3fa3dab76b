//! The tasks that look at the databases of the open projects, one for each.

use crate::kept;
use crate::live::{DatabaseSettings, FRESH_FOR, Known, Watched};
use crate::live_reading::{Reading, Seen, read_aside};
use crate::state::{Event, State};
use analysis::{DesiredSource, Project, ProjectId};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;
use workspace::{DatabaseProject, Environment, EnvironmentKind, declared_environments, environment};

/// What was read is read again after this long.
const STALE_AFTER: Duration = Duration::from_secs(30);
/// Tries to connect are this far apart at first, then twice as far each time,
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

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
                    Some(it) => {
                        let before = std::mem::replace(&mut *it.project.lock(), project.clone());
                        if has_other_migrations(&before, project) {
                            state.live.look_again_at(&project.id);
                        }
                    }
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

/// True where a migration came or went, so that how many are applied is another number; not while one is written.
fn has_other_migrations(before: &Project, now: &Project) -> bool {
    let (Some(before), Some(now)) = (&before.history, &now.history) else { return false };
    let (before_tags, tags) = (before.folder.migrations.iter(), now.folder.migrations.iter());
    !Arc::ptr_eq(before, now) && !before_tags.map(|it| &it.tag).eq(tags.map(|it| &it.tag))
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
