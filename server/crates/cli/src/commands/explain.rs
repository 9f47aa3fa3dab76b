//! `driftlens explain`: the page of a finding.

use anyhow::bail;
use std::process::ExitCode;

use crate::render;

pub(crate) fn run(code: &str) -> anyhow::Result<ExitCode> {
    let Some(page) = analysis::explain::page(code) else {
        let known: Vec<&str> = source::ALL_CODES.iter().map(|code| code.id).collect();
        bail!("there is no finding `{code}`; the findings are: {}", known.join(", "));
    };
    render::print(page)?;
    Ok(ExitCode::SUCCESS)
}
