//! What is kept between two analyses: readers, a history and the desired schema for each project, and the texts.

use history::{Format, History};
use languages::Desired;
use languages::drizzle::{QueryReader, Reader};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Dialect, ObjectKind};
use source::{FilePath, Files, Noting};
use std::sync::{Arc, Mutex};

use crate::configuration::{self, Configured, DesiredSource, Detector, ProjectConfig, ProjectId};
use crate::project::Project;
use crate::texts::{self, Texts};
use crate::{Analysis, pending};

/// Keeps what it made of each project between two analyses, so that an edit costs what depends on it.
#[derive(Default)]
pub struct Host {
    projects: FxHashMap<ProjectId, Kept>,
    detector: Detector,
    texts: Arc<Texts>,
    queries: Arc<Mutex<QueryReader>>,
    /// Every file whose text was ever asked for: what is kept was made of them.
    looked_at: Arc<FxHashSet<FilePath>>,
}

/// What is kept of one project.
#[derive(Default)]
struct Kept {
    desired: KeptDesired,
    history: KeptHistory,
}

#[derive(Default)]
struct KeptDesired {
    reader: Reader,
    sql: Option<KeptSql>,
}

#[derive(Default)]
struct KeptHistory {
    reader: history::Reader,
    /// What `reader` has read.
    folder: Option<(FilePath, Format, Dialect)>,
    /// With the stamp of the folder.
    last: Option<(u64, Arc<History>)>,
}

/// The schema of SQL files, and the texts that it was read from.
struct KeptSql {
    dialect: Dialect,
    is_whole: bool,
    texts: Vec<ReadText>,
    desired: Arc<Desired>,
}

impl Host {
    pub fn new() -> Host {
        Host::default()
    }

    /// Reads the projects of these sources as `files` shows them now: configuration files, and migrations folders without one. Of
    /// several that lead to one folder the one that is meant counts. Projects no longer named are forgotten.
    pub fn analyze(&mut self, sources: &[FilePath], files: &dyn Files) -> Analysis {
        let noting = Noting::new(files);
        let projects = self.projects(sources, &noting);
        let looked_at = noting.looked_at();
        if !looked_at.is_subset(&self.looked_at) {
            Arc::make_mut(&mut self.looked_at).extend(looked_at);
        }
        let (texts, queries, looked_at) = (self.texts.clone(), self.queries.clone(), self.looked_at.clone());
        Analysis { projects, texts, queries, looked_at }
    }

    fn projects(&mut self, sources: &[FilePath], files: &dyn Files) -> Vec<Arc<Project>> {
        let mut entries = Vec::new();
        for source in sources {
            entries.extend(configuration::entries(source, &mut self.detector, files));
        }
        let ids: FxHashSet<ProjectId> = entries.iter().map(|entry| entry.id.clone()).collect();
        self.projects.retain(|id, _| ids.contains(id));
        let mut configured = Vec::new();
        for entry in entries {
            let kept = self.projects.entry(entry.id.clone()).or_default();
            configured.extend(configuration::resolve(entry, &mut kept.desired.reader, &mut self.detector, files));
        }
        let mut projects = Vec::new();
        for project in configuration::unclaimed(configured) {
            let kept = self.projects.entry(project.id.clone()).or_default();
            projects.push(Arc::new(kept.analyze(project, files)));
        }
        let mut found = Texts::default();
        for project in &projects {
            for file in project.files() {
                texts::add(&mut found, &self.texts, &file, files);
            }
        }
        self.texts = Arc::new(found);
        projects
    }
}

/// A file and its text; None where it cannot be read.
type ReadText = (FilePath, Option<Arc<str>>);

/// What a table may have more of than was read.
const PARTS: [ObjectKind; 9] = [
    ObjectKind::Column,
    ObjectKind::PrimaryKey,
    ObjectKind::Unique,
    ObjectKind::ForeignKey,
    ObjectKind::Check,
    ObjectKind::Exclusion,
    ObjectKind::Index,
    ObjectKind::RowLevelSecurity,
    ObjectKind::Policy,
];

impl Kept {
    fn analyze(&mut self, configured: Configured, files: &dyn Files) -> Project {
        let mut project = Project::new(configured);
        let Some(config) = project.config.clone() else { return project };
        let (desired, history) = self.desired_and_history(&config, files);
        if let Some(desired) = &desired {
            project.diagnostics.extend(desired.diagnostics.iter().cloned());
        }
        project.diagnostics.extend(history.diagnostics.iter().cloned());
        if let Some(desired) = &desired {
            pending::find(&mut project, &config, desired, &history);
        }
        project.desired = desired;
        project.history = Some(history);
        project
    }

    /// Neither is read from the other, so they are read at once where both have to be.
    fn desired_and_history(
        &mut self,
        config: &ProjectConfig,
        files: &dyn Files,
    ) -> (Option<Arc<Desired>>, Arc<History>) {
        let Kept { desired, history } = self;
        if let Some(history) = history.kept(config, files) {
            return (desired.read(config, files), history);
        }
        std::thread::scope(|scope| {
            let history = scope.spawn(|| history.read(config, files));
            let desired = desired.read(config, files);
            (desired, history.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })
    }
}

impl KeptDesired {
    fn read(&mut self, config: &ProjectConfig, files: &dyn Files) -> Option<Arc<Desired>> {
        match &config.desired {
            DesiredSource::Drizzle(drizzle) => Some(Arc::new(self.reader.read_schema(drizzle, files))),
            DesiredSource::Sql { files: schema_files, is_whole } => {
                Some(self.sql(config.dialect, schema_files, *is_whole, files))
            }
            DesiredSource::None => None,
        }
    }

    /// The schema of SQL files, from the last time where their texts are the same allocations.
    fn sql(&mut self, dialect: Dialect, schema_files: &[FilePath], is_whole: bool, files: &dyn Files) -> Arc<Desired> {
        let texts: Vec<_> = schema_files.iter().map(|file| (file.clone(), files.read(file).ok())).collect();
        let is_same = |(left, right): (&ReadText, &ReadText)| {
            let is_same_text = match (&left.1, &right.1) {
                (Some(left), Some(right)) => Arc::ptr_eq(left, right),
                // What cannot be read is looked at again.
                _ => false,
            };
            left.0 == right.0 && is_same_text
        };
        if let Some(kept) = &self.sql
            && (kept.dialect, kept.is_whole) == (dialect, is_whole)
            && kept.texts.len() == texts.len()
            && kept.texts.iter().zip(&texts).all(is_same)
        {
            return kept.desired.clone();
        }
        let mut desired = languages::sql::read_schema(dialect, schema_files, files);
        if !is_whole {
            // A file that is not there may hold more tables, and more of each.
            desired.schema.open = true;
            for table in desired.schema.tables.values_mut() {
                Arc::make_mut(table).open = PARTS.to_vec();
            }
        }
        let desired = Arc::new(desired);
        self.sql = Some(KeptSql { dialect, is_whole, texts, desired: desired.clone() });
        desired
    }
}

impl KeptHistory {
    /// From the last time, where the provider says that nothing in the folder has changed since.
    fn kept(&self, config: &ProjectConfig, files: &dyn Files) -> Option<Arc<History>> {
        let (stamp, history) = self.last.as_ref().filter(|_| self.folder.as_ref() == Some(&folder(config)))?;
        (files.folder_stamp(&config.migrations) == Some(*stamp)).then(|| history.clone())
    }

    fn read(&mut self, config: &ProjectConfig, files: &dyn Files) -> Arc<History> {
        let folder = folder(config);
        if self.folder.as_ref() != Some(&folder) {
            self.reader = history::Reader::default();
            self.folder = Some(folder);
        }
        // Before it is read: what changes meanwhile is read again.
        let stamp = files.folder_stamp(&config.migrations);
        let history = Arc::new(self.reader.read(config.format, config.dialect, &config.migrations, files));
        self.last = stamp.map(|stamp| (stamp, history.clone()));
        history
    }
}

fn folder(config: &ProjectConfig) -> (FilePath, Format, Dialect) {
    (config.migrations.clone(), config.format, config.dialect)
}
