//! `driftlens check`: which schema changes lack a migration.

use analysis::Host;
use source::Severity;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use workspace::Disk;

use crate::render::{self, Shown};
use crate::{COULD_NOT_RUN, Format, target};

pub(crate) fn run(paths: &[PathBuf], config: Option<&Path>, format: Format) -> anyhow::Result<ExitCode> {
    let target = target::find(paths, config)?;
    // One run sees one state of the disk, so nothing is looked at twice.
    let disk = Disk::new().trusting_changes();
    // The process ends with the command: taking the host apart would be a tenth of the time.
    let mut host = ManuallyDrop::new(Host::new());
    let analysis = ManuallyDrop::new(host.analyze(&target.sources, &disk));
    target::must_hold_projects(&target, &analysis)?;
    let shown = Shown::new(&analysis, &target);
    let text = match format {
        Format::Text => render::text::render(&shown),
        Format::Json => render::json::render(&shown),
        Format::Github => render::github::render(&shown),
    };
    render::print(&text)?;
    let fails = shown.findings().any(|finding| finding.is_pending || finding.diagnostic.severity == Severity::Error);
    let is_compared = analysis.projects.iter().any(|project| project.is_compared());
    Ok(match (fails, is_compared) {
        (true, _) => ExitCode::FAILURE,
        (false, true) => ExitCode::SUCCESS,
        // Nothing was compared: that is no success.
        (false, false) => ExitCode::from(COULD_NOT_RUN),
    })
}
