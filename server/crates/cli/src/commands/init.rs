//! `driftlens init`: the scripts of the workflow and a configuration, for a project that has none.

use analysis::Project;
use anyhow::Context as _;
use schema::Dialect;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use workspace::{PackageJson, initial_configuration, package_json_above, replace_file, with_scripts};

use super::inspect::{analyze, the_project};
use crate::arguments::Selected;
use crate::render;

pub(crate) fn run(selected: &Selected, is_dry_run: bool) -> anyhow::Result<ExitCode> {
    let analysis = analyze(selected.path.as_deref(), selected.config.as_deref())?;
    let project = the_project(&analysis, selected.project.as_deref())?;
    let base = project.source().parent().unwrap_or(project.source());
    // Both are looked at before anything is written.
    let configuration = initial_configuration(project);
    let package = match package_json_above(base) {
        None => None,
        Some(file) => {
            let shown = render::short_path(&file);
            let text = std::fs::read_to_string(&file).with_context(|| format!("{shown} cannot be read"))?;
            let found = with_scripts(&text, &path_from(&file, base)).with_context(|| shown.clone())?;
            Some((file, shown, found))
        }
    };
    let mut told = String::new();
    if let Some((file, shown, found)) = &package {
        tell_of_scripts(&mut told, shown, found, is_dry_run);
        if !is_dry_run && !found.added.is_empty() {
            replace_file(file, Some(&found.text))?;
        }
    }
    match &configuration {
        Some(initial) => {
            let shown = render::short_path(&initial.path);
            if is_dry_run {
                let _ = writeln!(told, "{shown}: would be written:");
                initial.text.lines().for_each(|line| {
                    let _ = writeln!(told, "{}", format!("  {line}").trim_end());
                });
            } else {
                replace_file(&initial.path, Some(&initial.text))?;
                let _ = writeln!(told, "{shown}: written");
            }
        }
        None => {
            let _ = writeln!(told, "{}: stays as it is", render::short_path(&base.join("driftlens.toml")));
        }
    }
    if is_dry_run {
        render::print(&told)?;
        render::note("nothing was written, as --dry-run asks");
        return Ok(ExitCode::SUCCESS);
    }
    next_steps(&mut told, project, package.as_ref().map(|(_, _, found)| found));
    render::print(&told)?;
    Ok(ExitCode::SUCCESS)
}

/// Where the project is, seen from its package; as an argument of the scripts.
fn path_from(package: &Path, base: &Path) -> String {
    let folder = package.parent().unwrap_or(package);
    let parts: Vec<String> =
        base.strip_prefix(folder).into_iter().flatten().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.is_empty() { String::new() } else { format!(" {}", render::shell_word(&parts.join("/"))) }
}

fn tell_of_scripts(told: &mut String, shown: &str, found: &PackageJson, is_dry_run: bool) {
    let added = if is_dry_run { "would be added" } else { "added" };
    let names = |list: &[(String, String)]| list.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    match found.added.as_slice() {
        [] => {
            let _ = writeln!(told, "{shown}: has the scripts already");
        }
        list => {
            let _ = writeln!(told, "{shown}: {added}: {}", names(list));
        }
    }
    for (name, does) in found.kept.iter().filter(|(_, does)| !does.starts_with("driftlens ")) {
        let _ = writeln!(told, "{shown}: {name} stays as it is: {does}");
    }
}

fn next_steps(told: &mut String, project: &Project, package: Option<&PackageJson>) {
    // A script of that name may do something else.
    let is_ours = |found: &PackageJson, name: &str| {
        found.added.iter().chain(&found.kept).any(|(it, does)| it == name && does.starts_with("driftlens "))
    };
    let run = |command: &str| {
        let name = format!("db:{command}");
        match package.is_some_and(|found| is_ours(found, &name)) {
            true => format!("npm run {name}"),
            false => format!("driftlens {command}"),
        }
    };
    let mut steps = Vec::new();
    if project.config.as_ref().is_some_and(|config| config.dialect == Dialect::Postgres) {
        steps.push((String::from("driftlens up"), "a development database, where there is none"));
    }
    let has_schema = project.desired.is_some();
    if has_schema {
        steps.push((run("push"), "the database becomes what the schema files say"));
        steps.push((run("generate"), "the migration that makes it so elsewhere"));
    } else {
        steps.push((run("migrate"), "applies the migrations"));
    }
    steps.push((run("check"), "in CI: fails where a change lacks its migration"));
    told.push_str("next:\n");
    let width = steps.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    for (command, why) in steps {
        let _ = writeln!(told, "  {command:<width$}  {why}");
    }
}
