//! The one task that owns the engine: takes in events, analyses, swaps the result in and publishes what changed.

use crate::batch::Batch;
use crate::handlers::{code_lens as lenses, diagnostic, inlay_hint};
use crate::progress::{Cancellable, News, Progress};
use crate::publish::Published;
use crate::state::{Event, State, World};
use analysis::{Analysis, Host};
use source::{Diagnostic, FilePath};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, timeout_at};
use tower_lsp::Client;
use tower_lsp::lsp_types::notification::{Notification, PublishDiagnostics};
use workspace::{Disk, discover};

/// An analysis starts when nothing was typed for this long,
const QUIET: Duration = Duration::from_millis(50);
/// but never later than this after the first event: a key held down must not switch us off.
const AT_THE_LATEST: Duration = Duration::from_millis(500);

/// What our own requests answer may be something else now.
struct Changed;

impl Notification for Changed {
    type Params = ();
    const METHOD: &'static str = "driftlens/changed";
}

pub(crate) struct Owner {
    state: Arc<State>,
    client: Client,
    events: UnboundedReceiver<Event>,
    disk: Arc<Disk>,
    host: Host,
    /// None before the first look at the folders.
    sources: Option<Vec<FilePath>>,
    published: Published,
    /// How often the reading of projects was shown, for the names of the tokens.
    n_shown: usize,
}

impl Owner {
    pub(crate) fn new(state: Arc<State>, client: Client, events: UnboundedReceiver<Event>) -> Owner {
        let disk = state.disk.clone();
        let (host, published) = (Host::new(), Published::default());
        Owner { state, client, events, disk, host, sources: None, published, n_shown: 0 }
    }

    /// Runs until the server ends.
    pub(crate) async fn run(mut self) {
        while let Some(batch) = self.gather().await {
            if batch.has_work() {
                self.round(batch).await;
            } else if batch.database_read {
                let mut world = self.state.subscribe().borrow().clone();
                world.found = Arc::new(world.analysis.diagnostics_with(&|project| self.state.live.findings(project)));
                self.publish(world).await;
                // A lens offers what the database lacks, also where no finding changed.
                let beside = self.state.beside();
                if beside.has_lenses {
                    lenses::refresh(&self.state, &self.client);
                }
                if beside.has_hints {
                    inlay_hint::refresh(&self.state, &self.client);
                }
            }
        }
    }

    /// Waits for something to happen, and then until it has stopped happening.
    async fn gather(&mut self) -> Option<Batch> {
        let mut batch = Batch::default();
        batch.add(self.events.recv().await?, self.sources());
        let latest = Instant::now() + AT_THE_LATEST;
        while !batch.urgent {
            let quiet = Instant::now() + QUIET;
            match timeout_at(quiet.min(latest), self.events.recv()).await {
                Ok(Some(event)) => batch.add(event, self.sources()),
                Ok(None) | Err(_) => break,
            }
        }
        Some(batch)
    }

    async fn round(&mut self, mut batch: Batch) {
        // Looking for projects and reading them for the first time may take long; an edit does not.
        let is_shown = (batch.discover || self.sources.is_none()) && self.state.settings().shows_progress;
        let _progress = is_shown.then(|| {
            self.n_shown += 1;
            let token = format!("driftlens-read-{}", self.n_shown);
            Progress::start(&self.client, String::from("Reading the schema"), token, Cancellable::No, News::default())
        });
        let revision = self.take_in(&mut batch);
        let world = self.state.subscribe().borrow().clone();
        if self.sources.is_some() && batch.is_typed_in(|file| !world.analysis.may_depend_on(file)) {
            self.state.set_world(World { revision, ..world });
            return;
        }
        let sources = match self.sources.take() {
            Some(sources) if !batch.discover => sources,
            before => self.discover().await.or(before).unwrap_or_default(),
        };
        self.sources = Some(sources.clone());
        let Some((analysis, found)) = self.analyze(sources).await else { return };
        self.publish(World { analysis: Arc::new(analysis), found: Arc::new(found), revision }).await;
    }

    /// Lets everybody have the world, and tells the client what it does not ask for.
    async fn publish(&mut self, world: World) {
        self.state.set_world(world.clone());
        let news = self.published.update(&self.state, &world);
        let is_old = self.state.settings().pulls_diagnostics && self.state.pulled.is_old(&self.state, &world);
        if is_old {
            diagnostic::refresh(&self.client);
        }
        let is_news = is_old || !news.is_empty();
        for params in news {
            self.client.send_notification::<PublishDiagnostics>(params).await;
        }
        if is_news && self.state.beside().has_lenses {
            lenses::refresh(&self.state, &self.client);
        }
        if self.state.settings().hears_changes {
            self.client.send_notification::<Changed>(()).await;
        }
    }

    /// Brings the disk's overlay up to what the buffers are now, and says which revision that is. The files the engine reads
    /// do not change under a running analysis, for nobody else writes to the overlay.
    fn take_in(&mut self, batch: &mut Batch) -> u64 {
        let (revision, buffers) = {
            let documents = self.state.documents();
            while let Ok(event) = self.events.try_recv() {
                batch.add(event, self.sources.as_deref().unwrap_or_default());
            }
            let texts = batch.buffers.iter().map(|file| {
                let text = documents.get(file).map(|document| Arc::<str>::from(document.text.as_str()));
                (file.clone(), text)
            });
            (documents.revision(), texts.collect::<Vec<_>>())
        };
        for (file, text) in buffers {
            match text {
                Some(text) => self.disk.open(&file, text),
                None => self.disk.close(&file),
            }
        }
        if !batch.on_disk.is_empty() {
            let changed: Vec<_> = batch.on_disk.iter().cloned().collect();
            self.disk.changed(&changed);
        }
        revision
    }

    fn sources(&self) -> &[FilePath] {
        self.sources.as_deref().unwrap_or_default()
    }

    async fn discover(&self) -> Option<Vec<FilePath>> {
        let roots = self.state.roots.lock().clone();
        let found = tokio::task::spawn_blocking(move || {
            let mut sources = Vec::new();
            for root in roots {
                match discover(&root) {
                    Ok(discovery) => sources.extend(discovery.sources),
                    Err(error) => tracing::warn!(root = %root.display(), %error, "the folder cannot be searched"),
                }
            }
            // Folders may lie inside each other.
            sources.sort();
            sources.dedup();
            sources
        });
        match found.await {
            Ok(sources) => {
                tracing::info!(n_sources = sources.len(), "looked for projects");
                Some(sources)
            }
            Err(panic) => {
                tracing::error!(%panic, "looking for projects failed");
                None
            }
        }
    }

    /// None when the engine panicked: the last analysis stays, and the next one starts from nothing.
    async fn analyze(&mut self, sources: Vec<FilePath>) -> Option<(Analysis, BTreeMap<FilePath, Vec<Diagnostic>>)> {
        let mut host = std::mem::take(&mut self.host);
        let (disk, state) = (self.disk.clone(), self.state.clone());
        let started = Instant::now();
        let analyzed = tokio::task::spawn_blocking(move || {
            let analysis = host.analyze(&sources, disk.as_ref());
            let found = analysis.diagnostics_with(&|project| state.live.findings(project));
            (host, analysis, found)
        });
        match analyzed.await {
            Ok((host, analysis, found)) => {
                self.host = host;
                tracing::debug!(ms = started.elapsed().as_millis(), "analysed");
                Some((analysis, found))
            }
            Err(panic) => {
                tracing::error!(%panic, "the analysis failed");
                None
            }
        }
    }
}
