//! The terminal face of Driftlens: one file a command, the output in `render/`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this crate is what people read in a terminal")]

mod arguments;
mod commands;
mod live;
mod render;
mod target;

pub(crate) use arguments::{Format, GenerateFormat, LogFormat, Picture, PlainFormat, SchemaFormat};

use analysis::RenameAnswers;
use anyhow::bail;
use arguments::{Arguments, Command};
use clap::Parser as _;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The exit code for what could not run.
const COULD_NOT_RUN: u8 = 2;
/// The exit code for renames that nobody has decided on.
const UNANSWERED: u8 = 3;

/// The flags `--rename OLD=NEW` and `--no-renames`.
fn rename_answers(renames: &[String], nothing_else: bool) -> anyhow::Result<RenameAnswers> {
    let mut answers = RenameAnswers { nothing_else, ..RenameAnswers::default() };
    for flag in renames {
        match flag.split_once('=') {
            Some((from, to)) if !from.is_empty() && !to.is_empty() => {
                answers.renames.push((from.trim().to_owned(), to.trim().to_owned()));
            }
            _ => bail!("--rename {flag}: write the old and the new name, as in --rename public.users.name=full_name"),
        }
    }
    Ok(answers)
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check { paths, config, format } => commands::check::run(&paths, config.as_deref(), format),
        Command::Inspect { picture, path, config, project, at, like_desired, format, database } => {
            commands::inspect::run(&commands::inspect::Wanted {
                picture,
                path: path.as_deref(),
                config: config.as_deref(),
                project: project.as_deref(),
                at: at.as_deref(),
                is_like_desired: like_desired,
                format,
                database,
            })
        }
        Command::Log { object, path, config, project, format } => {
            commands::log::run(object.as_deref(), path.as_deref(), config.as_deref(), project.as_deref(), format)
        }
        Command::Generate {
            path,
            config,
            project,
            name,
            custom,
            dry_run,
            format,
            renames,
            no_renames,
            with_down,
            repair,
        } => rename_answers(&renames, no_renames).and_then(|answers| {
            commands::generate::run(commands::generate::Wanted {
                path: path.as_deref(),
                config: config.as_deref(),
                project: project.as_deref(),
                name: name.as_deref(),
                is_custom: custom,
                is_dry_run: dry_run,
                with_down,
                with_repair: repair,
                format,
                answers,
            })
        }),
        Command::Diff { from, to, path, config, project, dialect, format, renames, no_renames, database } => {
            rename_answers(&renames, no_renames).and_then(|answers| {
                commands::diff::run(&commands::diff::Wanted {
                    from: &from,
                    to: &to,
                    path: path.as_deref(),
                    config: config.as_deref(),
                    project: project.as_deref(),
                    dialect: dialect.map(Into::into),
                    format,
                    answers,
                    database,
                })
            })
        }
        Command::Rebase { path, onto, config, project, dry_run } => commands::rebase::run(&commands::rebase::Wanted {
            onto: onto.as_deref(),
            path: path.as_deref(),
            config: config.as_deref(),
            project: project.as_deref(),
            is_dry_run: dry_run,
        }),
        Command::Doctor { path, config, database, format } => {
            commands::doctor::run(path.as_deref(), config.as_deref(), &database, format == LogFormat::Json)
        }
        Command::Push { path, config, project, database, safe, dry_run, yes, renames, no_renames, format } => {
            rename_answers(&renames, no_renames).and_then(|answers| {
                commands::push::run(&commands::push::Wanted {
                    path: path.as_deref(),
                    config: config.as_deref(),
                    project: project.as_deref(),
                    database,
                    is_safe: safe,
                    is_dry_run: dry_run,
                    is_confirmed: yes,
                    format,
                    answers,
                })
            })
        }
        Command::Migrate {
            project,
            database,
            to,
            dry_run,
            yes,
            single_transaction,
            allow_out_of_order,
            resume,
            from_start,
            format,
        } => commands::migrate::run(&commands::migrate::Wanted {
            project: &project,
            database,
            to: to.as_deref(),
            is_dry_run: dry_run,
            is_confirmed: yes,
            is_single: single_transaction,
            is_out_of_order: allow_out_of_order,
            middle: match (resume, from_start) {
                (true, _) => commands::migrate::Middle::Resume,
                (_, true) => commands::migrate::Middle::FromStart,
                _ => commands::migrate::Middle::Ask,
            },
            format,
        }),
        Command::History { operation, project, all, limit, format } => {
            commands::history::run(&commands::history::Wanted {
                operation: operation.as_deref(),
                project: &project,
                is_all: all,
                limit,
                format,
            })
        }
        Command::Reset { project, database, confirm, via_migrations, no_seed } => {
            commands::reset::run(&commands::reset::Wanted {
                project: &project,
                database,
                is_confirmed: confirm,
                via_migrations,
                without_seed: no_seed,
            })
        }
        Command::Rollback { project, database, to, steps, dry_run, yes, confirm, format } => {
            commands::rollback::run(&commands::rollback::Wanted {
                project: &project,
                database,
                to: to.as_deref(),
                steps,
                is_dry_run: dry_run,
                is_confirmed: yes,
                confirmed_name: confirm.as_deref(),
                format,
            })
        }
        Command::Status { project, database, check, format } => {
            commands::status::run(&commands::status::Wanted { project: &project, database, is_check: check, format })
        }
        Command::Pull { project, database, out, force, dry_run } => commands::pull::run(&commands::pull::Wanted {
            project: &project,
            database,
            out: out.as_deref(),
            is_forced: force,
            is_dry_run: dry_run,
        }),
        Command::Up { project, write_env, service, private, download } => commands::up::run(&commands::up::Wanted {
            project: &project,
            writes_env: write_env,
            service: service.as_deref(),
            is_private: private,
            may_download: download,
        }),
        Command::Down { project, volumes, dry_run, yes, format } => commands::down::run(&commands::down::Wanted {
            project: &project,
            with_volumes: volumes,
            is_dry_run: dry_run,
            is_confirmed: yes,
            format,
        }),
        Command::Init { project, dry_run } => commands::init::run(&project, dry_run),
        Command::Explain { code } => commands::explain::run(&code),
        Command::Lsp { stdio: _ } => commands::lsp::run(),
        Command::Demo { into } => commands::demo::run(into.as_deref()),
    };
    result.unwrap_or_else(|error| {
        eprintln!("driftlens: {error:#}");
        ExitCode::from(COULD_NOT_RUN)
    })
}
