//! `initialized`: the client listens now. Starts the first analysis and the watching.

use super::did_change_configuration;
use crate::server::Server;
use crate::state::Event;

pub(crate) fn handle(server: &Server) {
    server.state.update(|documents| {
        documents.touch();
        Some(Event::Started)
    });
    let _ = server.folders.send(());
    did_change_configuration::ask_for_settings(server);
}
