//! What the client was answered when it asked for the findings of an open document, and whether it has to be told to ask again.

use crate::state::{State, World};
use parking_lot::Mutex;
use source::FilePath;
use std::collections::HashMap;
use tower_lsp::lsp_types as lsp;

/// What was last answered, by open document.
#[derive(Debug, Default)]
pub(crate) struct Pulled {
    answers: Mutex<Answers>,
}

#[derive(Debug, Default)]
struct Answers {
    files: HashMap<FilePath, Answered>,
    n_made: u64,
}

#[derive(Debug, Default)]
struct Answered {
    /// None before the first answer.
    last: Option<(u64, Vec<lsp::Diagnostic>)>,
    /// So many requests wait for an answer that is newer.
    n_waiting: usize,
}

/// An answer that the client may name the next time.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    Full { id: String, diagnostics: Vec<lsp::Diagnostic> },
    Unchanged { id: String },
}

/// A request that waits for its answer; over when it is dropped.
pub(crate) struct Waiting<'a> {
    pulled: &'a Pulled,
    file: FilePath,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let files = &mut self.pulled.answers.lock().files;
        let Some(answered) = files.get_mut(&self.file) else { return };
        answered.n_waiting = answered.n_waiting.saturating_sub(1);
        // What is not open is asked about in vain, and not remembered.
        if answered.n_waiting == 0 && answered.last.is_none() {
            files.remove(&self.file);
        }
    }
}

impl Pulled {
    pub(crate) fn wait(&self, file: &FilePath) -> Waiting<'_> {
        self.answers.lock().files.entry(file.clone()).or_default().n_waiting += 1;
        Waiting { pulled: self, file: file.clone() }
    }

    /// Notes what the client is told, and tells no more than it lacks. `known` is the answer that it has.
    pub(crate) fn answer(&self, file: &FilePath, diagnostics: Vec<lsp::Diagnostic>, known: Option<&str>) -> Answer {
        let mut answers = self.answers.lock();
        answers.n_made += 1;
        let next = answers.n_made;
        let answered = answers.files.entry(file.clone()).or_default();
        if let Some((id, before)) = &answered.last
            && *before == diagnostics
        {
            let id = id.to_string();
            return if known == Some(&id) { Answer::Unchanged { id } } else { Answer::Full { id, diagnostics } };
        }
        answered.last = Some((next, diagnostics.clone()));
        Answer::Full { id: next.to_string(), diagnostics }
    }

    pub(crate) fn forget(&self, file: &FilePath) {
        self.answers.lock().files.remove(file);
    }

    /// Whether something else would be answered now, where nobody has asked for it by himself.
    pub(crate) fn is_old(&self, state: &State, world: &World) -> bool {
        let documents = state.documents();
        let words = state.words(&world.analysis, &documents);
        let answers = self.answers.lock();
        answers.files.iter().any(|(file, answered)| {
            let last = answered.last.as_ref().filter(|_| answered.n_waiting == 0 && documents.get(file).is_some());
            last.is_some_and(|(_, last)| *last != words.diagnostics(world.found.get(file)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use std::sync::Arc;

    #[test]
    fn only_what_the_client_lacks_is_told() {
        let (pulled, file): (_, FilePath) = (Pulled::default(), Arc::from(Path::new("/a.ts")));
        let found = vec![lsp::Diagnostic::default()];
        let full = |id: &str, diagnostics: &[_]| Answer::Full { id: id.to_owned(), diagnostics: diagnostics.to_vec() };
        assert_eq!(pulled.answer(&file, found.clone(), None), full("1", &found));
        assert_eq!(pulled.answer(&file, found.clone(), Some("1")), Answer::Unchanged { id: String::from("1") });
        // Who has another answer, or that of a server before this one, gets it whole.
        assert_eq!(pulled.answer(&file, found.clone(), Some("7")), full("1", &found));
        assert_eq!(pulled.answer(&file, Vec::new(), Some("1")), full("4", &[]));
        drop(pulled.wait(&file));
        assert_eq!(pulled.answer(&file, Vec::new(), Some("4")), Answer::Unchanged { id: String::from("4") });
        pulled.forget(&file);
        drop(pulled.wait(&file));
        assert!(pulled.answers.lock().files.is_empty());
        assert_eq!(pulled.answer(&file, Vec::new(), Some("4")), full("6", &[]));
    }
}
