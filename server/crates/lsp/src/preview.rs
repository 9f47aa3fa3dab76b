//! Showing SQL: as a document of the client's own where it asks us for its text, else as a file, else by naming the file.

use crate::ask::ask;
use crate::state::State;
use crate::wanted::Wanted;
use analysis::{Analysis, preview};
use history::formats::file_name_part;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tower_lsp::Client;
use tower_lsp::lsp_types::request::ShowDocument;
use tower_lsp::lsp_types::{MessageType, ShowDocumentParams, Url};
use workspace::Disk;

/// Of the URIs whose text we serve.
pub(crate) const SCHEME: &str = "driftlens-preview";
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// What is shown, and how.
pub(crate) enum Shown {
    Preview(Url),
    File(PathBuf),
}

/// The texts of all projects that are wanted, one below the other.
pub(crate) fn text(state: &State, analysis: &Analysis, wanted: &Wanted) -> Result<String, String> {
    let projects = wanted.projects(analysis)?;
    let moment = workspace::moment();
    let texts = projects
        .iter()
        .map(|project| preview(project, &wanted.answers(state, project), &moment, &Disk::new()))
        .collect::<Vec<_>>();
    Ok(if texts.is_empty() { String::from("-- Nothing is pending in any project.\n") } else { texts.join("\n") })
}

/// Makes ready what is to be shown. Writes a file where the client cannot be served otherwise: not on the server's own threads.
pub(crate) fn prepare(state: &State, analysis: &Analysis, wanted: &Wanted) -> Result<Shown, String> {
    let name = match wanted.projects(analysis)?.as_slice() {
        [project] => project.label(),
        _ => String::from("all projects"),
    };
    let name = file_name_part(&name);
    if state.settings().previews {
        return Ok(Shown::Preview(uri(&name, wanted)?));
    }
    Ok(Shown::File(write_text(state, &name, &text(state, analysis, wanted)?)?))
}

/// A file for reading. Waits for the disk.
pub(crate) fn write_text(state: &State, name: &str, text: &str) -> Result<PathBuf, String> {
    let file = state.preview_folder()?.join(format!("{}.sql", file_name_part(name)));
    write(&file, text).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    Ok(file)
}

/// Asks the client to show it, and says where it is if the client cannot.
pub(crate) async fn show(state: &State, client: &Client, shown: Shown) {
    let uri = match &shown {
        Shown::Preview(uri) => Some(uri.clone()),
        Shown::File(file) => Url::from_file_path(file).ok(),
    };
    if let (true, Some(uri)) = (state.settings().shows_documents || state.settings().previews, uri) {
        let params = ShowDocumentParams { uri, external: None, take_focus: Some(true), selection: None };
        let answer = ask::<ShowDocument>(client, params, ANSWER_WITHIN).await;
        if answer.is_some_and(|answer| answer.success) {
            return;
        }
    }
    if let Shown::File(file) = shown {
        client.show_message(MessageType::INFO, format!("The SQL is in {}", file.display())).await;
    }
}

/// The arguments travel as hexadecimal digits: clients encode the other characters of a query as they please.
fn uri(name: &str, wanted: &Wanted) -> Result<Url, String> {
    let digits: String = wanted.to_json().to_string().bytes().map(|byte| format!("{byte:02x}")).collect();
    Url::parse(&format!("{SCHEME}:/{name}.sql?{digits}")).map_err(|error| error.to_string())
}

/// What a URI of ours is about.
pub(crate) fn wanted_of(uri: &str) -> Result<Wanted, String> {
    let wrong = || format!("{uri} is no preview of driftlens");
    let parsed = Url::parse(uri).ok().filter(|uri| uri.scheme() == SCHEME).ok_or_else(wrong)?;
    let Some(digits) = parsed.query() else { return Ok(Wanted::default()) };
    let digits = digits.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    let bytes: Option<Vec<u8>> = digits.collect();
    let value = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(wrong)?;
    Wanted::from_json(value)
}

/// A new folder that only we can enter, under a name that nobody can have taken before.
pub(crate) fn new_folder() -> std::io::Result<PathBuf> {
    let path = std::env::temp_dir().join(format!("driftlens-{}", workspace::moment().id));
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&path)?;
    Ok(path)
}

/// A file that cannot be edited by mistake, in place of the one before it.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut written = OpenOptions::new().write(true).create_new(true).open(file)?;
    written.write_all(text.as_bytes())?;
    let mut permissions = written.metadata()?.permissions();
    permissions.set_readonly(true);
    written.set_permissions(permissions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_uri_brings_its_arguments_back_in_any_spelling() {
        let wanted = Wanted::from_json(json!({"source": "/a b/%41=&?#ü.ts", "index": 2})).unwrap();
        let uri = uri("a_b", &wanted).unwrap();
        assert!(uri.as_str().starts_with("driftlens-preview:/a_b.sql?"), "{uri}");
        assert_eq!(wanted_of(uri.as_str()).unwrap(), wanted);
        assert_eq!(wanted_of("driftlens-preview:/all.sql").unwrap(), Wanted::default());
        for wrong in ["file:///a.sql?7b7d", "driftlens-preview:/a.sql?7", "driftlens-preview:/a.sql?zz", "x"] {
            assert!(wanted_of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_file_is_replaced_and_only_read() {
        let folder = new_folder().unwrap();
        let file = folder.join("a.sql");
        write(&file, "one").unwrap();
        write(&file, "two").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
        assert!(fs::metadata(&file).unwrap().permissions().readonly());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
