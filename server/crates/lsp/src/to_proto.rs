//! What an analysis says, in the client's words.

use crate::documents::Documents;
use crate::from_proto::Settings;
use crate::manual::Manual;
use analysis::{Analysis, Symbol, WorkspaceSymbol};
use schema::ObjectKind;
use source::{Diagnostic, FilePath, Location, Severity, Span};
use std::path::Path;
use tower_lsp::lsp_types as lsp;

/// What stands beside a finding in every editor.
pub(crate) const DIAGNOSTIC_SOURCE: &str = "driftlens";

/// Where spans become ranges and paths become URIs.
pub(crate) struct Words<'a> {
    pub(crate) analysis: &'a Analysis,
    pub(crate) documents: &'a Documents,
    pub(crate) settings: Settings,
    pub(crate) manual: Option<&'a Manual>,
}

impl Words<'_> {
    /// A span of a file as the analysis read it; of a file it did not read, the start.
    pub(crate) fn range(&self, file: &Path, span: Span) -> lsp::Range {
        let encoding = self.settings.encoding;
        self.analysis.text(file).map(|source| encoding.range(&source.text, &source.lines, span)).unwrap_or_default()
    }

    /// None for a path that no URI can say.
    pub(crate) fn location(&self, location: &Location) -> Option<lsp::Location> {
        let uri = self.uri(&location.file)?;
        Some(lsp::Location { uri, range: self.range(&location.file, location.span) })
    }

    /// The client's own spelling where it has the file open.
    pub(crate) fn uri(&self, file: &FilePath) -> Option<lsp::Url> {
        match self.documents.get(file) {
            Some(document) => Some(document.uri.clone()),
            None => lsp::Url::from_file_path(file).ok(),
        }
    }

    /// What was found in one file.
    pub(crate) fn diagnostics(&self, found: Option<&Vec<Diagnostic>>) -> Vec<lsp::Diagnostic> {
        found.into_iter().flatten().map(|found| self.diagnostic(found)).collect()
    }

    fn diagnostic(&self, diagnostic: &Diagnostic) -> lsp::Diagnostic {
        let message = match &diagnostic.help {
            Some(help) => format!("{}\n{help}", diagnostic.message),
            None => diagnostic.message.clone(),
        };
        let related = diagnostic.related.iter().filter_map(|related| {
            let location = self.location(&related.location)?;
            Some(lsp::DiagnosticRelatedInformation { location, message: related.message.clone() })
        });
        let related: Vec<_> = if self.settings.related_information { related.collect() } else { Vec::new() };
        let page = self.manual.and_then(|manual| manual.page(diagnostic.code.id));
        lsp::Diagnostic {
            range: self.range(&diagnostic.location.file, diagnostic.location.span),
            severity: Some(severity(diagnostic.severity)),
            code: Some(lsp::NumberOrString::String(diagnostic.code.id.to_owned())),
            code_description: page.map(|href| lsp::CodeDescription { href }),
            source: Some(DIAGNOSTIC_SOURCE.to_owned()),
            message,
            related_information: if related.is_empty() { None } else { Some(related) },
            ..lsp::Diagnostic::default()
        }
    }

    #[expect(deprecated, reason = "the field has to be named")]
    pub(crate) fn document_symbol(&self, file: &Path, symbol: &Symbol) -> lsp::DocumentSymbol {
        let children: Vec<_> = symbol.children.iter().map(|child| self.document_symbol(file, child)).collect();
        lsp::DocumentSymbol {
            name: shown_name(&symbol.name),
            detail: if symbol.detail.is_empty() { None } else { Some(symbol.detail.clone()) },
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            // VS Code refuses the whole answer when a symbol's name lies outside it.
            range: self.range(file, symbol.full.cover(symbol.focus)),
            selection_range: self.range(file, symbol.focus),
            children: if children.is_empty() { None } else { Some(children) },
        }
    }

    #[expect(deprecated, reason = "the field has to be named")]
    pub(crate) fn workspace_symbol(&self, symbol: &WorkspaceSymbol) -> Option<lsp::SymbolInformation> {
        Some(lsp::SymbolInformation {
            name: shown_name(&symbol.name),
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            location: self.location(&symbol.location)?,
            container_name: if symbol.container.is_empty() { None } else { Some(symbol.container.clone()) },
        })
    }

    /// A symbol and what it contains as one flat list, for clients that know no nesting.
    pub(crate) fn flat_symbols(
        &self,
        file: &FilePath,
        container: &str,
        symbol: &Symbol,
    ) -> Vec<lsp::SymbolInformation> {
        let own = WorkspaceSymbol {
            name: symbol.name.clone(),
            container: container.to_owned(),
            kind: symbol.kind,
            location: Location::new(file, symbol.full),
        };
        let children = symbol.children.iter().flat_map(|child| self.flat_symbols(file, &symbol.name, child));
        self.workspace_symbol(&own).into_iter().chain(children).collect()
    }
}

pub(crate) fn hover(hover: &analysis::Hover, range: lsp::Range, settings: Settings) -> lsp::Hover {
    let contents = lsp::HoverContents::Markup(markup(&hover.markdown, settings.plain_hover));
    lsp::Hover { contents, range: Some(range) }
}

/// Markdown as the client takes it.
pub(crate) fn markup(markdown: &str, is_plain: bool) -> lsp::MarkupContent {
    match is_plain {
        true => lsp::MarkupContent { kind: lsp::MarkupKind::PlainText, value: plain(markdown) },
        false => lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: markdown.to_owned() },
    }
}

fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::ERROR,
        Severity::Warning => lsp::DiagnosticSeverity::WARNING,
        Severity::Information => lsp::DiagnosticSeverity::INFORMATION,
        Severity::Hint => lsp::DiagnosticSeverity::HINT,
    }
}

/// The nearest of LSP's kinds, chosen for the icon it gets.
fn symbol_kind(kind: ObjectKind) -> lsp::SymbolKind {
    match kind {
        ObjectKind::Namespace => lsp::SymbolKind::NAMESPACE,
        ObjectKind::Enum | ObjectKind::Domain => lsp::SymbolKind::ENUM,
        ObjectKind::EnumValue => lsp::SymbolKind::ENUM_MEMBER,
        ObjectKind::Table => lsp::SymbolKind::STRUCT,
        ObjectKind::Column => lsp::SymbolKind::FIELD,
        ObjectKind::View => lsp::SymbolKind::INTERFACE,
        ObjectKind::Sequence => lsp::SymbolKind::NUMBER,
        ObjectKind::PrimaryKey
        | ObjectKind::Unique
        | ObjectKind::ForeignKey
        | ObjectKind::Check
        | ObjectKind::Exclusion
        | ObjectKind::Index
        | ObjectKind::RowLevelSecurity
        | ObjectKind::Policy => lsp::SymbolKind::KEY,
        ObjectKind::Extension => lsp::SymbolKind::MODULE,
        ObjectKind::Role | ObjectKind::Opaque => lsp::SymbolKind::OBJECT,
    }
}

/// VS Code refuses a symbol without a name.
fn shown_name(name: &str) -> String {
    if name.is_empty() { "(unnamed)".to_owned() } else { name.to_owned() }
}

/// Markdown without its marks, for clients that show it as it comes.
fn plain(markdown: &str) -> String {
    let lines = markdown.lines().filter(|line| !line.trim_start().starts_with("```"));
    let lines: Vec<_> = lines.map(|line| line.replace("**", "").replace('`', "")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_no_marks() {
        assert_eq!(plain("**users** `id`\n```sql\nselect 1\n```\nend"), "users id\nselect 1\nend");
    }
}
