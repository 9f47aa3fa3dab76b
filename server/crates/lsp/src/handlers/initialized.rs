//! `initialized`: the client listens now. Starts the first analysis and the watching.

use super::did_change_configuration;
use crate::manual;
use crate::server::Server;
use crate::state::Event;

pub(crate) fn handle(server: &Server) {
    let state = server.state.clone();
    tokio::task::spawn_blocking(move || {
        if let Some(manual) = manual::prepare(&state) {
            state.set_manual(manual);
        }
    });
    server.state.update(|documents| {
        documents.touch();
        Some(Event::Started)
    });
    let _ = server.folders.send(());
    did_change_configuration::ask_for_settings(server);
}
