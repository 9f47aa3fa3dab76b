//! Asking what runs to stop. It ends between two messages: two statements of a plan, or a migration and its commit. What was in a
//! transaction is taken back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::connection::Connection;
use crate::error::Error;

/// The wish to stop, shared by whoever may have it and the connection that heeds it.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Connection {
    /// From now on what this connection applies ends where that is asked for. A migration that is no transaction is run to its end first:
    /// half of it would help nobody.
    pub fn stop_when(&mut self, stop: Stop) {
        self.stop = stop;
    }

    /// An error where somebody wants it to stop.
    pub(crate) fn go_on(&self) -> Result<(), Error> {
        if self.stop.is_asked() { Err(Error::Stopped) } else { Ok(()) }
    }
}
