//! `driftlens lsp`: the language server.

use std::process::ExitCode;

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let code = lsp::run_stdio()?;
    // A read of standard input under way cannot be interrupted: only leaving the process ends it.
    std::process::exit(code);
}
