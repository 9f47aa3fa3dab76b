//! Watching the project's files: the client does it where it can, our own watcher where it cannot.

use crate::ask::ask;
use crate::state::{Event, State, Watched, WatchedKind};
use serde_json::json;
use source::FilePath;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tower_lsp::Client;
use tower_lsp::lsp_types::request::{RegisterCapability, UnregisterCapability};
use tower_lsp::lsp_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, OneOf, Registration, RegistrationParams,
    RelativePattern, Unregistration, UnregistrationParams, Url,
};
use workspace::Watcher;

const METHOD: &str = "workspace/didChangeWatchedFiles";
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// What a project is read from.
const GLOBS: &[&str] = &[
    "**/drizzle.config.*",
    "**/drizzle*.config.*",
    "**/*.{ts,tsx,mts,cts,js,mjs,cjs}",
    "**/{tsconfig*.json,package.json,pnpm-workspace.yaml}",
    "**/meta/*.json",
    "**/*.sql",
    "**/{driftlens,diesel}.toml",
    "**/supabase/config.toml",
    "**/sqlc.{yaml,yml,json}",
    "**/migration_lock.toml",
];

/// Who watches now.
#[derive(Default)]
pub(crate) struct Watching {
    registered: Option<String>,
    n_registered: usize,
    own: Option<Watcher>,
}

impl Watching {
    /// Starts over for the folders that are open now. Waits for the client: only for a task of its own.
    pub(crate) async fn restart(&mut self, state: &Arc<State>, client: &Client) {
        self.own = None;
        if let Some(id) = self.registered.take() {
            let unregisterations = vec![Unregistration { id, method: METHOD.to_owned() }];
            ask::<UnregisterCapability>(client, UnregistrationParams { unregisterations }, ANSWER_WITHIN).await;
        }
        let roots = state.roots.lock().clone();
        if state.settings().watches_files {
            self.n_registered += 1;
            let id = format!("driftlens-watch-{}", self.n_registered);
            if register(state, client, &roots, &id).await {
                self.registered = Some(id);
                return;
            }
        }
        if !roots.is_empty() {
            self.own = watch(state.clone(), roots).await;
        }
    }
}

async fn register(state: &State, client: &Client, roots: &[FilePath], id: &str) -> bool {
    let watchers = watchers(state.settings().relative_patterns, roots);
    let options = match serde_json::to_value(DidChangeWatchedFilesRegistrationOptions { watchers }) {
        Ok(options) => options,
        Err(error) => json!({ "watchers": [], "error": error.to_string() }),
    };
    let registration = Registration { id: id.to_owned(), method: METHOD.to_owned(), register_options: Some(options) };
    let params = RegistrationParams { registrations: vec![registration] };
    ask::<RegisterCapability>(client, params, ANSWER_WITHIN).await.is_some()
}

/// Patterns below each folder where the client knows such: an absolute or bare glob makes some clients watch everything.
fn watchers(relative_patterns: bool, roots: &[FilePath]) -> Vec<FileSystemWatcher> {
    let bases: Vec<_> = roots.iter().filter_map(|root| Url::from_file_path(root).ok()).collect();
    let watcher = |glob_pattern| FileSystemWatcher { glob_pattern, kind: None };
    let globs = GLOBS.iter().map(|glob| (*glob).to_owned());
    if !relative_patterns || bases.is_empty() {
        return globs.map(|glob| watcher(GlobPattern::String(glob))).collect();
    }
    globs
        .flat_map(|pattern| {
            bases.iter().map(move |base| {
                let base_uri = OneOf::Right(base.clone());
                watcher(GlobPattern::Relative(RelativePattern { base_uri, pattern: pattern.clone() }))
            })
        })
        .collect()
}

/// Our own watcher. Setting it up walks the folders, hence the blocking task.
async fn watch(state: Arc<State>, roots: Vec<FilePath>) -> Option<Watcher> {
    let roots: Vec<PathBuf> = roots.iter().map(|root| root.to_path_buf()).collect();
    // Weak: the watcher is itself kept by a task that ends with the server.
    let state = Arc::downgrade(&state);
    let started = tokio::task::spawn_blocking(move || {
        workspace::watch(&roots, move |paths| {
            let Some(state) = state.upgrade() else { return };
            let changes = paths.into_iter().map(|path| Watched { path, kind: WatchedKind::Unknown }).collect();
            state.update(|documents| {
                documents.touch();
                Some(Event::Watched(changes))
            });
        })
    });
    match started.await {
        Ok(Ok(watcher)) => Some(watcher),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the project's files cannot be watched; changes are seen on save");
            None
        }
        Err(panic) => {
            tracing::error!(%panic, "the watcher failed");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn patterns_are_relative_to_each_folder_where_the_client_knows_such() {
        let roots = [Arc::from(Path::new("/a")), Arc::from(Path::new("/b c"))];
        assert_eq!(watchers(false, &roots).len(), GLOBS.len());
        let relative = serde_json::to_value(watchers(true, &roots)).unwrap();
        assert_eq!(relative.as_array().unwrap().len(), 2 * GLOBS.len());
        assert_eq!(relative[1], json!({"globPattern": {"baseUri": "file:///b%20c", "pattern": GLOBS[0]}}));
    }
}
