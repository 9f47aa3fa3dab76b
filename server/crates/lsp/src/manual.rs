//! The manual's page of each finding, where the client can open it: a document of our own scheme, else a file.

use crate::preview::SCHEME;
use crate::state::State;
use analysis::explain;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tower_lsp::lsp_types::Url;

/// In the URI of a page, before its code.
const PAGES: &str = "/explain/";

/// Where the pages are.
#[derive(Clone, Debug)]
pub(crate) enum Manual {
    Previews,
    Folder(PathBuf),
}

impl Manual {
    /// None for a code without a page.
    pub(crate) fn page(&self, code: &str) -> Option<Url> {
        explain::page(code)?;
        match self {
            Manual::Previews => Url::parse(&format!("{SCHEME}:{PAGES}{code}.md")).ok(),
            Manual::Folder(folder) => Url::from_file_path(folder.join(file_name(code))).ok(),
        }
    }
}

/// The text of a page that a client asks us for; None where a URI is about something else.
pub(crate) fn text(uri: &str) -> Option<&'static str> {
    let uri = Url::parse(uri).ok().filter(|uri| uri.scheme() == SCHEME)?;
    explain::page(uri.path().strip_prefix(PAGES)?.strip_suffix(".md")?)
}

/// Where the pages are for this client; None where it shows none. Writes them where it cannot ask for them: waits for the disk.
pub(crate) fn prepare(state: &State) -> Option<Manual> {
    let settings = state.settings();
    if !settings.opens_code_pages {
        return None;
    }
    if settings.previews {
        return Some(Manual::Previews);
    }
    let written = state.preview_folder().and_then(|folder| {
        let folder = folder.join("manual");
        write(&folder).map_err(|error| format!("{} cannot be written: {error}", folder.display()))?;
        Ok(folder)
    });
    written.inspect_err(|error| tracing::warn!(%error, "findings have no pages")).ok().map(Manual::Folder)
}

fn write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let pages = source::ALL_CODES.iter().filter_map(|code| Some((code.id, explain::page(code.id)?)));
    pages.into_iter().try_for_each(|(code, page)| fs::write(folder.join(file_name(code)), page))
}

fn file_name(code: &str) -> String {
    format!("{}.md", code.replace('/', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_has_a_page_that_can_be_opened() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path()).unwrap();
        for code in source::ALL_CODES {
            let uri = Manual::Previews.page(code.id).unwrap();
            let page = text(uri.as_str()).unwrap();
            assert!(page.starts_with(&format!("# {}\n", code.id)), "{uri}");
            let file = Manual::Folder(folder.path().to_owned()).page(code.id).unwrap().to_file_path().unwrap();
            assert_eq!(fs::read_to_string(file).unwrap(), page);
        }
        assert!(Manual::Previews.page("a/b").is_none());
        for other in ["driftlens-preview:/all.sql", "driftlens-preview:/explain/a/b.md", "file:///explain/db/drift.md"]
        {
            assert!(text(other).is_none(), "{other}");
        }
    }
}
