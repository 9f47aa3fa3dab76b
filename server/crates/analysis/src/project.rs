//! One project: what its configuration, schema files and migrations folder say together.

use diff::RenameCandidate;
use history::History;
use languages::{Desired, Use};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Change, ObjectPath};
use source::{Diagnostic, FilePath, Severity};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::SourceText;
use crate::configuration::{Configured, DesiredSource, ProjectConfig, ProjectId};
use crate::migration_places::MigrationTexts;

/// A change that lacks its migration, at the place in the schema files that causes it.
#[derive(Clone, Debug)]
pub struct Pending {
    pub change: Change,
    pub diagnostic: Diagnostic,
}

/// One configuration and everything read from it.
pub struct Project {
    pub id: ProjectId,
    /// What it is called among the projects of its configuration file.
    pub name: Option<String>,
    /// None where the configuration cannot be worked with; `diagnostics` says why.
    pub config: Option<ProjectConfig>,
    /// None where no file says what the schema should be.
    pub desired: Option<Arc<Desired>>,
    pub history: Option<Arc<History>>,
    pub pending: Vec<Pending>,
    pub renames: Vec<RenameCandidate>,
    /// Everything found but the pending changes.
    pub diagnostics: Vec<Diagnostic>,
    uses: OnceLock<UsesByFile>,
    migration_texts: MigrationTexts,
}

/// The places of one project's objects by file, sorted by start. Made when first asked for: an analysis nobody asks costs nothing.
type UsesByFile = FxHashMap<FilePath, Vec<Use>>;

impl Project {
    pub(crate) fn new(configured: Configured) -> Project {
        Project {
            id: configured.id,
            name: configured.name,
            config: configured.config,
            desired: None,
            history: None,
            pending: Vec::new(),
            renames: Vec::new(),
            diagnostics: configured.diagnostics,
            uses: OnceLock::new(),
            migration_texts: MigrationTexts::default(),
        }
    }

    /// The configuration file; the migrations folder itself where no file configures it.
    pub fn source(&self) -> &FilePath {
        &self.id.source
    }

    /// What a person knows it by: the configuration file with its folder, and the project's name in it.
    pub fn label(&self) -> String {
        let source = self.source();
        let names = [source.parent().and_then(Path::file_name), source.file_name()];
        let path = names.into_iter().flatten().map(|name| name.to_string_lossy()).collect::<Vec<_>>().join("/");
        self.name.as_ref().map_or_else(|| path.clone(), |name| format!("{path} [{name}]"))
    }

    /// True where no file says what the schema should be: the migrations themselves are checked.
    pub fn is_history_only(&self) -> bool {
        self.config.as_ref().is_some_and(|config| config.desired == DesiredSource::None)
    }

    /// How many tables the schema files declare; where there are none, how many the migrations make.
    pub fn tables(&self) -> usize {
        let desired = self.desired.as_ref().map(|desired| &desired.schema);
        let recorded = self.history.as_ref().map(|history| &history.schema);
        desired.or(recorded).map_or(0, |schema| schema.tables.len())
    }

    /// Pending changes first, then everything else.
    pub fn all_diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.pending.iter().map(|pending| &pending.diagnostic).chain(&self.diagnostics)
    }

    /// False where there is nothing to compare with: the configuration or the recorded state cannot be read.
    pub fn is_compared(&self) -> bool {
        self.config.is_some() && self.history.as_ref().is_some_and(|history| !history.unreadable)
    }

    /// Compared, no pending change and nothing that is an error.
    pub fn in_sync(&self) -> bool {
        self.is_compared()
            && self.pending.is_empty()
            && !self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Every file the project's findings and queries can be about.
    pub(crate) fn files(&self) -> FxHashSet<FilePath> {
        let mut files = FxHashSet::default();
        files.insert(self.id.source.clone());
        if let Some(DesiredSource::Drizzle(config)) = self.config.as_ref().map(|config| &config.desired) {
            files.insert(config.file.clone());
        }
        if let Some(desired) = &self.desired {
            files.extend(desired.read_files.iter().cloned());
            files.extend(desired.files.iter().cloned());
        }
        files.extend(self.history.iter().filter_map(|history| history.folder.journal.clone()));
        for diagnostic in self.all_diagnostics() {
            files.insert(diagnostic.location.file.clone());
            files.extend(diagnostic.related.iter().map(|related| related.location.file.clone()));
        }
        files
    }

    pub(crate) fn has_migration(&self, file: &Path) -> bool {
        self.history.as_ref().is_some_and(|history| history.position_of_file(file).is_some())
    }

    pub(crate) fn migration_text(&self, file: &Path) -> Option<&Arc<SourceText>> {
        self.migration_texts.get(self.history.as_deref()?, file)
    }

    pub(crate) fn declares_in(&self, file: &Path) -> bool {
        self.uses_in(file).iter().any(|found| found.is_declaration)
    }

    /// The places of a file that name an object.
    pub(crate) fn uses_in(&self, file: &Path) -> &[Use] {
        self.uses_by_file().get(file).map(Vec::as_slice).unwrap_or_default()
    }

    /// The smallest place that holds the offset; a reference before a declaration of the same size.
    pub(crate) fn use_at(&self, file: &Path, offset: u32) -> Option<&Use> {
        self.uses_in(file)
            .iter()
            .filter(|found| found.location.span.touches(offset))
            .min_by_key(|found| (found.location.span.len(), found.is_declaration))
    }

    /// Every place that names an object.
    pub(crate) fn uses_of<'p>(&'p self, object: &'p ObjectPath) -> impl Iterator<Item = &'p Use> {
        self.desired.iter().flat_map(|desired| desired.origins.uses()).filter(move |found| found.object == *object)
    }

    fn uses_by_file(&self) -> &UsesByFile {
        self.uses.get_or_init(|| {
            let mut by_file = UsesByFile::default();
            for found in self.desired.iter().flat_map(|desired| desired.origins.uses()) {
                by_file.entry(found.location.file.clone()).or_default().push(found.clone());
            }
            by_file.values_mut().for_each(|list| list.sort_by_key(|found| found.location.span));
            by_file
        })
    }
}
