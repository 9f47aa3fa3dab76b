//! What the client's words mean: paths from URIs, and what it can do.

use crate::encoding::PositionEncoding;
use crate::live::DatabaseSettings;
use serde_json::Value;
use source::FilePath;
use tower_lsp::lsp_types::{ClientCapabilities, InitializeParams, MarkupKind, ResourceOperationKind, Url};
use workspace::Disk;

/// With it, in `experimental`, a client says that it shows documents of the scheme `driftlens-preview`.
const PREVIEW_CAPABILITY: &str = "driftlensPreview";
/// And with this one, that it wants to hear when our own requests would have other answers.
const CHANGED_CAPABILITY: &str = "driftlensChanged";

/// In `experimental.driftlens`: that it asks a person itself before a database is changed.
const CONFIRMS_CAPABILITY: &str = "confirms";

/// What the client can do, as far as it changes what we say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) encoding: PositionEncoding,
    pub(crate) plain_hover: bool,
    pub(crate) plain_completion: bool,
    pub(crate) related_information: bool,
    /// The code of a finding can be a link.
    pub(crate) opens_code_pages: bool,
    pub(crate) nested_symbols: bool,
    pub(crate) watches_files: bool,
    pub(crate) relative_patterns: bool,
    /// Edits may create files.
    pub(crate) creates_files: bool,
    /// The edit of a code action may come later.
    pub(crate) resolves_edits: bool,
    /// A code action can be shown as one that cannot be done, with the reason.
    pub(crate) shows_disabled: bool,
    /// Edits may name the version of a document.
    pub(crate) document_changes: bool,
    /// Edits may say what they do, and ask for a confirmation.
    pub(crate) annotates_changes: bool,
    pub(crate) shows_documents: bool,
    /// Documents of our scheme are shown, with the text that we are asked for.
    pub(crate) previews: bool,
    /// It wants to be told when our own requests would have other answers.
    pub(crate) hears_changes: bool,
    pub(crate) prepares_renames: bool,
    pub(crate) refreshes_lenses: bool,
    /// It asks for the findings of open documents, again when it is told to.
    pub(crate) pulls_diagnostics: bool,
    pub(crate) refreshes_hints: bool,
    /// It asks a person itself before a database is changed.
    pub(crate) confirms: bool,
    /// A person can be asked by a message with buttons.
    pub(crate) asks_by_message: bool,
    /// Work that takes long can be shown.
    pub(crate) shows_progress: bool,
    /// Settings can be asked for.
    pub(crate) has_configuration: bool,
}

pub(crate) fn settings(capabilities: &ClientCapabilities) -> Settings {
    let general = capabilities.general.as_ref();
    let offered = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
    let documents = capabilities.text_document.as_ref();
    let workspace = capabilities.workspace.as_ref();
    let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
    let watched = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
    let experimental = capabilities.experimental.as_ref();
    let is_offered = |name| experimental.is_some_and(|offered| offered.get(name) == Some(&Value::Bool(true)));
    let ours = experimental.and_then(|offered| offered.get("driftlens"));
    let window = capabilities.window.as_ref();
    let formats = documents.and_then(|documents| documents.hover.as_ref()?.content_format.as_deref());
    let item = documents.and_then(|documents| documents.completion.as_ref()?.completion_item.as_ref());
    // A client that names no format takes Markdown; one that names formats means it.
    let is_plain = |formats: Option<&[MarkupKind]>| {
        formats.is_some_and(|formats| !formats.is_empty() && !formats.contains(&MarkupKind::Markdown))
    };
    Settings {
        encoding: PositionEncoding::negotiate(offered),
        plain_hover: is_plain(formats),
        plain_completion: is_plain(item.and_then(|item| item.documentation_format.as_deref())),
        related_information: documents
            .and_then(|documents| documents.publish_diagnostics.as_ref()?.related_information)
            .unwrap_or_default(),
        opens_code_pages: documents
            .and_then(|documents| documents.publish_diagnostics.as_ref()?.code_description_support)
            .unwrap_or_default(),
        nested_symbols: documents
            .and_then(|documents| documents.document_symbol.as_ref()?.hierarchical_document_symbol_support)
            .unwrap_or_default(),
        watches_files: watched.and_then(|watched| watched.dynamic_registration).unwrap_or_default(),
        creates_files: creates_files(capabilities),
        resolves_edits: resolves_edits(capabilities),
        shows_disabled: documents
            .and_then(|documents| documents.code_action.as_ref()?.disabled_support)
            .unwrap_or_default(),
        relative_patterns: watched.and_then(|watched| watched.relative_pattern_support).unwrap_or_default(),
        document_changes: edits.and_then(|edits| edits.document_changes).unwrap_or_default(),
        annotates_changes: edits.is_some_and(|edits| edits.change_annotation_support.is_some()),
        shows_documents: window
            .and_then(|window| window.show_document.as_ref())
            .is_some_and(|documents| documents.support),
        previews: is_offered(PREVIEW_CAPABILITY),
        hears_changes: is_offered(CHANGED_CAPABILITY),
        prepares_renames: documents
            .and_then(|documents| documents.rename.as_ref()?.prepare_support)
            .unwrap_or_default(),
        refreshes_lenses: workspace
            .and_then(|workspace| workspace.code_lens.as_ref()?.refresh_support)
            .unwrap_or_default(),
        pulls_diagnostics: pulls_diagnostics(capabilities),
        refreshes_hints: workspace
            .and_then(|workspace| workspace.inlay_hint.as_ref()?.refresh_support)
            .unwrap_or_default(),
        confirms: ours.is_some_and(|ours| ours.get(CONFIRMS_CAPABILITY) == Some(&Value::Bool(true))),
        asks_by_message: window.is_some_and(|window| window.show_message.is_some()),
        shows_progress: window.and_then(|window| window.work_done_progress).unwrap_or_default(),
        has_configuration: workspace.and_then(|workspace| workspace.configuration).unwrap_or_default(),
    }
}

/// Without a refresh, what changes in one file because of another would be shown late or never.
fn pulls_diagnostics(capabilities: &ClientCapabilities) -> bool {
    let documents = capabilities.text_document.as_ref().and_then(|documents| documents.diagnostic.as_ref());
    let workspace = capabilities.workspace.as_ref().and_then(|workspace| workspace.diagnostic.as_ref());
    let refreshes = workspace.and_then(|it| it.refresh_support).unwrap_or_default();
    documents.is_some() && refreshes
}

/// What a person wants to see beside the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BesideText {
    pub(crate) has_lenses: bool,
    /// Of these, what a database says of a table.
    pub(crate) has_live_lenses: bool,
    pub(crate) has_hints: bool,
}

impl Default for BesideText {
    fn default() -> BesideText {
        BesideText { has_lenses: true, has_live_lenses: true, has_hints: false }
    }
}

impl BesideText {
    /// With what settings say; what they do not name stays. Clients send the section `driftlens` or what is in it.
    pub(crate) fn with(self, settings: &Value) -> BesideText {
        let section = settings.get("driftlens").unwrap_or(settings);
        let of = |group: &str, key: &str| {
            let nested = section.get(group).and_then(|group| group.get(key));
            nested.or_else(|| section.get(format!("{group}.{key}")))?.as_bool()
        };
        BesideText {
            has_lenses: of("codeLens", "enable").unwrap_or(self.has_lenses),
            has_live_lenses: of("codeLens", "database").unwrap_or(self.has_live_lenses),
            has_hints: of("inlayHints", "enable").unwrap_or(self.has_hints),
        }
    }
}

/// What settings say about databases; what they do not say is as without them.
pub(crate) fn database_settings(settings: &Value) -> DatabaseSettings {
    let section = settings.get("driftlens").unwrap_or(settings);
    let of = |key: &str| {
        let nested = section.get("database").and_then(|database| database.get(key));
        nested.or_else(|| section.get(format!("database.{key}")))
    };
    let environment = of("environment").and_then(Value::as_str).map(str::trim).filter(|name| !name.is_empty());
    DatabaseSettings {
        is_on: of("enable").and_then(Value::as_bool).unwrap_or(true),
        environment: environment.map(str::to_owned),
        is_forbidden: false,
    }
}

fn creates_files(capabilities: &ClientCapabilities) -> bool {
    let edits = capabilities.workspace.as_ref().and_then(|workspace| workspace.workspace_edit.as_ref());
    edits.is_some_and(|edits| {
        let operations = edits.resource_operations.as_deref().unwrap_or_default();
        // Only document changes can hold operations: who can do these has them, said (VS Code) or unsaid (Neovim).
        edits.document_changes != Some(false) && operations.contains(&ResourceOperationKind::Create)
    })
}

fn resolves_edits(capabilities: &ClientCapabilities) -> bool {
    let actions = capabilities.text_document.as_ref().and_then(|documents| documents.code_action.as_ref());
    actions.is_some_and(|actions| {
        let properties = actions.resolve_support.as_ref().map(|support| support.properties.as_slice());
        actions.data_support == Some(true) && properties.unwrap_or_default().iter().any(|it| it == "edit")
    })
}

/// The folders the client has open: the newest way of saying so that it uses.
#[expect(deprecated, reason = "older clients say the root in no other way")]
pub(crate) fn roots(params: &InitializeParams) -> Vec<FilePath> {
    if let Some(folders) = params.workspace_folders.as_ref().filter(|folders| !folders.is_empty()) {
        return folders.iter().filter_map(|folder| file_path(&folder.uri)).collect();
    }
    if let Some(uri) = &params.root_uri {
        return file_path(uri).into_iter().collect();
    }
    params.root_path.iter().filter(|path| !path.is_empty()).map(|path| Disk::normalize(path.as_ref())).collect()
}

/// The normalised path of a file; None for a document that is no file (`git:`, `untitled:`), which is none of our business.
pub(crate) fn file_path(uri: &Url) -> Option<FilePath> {
    if uri.scheme() != "file" {
        return None;
    }
    // Windows clients write `file:///c%3A/…`, which `to_file_path` understands there.
    uri.to_file_path().ok().map(|path| Disk::normalize(&path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn check(uri: &str, expected: Option<&str>) {
        assert_eq!(file_path(&Url::parse(uri).unwrap()).as_deref(), expected.map(Path::new), "{uri}");
    }

    #[test]
    fn what_is_shown_beside_the_text_is_found_in_every_shape() {
        use serde_json::json;
        let off = json!({"codeLens": {"enable": false}});
        for settings in [off.clone(), json!({"driftlens": off}), json!({"codeLens.enable": false})] {
            let expected = BesideText { has_lenses: false, ..BesideText::default() };
            assert_eq!(BesideText::default().with(&settings), expected, "{settings}");
        }
        let all = json!({"codeLens": {"database": false}, "inlayHints.enable": true});
        let set = BesideText { has_lenses: true, has_live_lenses: false, has_hints: true };
        assert_eq!(BesideText::default().with(&all), set);
        for settings in [Value::Null, json!([]), json!({}), json!({"codeLens": {"enable": "no"}})] {
            assert_eq!(set.with(&settings), set, "{settings}");
        }
    }

    #[test]
    fn only_files_have_a_path() {
        check("file:///a%20b/c%3A/%C3%A9.ts", Some("/a b/c:/é.ts"));
        check("file:///a b.ts", Some("/a b.ts"));
        check("git:/a.ts?%7B%22ref%22%3A%22~%22%7D", None);
        check("untitled:Untitled-1", None);
        check("file://elsewhere/a.ts", None);
    }
}
