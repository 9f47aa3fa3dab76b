//! What is kept between two analyses: a reader and a history for each project, and the texts.

use history::{Format, History};
use languages::drizzle::{DrizzleConfig, Reader, Release};
use rustc_hash::FxHashMap;
use source::{FilePath, Files};
use std::sync::Arc;

use crate::project::Project;
use crate::texts::{self, Texts};
use crate::{Analysis, pending};

/// Keeps what it made of each project between two analyses, so that an edit costs what depends on it.
#[derive(Default)]
pub struct Host {
    projects: FxHashMap<FilePath, Kept>,
    texts: Arc<Texts>,
}

/// What is kept of one project.
#[derive(Default)]
struct Kept {
    reader: Reader,
    history: Option<KeptHistory>,
}

/// A history and what it was read from.
struct KeptHistory {
    folder: FilePath,
    dialect: schema::Dialect,
    stamp: u64,
    history: Arc<History>,
}

impl Host {
    pub fn new() -> Host {
        Host::default()
    }

    /// Reads the projects of these configuration files as `files` shows them now. Projects no longer named are forgotten.
    pub fn analyze(&mut self, configs: &[FilePath], files: &dyn Files) -> Analysis {
        self.projects.retain(|config, _| configs.contains(config));
        let projects: Vec<Arc<Project>> = configs
            .iter()
            .map(|config| Arc::new(self.projects.entry(config.clone()).or_default().analyze(config, files)))
            .collect();
        let mut found = Texts::default();
        for project in &projects {
            for file in project.files() {
                texts::add(&mut found, &self.texts, &file, files);
            }
        }
        self.texts = Arc::new(found);
        Analysis { projects, texts: self.texts.clone() }
    }
}

impl Kept {
    fn analyze(&mut self, config_file: &FilePath, files: &dyn Files) -> Project {
        let reading = self.reader.read_config(config_file, files);
        let mut project = Project::new(config_file, reading.config, reading.diagnostics);
        let Some(config) = &mut project.config else { return project };
        let history = self.history(config, files);
        let is_one = history.folder.format == Format::Drizzle1;
        config.release = if is_one { Release::One } else { Release::BeforeOne };
        let config = config.clone();
        let desired = Arc::new(self.reader.read_schema(&config, files));
        project.diagnostics.extend(desired.diagnostics.iter().cloned());
        project.diagnostics.extend(history.diagnostics.iter().cloned());
        pending::find(&mut project, &config, &desired, &history);
        project.desired = Some(desired);
        project.history = Some(history);
        project
    }

    /// The history, from the last time where the provider says that nothing in its folder changed.
    fn history(&mut self, config: &DrizzleConfig, files: &dyn Files) -> Arc<History> {
        let stamp = files.folder_stamp(&config.out);
        if let (Some(stamp), Some(kept)) = (stamp, &self.history)
            && kept.stamp == stamp
            && kept.folder == config.out
            && kept.dialect == config.dialect
        {
            return kept.history.clone();
        }
        let format = history::formats::drizzle_format(&config.out, files);
        let history = Arc::new(history::read(format, config.dialect, &config.out, files));
        self.history = stamp.map(|stamp| KeptHistory {
            folder: config.out.clone(),
            dialect: config.dialect,
            stamp,
            history: history.clone(),
        });
        history
    }
}
