//! What handlers and the owner task share: the open buffers, the newest analysis, and the way to tell the owner of an event.

use crate::documents::Documents;
use crate::from_proto::{BesideText, Settings, file_path};
use crate::live::Live;
use crate::manual::Manual;
use crate::operations::Operations;
use crate::preview;
use crate::pulled::Pulled;
use crate::to_proto::Words;
use analysis::{Analysis, ProjectId, RenameMemory};
use parking_lot::{Mutex, MutexGuard};
use source::{Diagnostic, FilePath};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tower_lsp::lsp_types::{Position, Url};
use workspace::Disk;

/// A request about a document that was just changed waits this long for the analysis of the change.
const WAIT_FOR_ANALYSIS: Duration = Duration::from_millis(500);
/// And one for what that found, this long: an older answer would be wrong.
const WAIT_FOR_WORLD: Duration = Duration::from_secs(10);

/// Something an analysis has to take in.
#[derive(Debug)]
pub(crate) enum Event {
    /// The client is ready; its folders are known.
    Started,
    FoldersChanged,
    Opened(FilePath),
    Changed(FilePath),
    Saved(FilePath),
    Closed(FilePath),
    Watched(Vec<Watched>),
    /// A request waits: do not wait for more keystrokes.
    Wanted,
    /// What is known of a database is not what it was: there may be other findings, of the same files.
    DatabaseRead,
}

/// A file or folder that changed on disk.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub(crate) path: FilePath,
    pub(crate) kind: WatchedKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WatchedKind {
    Created,
    Changed,
    Deleted,
    /// Our own watcher does not say.
    Unknown,
}

/// An analysis, and how much of what happened it has taken in.
#[derive(Clone, Default)]
pub(crate) struct World {
    pub(crate) analysis: Arc<Analysis>,
    /// What it found, and what is known of the databases, by file.
    pub(crate) found: Arc<BTreeMap<FilePath, Vec<Diagnostic>>>,
    pub(crate) revision: u64,
}

pub(crate) struct State {
    settings: OnceLock<Settings>,
    pub(crate) roots: Mutex<Vec<FilePath>>,
    documents: Mutex<Documents>,
    events: UnboundedSender<Event>,
    world: watch::Sender<World>,
    /// Decided in the editor and in no migration yet.
    pub(crate) renames: Mutex<HashMap<ProjectId, RenameMemory>>,
    beside: Mutex<BesideText>,
    /// What a person is told beside an answer.
    messages: UnboundedSender<String>,
    /// Where previews are written for clients that show files only; made when first needed.
    previews: Mutex<Option<PathBuf>>,
    /// Where the pages of findings are, once they are there.
    manual: OnceLock<Manual>,
    /// The files as the engine sees them. Only the owner writes to it.
    pub(crate) disk: Arc<Disk>,
    pub(crate) live: Live,
    pub(crate) operations: Operations,
    pub(crate) pulled: Pulled,
}

impl State {
    pub(crate) fn new(events: UnboundedSender<Event>, messages: UnboundedSender<String>) -> State {
        State {
            settings: OnceLock::new(),
            roots: Mutex::default(),
            documents: Mutex::default(),
            events,
            world: watch::Sender::default(),
            renames: Mutex::default(),
            beside: Mutex::default(),
            messages,
            previews: Mutex::default(),
            manual: OnceLock::new(),
            disk: Arc::new(Disk::new().trusting_changes()),
            live: Live::default(),
            operations: Operations::default(),
            pulled: Pulled::default(),
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings.get().copied().unwrap_or_default()
    }

    /// The first word counts: tower-lsp lets only one `initialize` through.
    pub(crate) fn set_settings(&self, settings: Settings) {
        let _ = self.settings.set(settings);
    }

    pub(crate) fn beside(&self) -> BesideText {
        *self.beside.lock()
    }

    /// What was set before.
    pub(crate) fn set_beside(&self, beside: BesideText) -> BesideText {
        std::mem::replace(&mut *self.beside.lock(), beside)
    }

    /// Shows a person a message, in a task of its own.
    pub(crate) fn tell_person(&self, message: String) {
        // Fails only at the end of the server.
        let _ = self.messages.send(message);
    }

    /// The folder of this server's previews. Waits for the disk.
    pub(crate) fn preview_folder(&self) -> Result<PathBuf, String> {
        let mut folder = self.previews.lock();
        if let Some(folder) = folder.as_ref().filter(|folder| folder.is_dir()) {
            return Ok(folder.clone());
        }
        let made = preview::new_folder().map_err(|error| format!("no folder can be made for the SQL: {error}"))?;
        *folder = Some(made.clone());
        Ok(made)
    }

    /// Takes away what was written for reading only. Waits for the disk.
    pub(crate) fn remove_previews(&self) {
        if let Some(folder) = self.previews.lock().take()
            && let Err(error) = std::fs::remove_dir_all(&folder)
        {
            tracing::info!(folder = %folder.display(), %error, "the previews cannot be removed");
        }
    }

    pub(crate) fn documents(&self) -> MutexGuard<'_, Documents> {
        self.documents.lock()
    }

    /// Changes the open buffers and tells the owner under the same lock: who holds it and has read all events knows all changes.
    pub(crate) fn update(&self, change: impl FnOnce(&mut Documents) -> Option<Event>) {
        let mut documents = self.documents.lock();
        if let Some(event) = change(&mut documents) {
            self.tell(event);
        }
    }

    /// Has everything on disk read again: it may have changed between the first look and the first watch.
    pub(crate) fn distrust_disk(&self) {
        let roots = self.roots.lock().clone();
        let changes = roots.into_iter().map(|path| Watched { path, kind: WatchedKind::Changed }).collect();
        self.update(|documents| {
            documents.touch();
            Some(Event::Watched(changes))
        });
    }

    pub(crate) fn tell(&self, event: Event) {
        // Fails only when the owner is gone, at the end of the server.
        let _ = self.events.send(event);
    }

    /// Tells of each new analysis.
    pub(crate) fn subscribe(&self) -> watch::Receiver<World> {
        self.world.subscribe()
    }

    pub(crate) fn set_world(&self, world: World) {
        self.world.send_replace(world);
    }

    /// How much an analysis has to have taken in to fit the text of this file as it is now.
    fn due_for(&self, file: &FilePath) -> u64 {
        let world = self.world.borrow().clone();
        let documents = self.documents.lock();
        let Some(document) = documents.get(file) else { return 1 };
        // An analysis that saw the file open and made nothing of it makes nothing of what is typed in it.
        let is_foreign = world.revision >= document.opened_at && !world.analysis.knows(file);
        if is_foreign { document.opened_at } else { document.revision }
    }

    /// The newest analysis; where it lacks a change that was due, the next one, if it comes in time.
    async fn analysis(&self, due: u64) -> Arc<Analysis> {
        let world = self.world.borrow().clone();
        if world.revision >= due {
            return world.analysis;
        }
        self.tell(Event::Wanted);
        let mut worlds = self.world.subscribe();
        match tokio::time::timeout(WAIT_FOR_ANALYSIS, worlds.wait_for(|world| world.revision >= due)).await {
            Ok(Ok(world)) => world.analysis.clone(),
            Ok(Err(_)) | Err(_) => world.analysis,
        }
    }

    /// The world that fits a file's text as it is when this returns; it comes when the owner is through with it. None where that
    /// takes too long.
    pub(crate) async fn world_for(&self, file: &FilePath) -> Option<World> {
        let mut worlds = self.world.subscribe();
        let fits = async {
            loop {
                let due = self.due_for(file);
                let world = worlds.wait_for(|world| world.revision >= due).await.ok()?.clone();
                if self.due_for(file) <= world.revision {
                    return Some(world);
                }
            }
        };
        tokio::time::timeout(WAIT_FOR_WORLD, fits).await.ok().flatten()
    }

    /// The analysis that takes in everything that has happened so far, if it comes in time.
    pub(crate) async fn latest_analysis(&self) -> Arc<Analysis> {
        let due = self.documents.lock().revision().max(1);
        self.analysis(due).await
    }

    /// The newest analysis there is, though it may lack what was just typed. Waits for the first one only.
    pub(crate) async fn first_analysis(&self) -> Arc<Analysis> {
        self.analysis(1).await
    }

    /// A document and the analysis that fits it; None where it is no file.
    pub(crate) async fn snapshot(&self, uri: &Url) -> Option<Snapshot> {
        let file = file_path(uri)?;
        let due = self.due_for(&file);
        let analysis = self.analysis(due).await;
        Some(Snapshot { file, analysis })
    }

    /// Has the findings link to their pages from now on.
    pub(crate) fn set_manual(&self, manual: Manual) {
        let _ = self.manual.set(manual);
    }

    pub(crate) fn words<'a>(&'a self, analysis: &'a Analysis, documents: &'a Documents) -> Words<'a> {
        Words { analysis, documents, settings: self.settings(), manual: self.manual.get() }
    }
}

/// What a request works on from its first await to its answer.
pub(crate) struct Snapshot {
    pub(crate) file: FilePath,
    pub(crate) analysis: Arc<Analysis>,
}

impl Snapshot {
    /// The offset of a position; None for a file the analysis did not read.
    pub(crate) fn offset(&self, state: &State, position: Position) -> Option<u32> {
        let source = self.analysis.text(&self.file)?;
        Some(state.settings().encoding.offset(&source.text, &source.lines, position))
    }
}
