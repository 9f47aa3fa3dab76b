//! What `driftlens doctor` says.

use analysis::Project;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::commands::doctor::{Finding, Health};

pub(crate) fn text(all: &[(&Arc<Project>, Vec<Finding>)]) -> String {
    let mut text = String::new();
    for (position, (project, findings)) in all.iter().enumerate() {
        if all.len() > 1 {
            let gap = if position > 0 { "\n" } else { "" };
            let _ = writeln!(text, "{gap}{}", project.label());
        }
        for finding in findings {
            let mark = match finding.health {
                Health::Good => "ok  ",
                Health::Odd => "odd ",
                Health::Bad => "BAD ",
            };
            let _ = writeln!(text, "{mark} {:<14} {}", finding.about, finding.text);
            if !finding.remedy.is_empty() {
                let _ = writeln!(text, "{:20}-> {}", "", finding.remedy);
            }
        }
    }
    text
}
