//! The language server: which handler answers what. Handlers of notifications run to their end at once; handlers of requests
//! take what they work on before they first wait.

use crate::handlers;
use crate::live_watch;
use crate::owner::Owner;
use crate::state::State;
use crate::watching::Watching;
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::*;
use tower_lsp::{Client, ClientSocket, LanguageServer, LspService};

/// The custom request for projects and counts.
pub const STATUS_METHOD: &str = "driftlens/status";
/// The custom requests for the trees beside an editor.
pub const SCHEMA_TREE_METHOD: &str = "driftlens/schemaTree";
pub const MIGRATIONS_TREE_METHOD: &str = "driftlens/migrationsTree";
/// The custom request for the text of a preview.
pub const PREVIEW_TEXT_METHOD: &str = "driftlens/previewText";
/// The client's notification that a database may be another now, by what was run beside the server.
pub const DATABASE_CHANGED_METHOD: &str = "driftlens/databaseChanged";

/// Of LSP, and not part of tower-lsp.
const CANCEL_METHOD: &str = "window/workDoneProgress/cancel";

/// One server, for one client.
pub(crate) struct Server {
    pub(crate) state: Arc<State>,
    pub(crate) client: Client,
    /// Tells the watching task that the folders have changed.
    pub(crate) folders: UnboundedSender<()>,
    /// Dropped with the server, which stops them.
    _tasks: JoinSet<()>,
}

/// A new server and the socket over which it speaks. Must be called inside a runtime.
pub(crate) fn service() -> (LspService<Server>, ClientSocket) {
    LspService::build(Server::start)
        .custom_method(STATUS_METHOD, Server::status)
        .custom_method(PREVIEW_TEXT_METHOD, Server::preview_text)
        .custom_method(SCHEMA_TREE_METHOD, Server::schema_tree)
        .custom_method(MIGRATIONS_TREE_METHOD, Server::migrations_tree)
        .custom_method(CANCEL_METHOD, Server::cancel_progress)
        .custom_method(DATABASE_CHANGED_METHOD, Server::database_changed)
        .finish()
}

impl Server {
    fn start(client: Client) -> Server {
        let (events, received) = unbounded_channel();
        let (folders, mut folders_changed) = unbounded_channel();
        let (messages, mut to_person) = unbounded_channel();
        let state = Arc::new(State::new(events, messages));
        let mut tasks = JoinSet::new();
        let for_messages = client.clone();
        tasks.spawn(async move {
            while let Some(message) = to_person.recv().await {
                for_messages.show_message(MessageType::WARNING, message).await;
            }
        });
        tasks.spawn(live_watch::run(state.clone()));
        tasks.spawn(Owner::new(state.clone(), client.clone(), received).run());
        let (for_watching, for_server) = (state.clone(), client.clone());
        tasks.spawn(async move {
            let mut watching = Watching::default();
            while let Some(()) = folders_changed.recv().await {
                watching.restart(&for_watching, &client).await;
                for_watching.distrust_disk();
            }
        });
        Server { state, client: for_server, folders, _tasks: tasks }
    }

    async fn status(&self, _params: serde_json::Value) -> Result<serde_json::Value> {
        handlers::status::handle(&self.state).await
    }

    async fn schema_tree(&self, _params: serde_json::Value) -> Result<serde_json::Value> {
        handlers::trees::schema(&self.state).await
    }

    async fn migrations_tree(&self, _params: serde_json::Value) -> Result<serde_json::Value> {
        handlers::trees::migrations(&self.state).await
    }

    async fn cancel_progress(&self, params: serde_json::Value) {
        if let Some(token) = params.get("token").and_then(serde_json::Value::as_str) {
            self.state.operations.cancel(token);
        }
    }

    async fn database_changed(&self, _params: serde_json::Value) {
        self.state.live.look_at_once();
    }

    async fn preview_text(&self, params: serde_json::Value) -> Result<serde_json::Value> {
        handlers::preview_text::handle(&self.state, &params).await
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        Ok(handlers::initialize::handle(&self.state, &params))
    }

    async fn initialized(&self, _params: InitializedParams) {
        handlers::initialized::handle(self);
    }

    async fn shutdown(&self) -> Result<()> {
        handlers::shutdown::handle(&self.state).await;
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        handlers::did_open::handle(&self.state, params);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        handlers::did_change::handle(&self.state, params);
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        handlers::did_save::handle(&self.state, &params);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        handlers::did_close::handle(&self.state, &params);
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        handlers::did_change_watched_files::handle(&self.state, &params);
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        handlers::did_change_workspace_folders::handle(self, &params);
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        handlers::did_change_configuration::handle(self, &params);
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        handlers::hover::handle(&self.state, params).await
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        handlers::diagnostic::handle(&self.state, params).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        handlers::code_action::handle(&self.state, params).await
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        handlers::code_action_resolve::handle(&self.state, action).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        handlers::code_lens::handle(&self.state, params).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        handlers::inlay_hint::handle(&self.state, params).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<serde_json::Value>> {
        handlers::execute_command::handle(self, params).await
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        handlers::prepare_rename::handle(&self.state, params).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        handlers::rename::handle(&self.state, params).await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        handlers::definition::handle(&self.state, params).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        handlers::references::handle(&self.state, params).await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        handlers::completion::handle(&self.state, params).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        handlers::completion::resolve(&self.state, item).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        handlers::folding_range::handle(&self.state, params).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        handlers::document_link::handle(&self.state, params).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        handlers::document_symbol::handle(&self.state, params).await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<Vec<SymbolInformation>>> {
        handlers::workspace_symbol::handle(&self.state, params).await
    }
}
