//! Files as the engine sees them: byte spans, line index, the file provider, the one Diagnostic type.

mod code;
mod diagnostic;
mod edited;
mod files;
mod line_index;
mod memo;
mod memory;
mod noting;
mod span;

pub use code::{ALL_CODES, Code, codes};
pub use diagnostic::{Diagnostic, Related, Severity};
pub use edited::EditedFiles;
pub use files::{Entry, Files, MAX_FILE_BYTES, ReadError, Resolution};
pub use line_index::{LineColumn, LineIndex};
pub use memo::Memo;
pub use memory::MemoryFiles;
pub use noting::Noting;
pub use span::{FilePath, Location, Span};
