//! A `driftlens.toml` to start with: what was found of the project, and the rest as comments.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use analysis::{DesiredSource, Project};
use history::formats::FORMATS;
use languages::configuration::driftlens_toml::FILE_NAME;
use schema::Dialect;

/// A configuration for a project that has none of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Initial {
    pub path: PathBuf,
    pub text: String,
}

const HEAD: &str = "# What Driftlens cannot find by itself, and the databases that this project is run on.
# `driftlens doctor` says what is found. Lines that begin with # are examples.
";

const ENVIRONMENTS: &str = "
# Databases, by name; `--env NAME` chooses one. The address comes from the first of these that says one: --url, an environment here
# (the one of kind development where none is named), dbCredentials of the Drizzle configuration, DATABASE_URL, the database of
# `driftlens up`. ${NAME} is taken from the environment or from .env files: no password belongs into this file.
# The kind says what may be done:
#   development   push and reset too
#   shared        changed by migrations only
#   production    changed by migrations only, and a rollback asks for its name
# Without it, a database on this machine is for development, and any other is shared.
#
# [environments.development]
# url = \"URL_OF_DEVELOPMENT\"
# kind = \"development\"
# seed = \"npm run db:seed\"   # after driftlens reset
#
# [environments.production]
# url = \"${PRODUCTION_DATABASE_URL}\"
# kind = \"production\"
";

/// The file for a project, beside what configures it; None where that is one of ours.
pub fn initial_configuration(project: &Project) -> Option<Initial> {
    let config = project.config.as_ref()?;
    let source = project.source();
    let base = source.parent()?;
    let path = base.join(FILE_NAME);
    if source.file_name().is_some_and(|name| name == FILE_NAME) || path.exists() {
        return None;
    }
    let mut text = String::from(HEAD);
    match &config.desired {
        DesiredSource::Drizzle(drizzle) => {
            let _ = write!(
                text,
                "\n# The configuration of drizzle-kit: schema files, dialect and migrations folder come from there.\ndrizzle = {}\n",
                quoted(&below(base, &drizzle.file)?)
            );
        }
        DesiredSource::Sql { .. } | DesiredSource::None => {
            let _ = write!(text, "\nmigrations = {}\n", quoted(&below(base, &config.migrations)?));
            if let Some((word, _)) = FORMATS.iter().find(|(_, format)| *format == config.format) {
                let _ = writeln!(text, "# The tool whose migrations these are.\nformat = {}", quoted(word));
            }
            let dialect = match config.dialect {
                Dialect::Postgres => "postgresql",
                Dialect::Sqlite => "sqlite",
            };
            let _ = writeln!(text, "dialect = {}", quoted(dialect));
            match &config.desired {
                DesiredSource::Sql { files, .. } if !files.is_empty() => {
                    let files: Option<Vec<String>> = files.iter().map(|file| below(base, file)).collect();
                    let files: Vec<String> = files?.iter().map(|file| quoted(file)).collect();
                    let _ = write!(text, "# What the schema should be, in the order in which the files are run.\nschema = ");
                    let _ = match files.as_slice() {
                        [file] => writeln!(text, "{file}"),
                        files => writeln!(text, "[{}]", files.join(", ")),
                    };
                }
                _ => text.push_str(
                    "# SQL files that say what the schema should be; without them the migrations alone are checked.\n# schema = \"db/schema.sql\"\n",
                ),
            }
        }
    }
    let development = match config.dialect {
        Dialect::Postgres => "${DATABASE_URL}",
        Dialect::Sqlite => "file:dev.db",
    };
    text.push_str(&ENVIRONMENTS.replace("URL_OF_DEVELOPMENT", development));
    Some(Initial { path, text })
}

/// A path below a folder, as all systems spell it; None where it is elsewhere.
fn below(base: &Path, path: &Path) -> Option<String> {
    let path = path.strip_prefix(base).ok()?;
    Some(path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// As a string of TOML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
