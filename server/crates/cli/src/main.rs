//! The terminal face of Driftlens: one file a command, the output in `render/`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this crate is what people read in a terminal")]

mod commands;
mod live;
mod render;
mod target;

use analysis::RenameAnswers;
use anyhow::bail;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Keeps a database schema and its migrations honest with each other.
#[derive(Parser)]
#[command(name = "driftlens", version, about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say which schema changes lack a migration. Exit code 0: in sync; 1: pending changes or errors; 2: could not run.
    Check {
        /// Folders, configuration files, schema files or migrations; the working directory where none is given.
        paths: Vec<PathBuf>,
        /// The configuration file, whatever its name.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Print a schema as Driftlens reads it: what the code says (desired), what the migrations folder records (history), what the database
    /// holds (live), or what only hand-written SQL made (unmanaged).
    Inspect {
        #[arg(value_enum)]
        picture: Picture,
        path: Option<PathBuf>,
        /// The configuration file, whatever its name.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// The project's name, where a configuration file holds several.
        #[arg(long, value_name = "NAME")]
        project: Option<String>,
        /// With `history`: the state after this migration, named by its tag, version or file.
        #[arg(long, value_name = "MIGRATION")]
        at: Option<String>,
        /// `json` where none is given; for `unmanaged`, `text`.
        #[arg(long, value_enum)]
        format: Option<SchemaFormat>,
        #[command(flatten)]
        database: live::Where,
    },
    /// Say what each migration did; with an object, which migrations touched it, and how. Oldest first.
    Log {
        /// Its name, such as `users`, `users.email` or `users_email_idx`.
        object: Option<String>,
        /// Where the project is; the working directory where it is not given.
        #[arg(long, value_name = "PATH")]
        path: Option<PathBuf>,
        /// The configuration file, whatever its name.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// The project's name, where a configuration file holds several.
        #[arg(long, value_name = "NAME")]
        project: Option<String>,
        #[arg(long, value_enum, default_value_t = LogFormat::Text)]
        format: LogFormat,
    },
    /// Write the migration that makes the pending changes. Exit code 0: written, or nothing to do; 1: something is in the way; 2: could not
    /// run; 3: it has to be decided what is renamed, and nothing was written.
    Generate {
        /// The project's folder, configuration or a file of it; the working directory where none is given.
        path: Option<PathBuf>,
        /// The configuration file, whatever its name.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// The project's name, where a configuration file holds several.
        #[arg(long, value_name = "NAME")]
        project: Option<String>,
        /// What the migration is called; made from what it changes where none is given.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// An empty migration, to be filled by hand.
        #[arg(long, conflicts_with_all = ["renames", "no_renames", "with_down"])]
        custom: bool,
        /// Print what would be written, and write nothing.
        #[arg(long)]
        dry_run: bool,
        /// `sql`: the statements alone.
        #[arg(long, value_enum, default_value_t = GenerateFormat::Text)]
        format: GenerateFormat,
        /// What is renamed, not dropped and new: `--rename public.users.name=full_name`. Can be given several times.
        #[arg(long = "rename", value_name = "OLD=NEW")]
        renames: Vec<String>,
        /// Nothing else is renamed: what is gone is dropped.
        #[arg(long)]
        no_renames: bool,
        /// Write the way back too: into the file or section that the format has for it, or beside the migration where the tool that runs the
        /// folder does not read it.
        #[arg(long)]
        with_down: bool,
        /// First give migrations that were written by hand the snapshots that they lack.
        #[arg(long)]
        repair: bool,
    },
    /// Put the migrations of this branch behind those of another: numbers, snapshots and journal. In the middle of a merge or rebase of git
    /// it knows which; else `--onto` says. Exit code 0: done, or nothing to do; 1: both changed the same object; 2: could not run.
    Rebase {
        /// The project's folder, configuration or a file of it; the working directory where none is given.
        path: Option<PathBuf>,
        /// The branch whose migrations stay as they are.
        #[arg(long, value_name = "REVISION")]
        onto: Option<String>,
        /// The configuration file, whatever its name.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// The project's name, where a configuration file holds several.
        #[arg(long, value_name = "NAME")]
        project: Option<String>,
        /// Print what would be done, and change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Print the steps from one schema to another. Each is `desired`, `history`, `live`, a SQL file, a Drizzle snapshot, or `REVISION:` for the schema
    /// files at a revision of git. Exit code 0: equal; 1: different; 2: could not run; 3: it has to be decided what is renamed.
    Diff {
        from: String,
        to: String,
        /// Where the project is; the working directory where it is not given.
        #[arg(long)]
        path: Option<PathBuf>,
        /// The configuration file, whatever its name.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// The project's name, where a configuration file holds several.
        #[arg(long, value_name = "NAME")]
        project: Option<String>,
        /// Of which database SQL files are, where no project says so.
        #[arg(long, value_enum)]
        dialect: Option<DialectName>,
        /// `sql`: the statements alone.
        #[arg(long, value_enum, default_value_t = GenerateFormat::Text)]
        format: GenerateFormat,
        /// What is renamed, not dropped and new: `--rename public.users.name=full_name`. Can be given several times.
        #[arg(long = "rename", value_name = "OLD=NEW")]
        renames: Vec<String>,
        /// Nothing else is renamed: what is gone is dropped.
        #[arg(long)]
        no_renames: bool,
        #[command(flatten)]
        database: live::Where,
    },
    /// Look at the configuration, the files, the connection and what the database allows, and say what to do about what is not well.
    Doctor {
        /// The project's folder, configuration or a file of it; the working directory where none is given.
        path: Option<PathBuf>,
        /// The configuration file, whatever its name.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        #[command(flatten)]
        database: live::Where,
        #[arg(long, value_enum, default_value_t = LogFormat::Text)]
        format: LogFormat,
    },
    /// Bring a development database to what the schema files say, without a migration. What loses data needs a yes. Exit code 0: done, or nothing
    /// to do; 1: not permitted, not confirmed, or failed; 2: could not run; 3: it has to be decided what is renamed.
    Push {
        /// The project's folder, configuration or a file of it; the working directory where none is given.
        path: Option<PathBuf>,
        /// The configuration file, whatever its name.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// The project's name, where a configuration file holds several.
        #[arg(long, value_name = "NAME")]
        project: Option<String>,
        #[command(flatten)]
        database: live::Where,
        /// Ask about each step: apply it, skip it with everything that depends on it, or stop.
        #[arg(long, conflicts_with_all = ["yes", "format"])]
        safe: bool,
        /// Print the steps, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// What the plan loses may be lost.
        #[arg(long)]
        yes: bool,
        /// What is renamed, not dropped and new: `--rename public.users.name=full_name`. Can be given several times.
        #[arg(long = "rename", value_name = "OLD=NEW")]
        renames: Vec<String>,
        /// Nothing else is renamed: what is gone is dropped.
        #[arg(long)]
        no_renames: bool,
        #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
        format: PlainFormat,
    },
    /// Write what the database holds as a Drizzle schema file. Exit code 0: written; 1: written, and parts of it have to be looked at; 2: could
    /// not run, and nothing was written.
    Pull {
        /// The project's folder, configuration or a file of it; the working directory where none is given.
        path: Option<PathBuf>,
        /// The configuration file, whatever its name.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// The project's name, where a configuration file holds several.
        #[arg(long, value_name = "NAME")]
        project: Option<String>,
        #[command(flatten)]
        database: live::Where,
        /// The file to write; the one that the configuration names as `schema` where none is given.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Replace a file that is there.
        #[arg(long)]
        force: bool,
        /// Print the file, and write nothing.
        #[arg(long, conflicts_with = "force")]
        dry_run: bool,
    },
    /// Explain a finding, such as schema/not-static.
    Explain { code: String },
    /// Run the language server over standard input and output.
    Lsp {
        /// Accepted because many clients pass it; standard input and output are always used.
        #[arg(long)]
        stdio: bool,
    },
    /// Make a small project, change its schema, and show what Driftlens says in the terminal and to an editor.
    Demo {
        /// The folder to make; it must not exist.
        #[arg(long, value_name = "DIR")]
        into: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Github,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Picture {
    Desired,
    History,
    Live,
    Unmanaged,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SchemaFormat {
    Text,
    Json,
    Sql,
    DrizzleSnapshot,
    Mermaid,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GenerateFormat {
    Text,
    Json,
    Sql,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PlainFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DialectName {
    Postgresql,
    Sqlite,
}

impl From<DialectName> for schema::Dialect {
    fn from(name: DialectName) -> schema::Dialect {
        match name {
            DialectName::Postgresql => schema::Dialect::Postgres,
            DialectName::Sqlite => schema::Dialect::Sqlite,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

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
        Command::Inspect { picture, path, config, project, at, format, database } => commands::inspect::run(
            picture,
            path.as_deref(),
            config.as_deref(),
            project.as_deref(),
            at.as_deref(),
            format,
            &database,
        ),
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
        Command::Pull { path, config, project, database, out, force, dry_run } => {
            commands::pull::run(&commands::pull::Wanted {
                path: path.as_deref(),
                config: config.as_deref(),
                project: project.as_deref(),
                database,
                out: out.as_deref(),
                is_forced: force,
                is_dry_run: dry_run,
            })
        }
        Command::Explain { code } => commands::explain::run(&code),
        Command::Lsp { stdio: _ } => commands::lsp::run(),
        Command::Demo { into } => commands::demo::run(into.as_deref()),
    };
    result.unwrap_or_else(|error| {
        eprintln!("driftlens: {error:#}");
        ExitCode::from(COULD_NOT_RUN)
    })
}
