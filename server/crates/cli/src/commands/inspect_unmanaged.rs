//! `driftlens inspect unmanaged`: what only hand-written SQL made, and no snapshot or schema file knows.

use analysis::{Analysis, Project};
use anyhow::bail;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::process::ExitCode;

use super::inspect::history_of;
use crate::SchemaFormat;
use crate::render::{self, Places, counted};

pub(super) fn run(analysis: &Analysis, project: &Project, format: SchemaFormat) -> anyhow::Result<ExitCode> {
    let history = history_of(project)?;
    if history.unreadable {
        bail!("the migrations folder cannot be read; `driftlens check` says why");
    }
    let unmanaged = analysis::unmanaged(project);
    let places = Places::new(analysis);
    let text = match format {
        SchemaFormat::Json => {
            let objects: Vec<Value> = unmanaged.iter().map(|it| render::json::of_unmanaged(&places, it)).collect();
            format!("{}\n", serde_json::to_string_pretty(&json!({ "version": 1, "unmanaged": objects }))?)
        }
        SchemaFormat::Text => {
            let mut text = String::new();
            for object in &unmanaged {
                let place = object.location.as_ref().map(|location| format!("{}  ", places.place(location)));
                let _ = writeln!(text, "{}{}", place.unwrap_or_default(), object.words);
            }
            let _ = writeln!(text, "{}", counted(unmanaged.len(), "unmanaged object"));
            text
        }
        _ => bail!("what is unmanaged is printed as text or json"),
    };
    render::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
