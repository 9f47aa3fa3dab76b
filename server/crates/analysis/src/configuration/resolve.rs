//! From what an entry says to a configuration that can be worked with, or to what is wrong with it.

use history::Format;
use history::formats::detect::FoundDialect;
use history::formats::drizzle_format;
use languages::drizzle::{Reader, Release};
use schema::Dialect;
use source::{Diagnostic, FilePath, Files, Location, codes};
use std::path::Path;

use super::entry::{Entry, Origin, Says, SqlFiles};
use super::{DesiredSource, Detector, ProjectConfig, ProjectId};

/// A project, ready to be read.
pub(crate) struct Configured {
    pub(crate) id: ProjectId,
    pub(crate) name: Option<String>,
    pub(crate) origin: Origin,
    pub(crate) config: Option<ProjectConfig>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// None where a folder turns out to be no project.
pub(crate) fn resolve(
    entry: Entry,
    reader: &mut Reader,
    detector: &mut Detector,
    files: &dyn Files,
) -> Option<Configured> {
    let Entry { id, name, origin, says, mut diagnostics } = entry;
    let config = match says {
        Says::Nothing => None,
        Says::Drizzle { config, migrations, format } => {
            let reading = reader.read_config(&config, files);
            diagnostics.extend(reading.diagnostics);
            reading.config.map(|mut config| {
                let format = format
                    .filter(|format| *format != Format::Drizzle)
                    .or_else(|| migrations.as_ref().and_then(|folder| detector.format(folder, files)))
                    // The two of drizzle-kit are told apart by what the folder holds.
                    .unwrap_or_else(|| drizzle_format(migrations.as_ref().unwrap_or(&config.out), files));
                config.release = if format == Format::Drizzle1 { Release::One } else { Release::BeforeOne };
                ProjectConfig {
                    dialect: config.dialect,
                    dialect_word: config.dialect_word.clone(),
                    migrations: migrations.unwrap_or_else(|| config.out.clone()),
                    format,
                    schema_location: Location::new(&config.file, config.schema_span),
                    desired: DesiredSource::Drizzle(config),
                }
            })
        }
        Says::Sql { schema, migrations, dialect, format, named_at } => {
            let told = told(&Told { folder: &migrations, schema: schema.as_ref(), dialect, format }, detector, files);
            match (told, named_at) {
                (Ok((format, dialect)), named_at) => {
                    let at = named_at.unwrap_or_else(|| Location::start_of(&id.source));
                    Some(sql_config(schema, migrations, dialect, format, at))
                }
                (Err(doubt), Some(location)) => {
                    diagnostics.push(doubt.diagnostic(location, &migrations, &id.source));
                    None
                }
                // Nobody said that this folder is to be checked.
                (Err(_), None) => return None,
            }
        }
    };
    Some(Configured { id, name, origin, config, diagnostics })
}

fn sql_config(
    schema: Option<SqlFiles>,
    migrations: FilePath,
    dialect: Dialect,
    format: Format,
    named_at: Location,
) -> ProjectConfig {
    let schema_location = schema.as_ref().map_or(named_at, |schema| schema.location.clone());
    let desired = match schema {
        Some(SqlFiles { files, is_whole, .. }) => DesiredSource::Sql { files, is_whole },
        None => DesiredSource::None,
    };
    let dialect_word = String::from(match dialect {
        Dialect::Postgres => "postgresql",
        Dialect::Sqlite => "sqlite",
    });
    ProjectConfig { dialect, dialect_word, desired, migrations, format, schema_location }
}

/// What a source says of a folder.
struct Told<'e> {
    folder: &'e FilePath,
    schema: Option<&'e SqlFiles>,
    dialect: Option<Dialect>,
    format: Option<Format>,
}

/// Why a folder cannot be worked with.
enum Doubt {
    NoFolder,
    Format,
    Dialect,
    Unsupported(String),
}

/// The format and dialect of a folder, from what was said and else from what is in it.
fn told(says: &Told<'_>, detector: &mut Detector, files: &dyn Files) -> Result<(Format, Dialect), Doubt> {
    let listed = files.list(says.folder);
    let is_empty = listed.as_ref().map_or(true, |entries| entries.is_empty());
    if listed.is_err() && says.schema.is_none() {
        return Err(Doubt::NoFolder);
    }
    let format = match says.format.or_else(|| detector.format(says.folder, files)) {
        Some(format) => format,
        // Before the first migration any format does.
        None if is_empty => Format::Plain,
        None => return Err(Doubt::Format),
    };
    let dialect = match says.dialect {
        Some(dialect) => dialect,
        None => match detector.dialect(format, says.folder, files) {
            Some(FoundDialect::Known(dialect)) => dialect,
            Some(FoundDialect::Unsupported(name)) => return Err(Doubt::Unsupported(name)),
            None => return Err(Doubt::Dialect),
        },
    };
    Ok((format, dialect))
}

impl Doubt {
    fn diagnostic(self, location: Location, folder: &Path, source: &Path) -> Diagnostic {
        let base = source.parent().unwrap_or(Path::new(""));
        let shown = folder.strip_prefix(base).unwrap_or(folder).display().to_string().replace('\\', "/");
        let is_ours =
            source.file_name().is_some_and(|name| name == languages::configuration::driftlens_toml::FILE_NAME);
        // What another tool's file does not say, ours can.
        let add = |what: &str| match is_ours {
            true => format!("add {what}"),
            false => format!("name the folder in a driftlens.toml, with {what}"),
        };
        let (code, message, help) = match self {
            Doubt::NoFolder => (
                codes::INVALID_CONFIG,
                format!("`{shown}` is no folder"),
                String::from("name the migrations folder, relative to this file"),
            ),
            Doubt::Format => (
                codes::INVALID_CONFIG,
                format!("what wrote the migrations in `{shown}` cannot be told"),
                add("`format = \"…\"`: the tool that runs them"),
            ),
            Doubt::Dialect => (
                // Nobody wrote a file of another tool for us: that it does not say enough is no error.
                if is_ours { codes::INVALID_CONFIG } else { codes::UNSUPPORTED_DIALECT },
                format!("the database of the migrations in `{shown}` cannot be told"),
                add("`dialect = \"postgresql\"` or `\"sqlite\"`"),
            ),
            Doubt::Unsupported(name) => (
                codes::UNSUPPORTED_DIALECT,
                format!(
                    "the migrations in `{shown}` are for {name}, which is not read yet: nothing in this project is checked"
                ),
                String::from("postgresql and sqlite are read"),
            ),
        };
        Diagnostic::new(code, location, message).with_help(help)
    }
}
