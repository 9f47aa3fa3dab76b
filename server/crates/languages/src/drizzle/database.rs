//! What a Drizzle configuration says of the database: credentials, filters, the ledger's name.
//!
//! Read only by who is about to connect: an analysis holds no password.

use std::fmt;

use source::{FilePath, Files, Location};

use super::config::config_value;
use super::evaluate::{Environment, Interpreter, Object, Value};
use super::modules::{Modules, ParsedFiles};

/// What stands in `dbCredentials`. Its `Debug` holds no password.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    Absent,
    /// Something that cannot be told without running code, as a sentence.
    Unknown(String),
    Url(String),
    Parts {
        host: String,
        port: Option<u16>,
        user: Option<String>,
        password: Option<String>,
        database: String,
        /// `require`, `allow`, `prefer` or `verify-full`; `require` for `true`.
        ssl: Option<String>,
    },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Credentials::Absent => f.write_str("Absent"),
            Credentials::Unknown(reason) => f.debug_tuple("Unknown").field(reason).finish(),
            Credentials::Url(_) => f.write_str("Url(…)"),
            Credentials::Parts { host, database, .. } => write!(f, "Parts({host}/{database})"),
        }
    }
}

/// The roles that drizzle-kit looks at (`entities.roles`); none where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RolesFilter {
    pub is_on: bool,
    /// Whose roles are left out: `supabase`, `neon`.
    pub provider: Option<String>,
    pub include: Vec<String>,
    pub exclude: Vec<String>,
}

/// The entries of a configuration that matter only with a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrizzleDatabase {
    pub credentials: Credentials,
    /// The namespaces that are looked at; None where nothing is said.
    pub schema_filter: Option<Vec<String>>,
    /// Patterns of tables, `!` for those left out; empty where all are looked at.
    pub tables_filter: Vec<String>,
    pub extensions_filters: Vec<String>,
    pub roles: RolesFilter,
    /// `migrations.table` and `migrations.schema`.
    pub ledger_table: Option<String>,
    pub ledger_schema: Option<String>,
}

/// Reads a configuration file once more, for its database. `files` answers what an environment variable is.
pub fn read_database(file: &FilePath, files: &dyn Files) -> DrizzleDatabase {
    let mut parsed = ParsedFiles::default();
    let modules = Modules::new(files, &mut parsed);
    let mut interpreter = Interpreter::new(&modules, Environment::Real);
    let value = config_value(&mut interpreter, &modules, file);
    let nothing = |credentials| DrizzleDatabase {
        credentials,
        schema_filter: None,
        tables_filter: Vec::new(),
        extensions_filters: Vec::new(),
        roles: RolesFilter::default(),
        ledger_table: None,
        ledger_schema: None,
    };
    let Value::Object(object) = value else {
        return nothing(match value {
            Value::Unknown(reason) => Credentials::Unknown(reason.message.to_string()),
            _ => Credentials::Absent,
        });
    };
    let mut reading = Reading { interpreter };
    let migrations = reading.object(&object, "migrations");
    let in_migrations = |reading: &mut Reading<'_>, key: &str| migrations.as_ref().and_then(|it| reading.text(it, key));
    DrizzleDatabase {
        credentials: reading.credentials(&object, file),
        schema_filter: Some(reading.list(&object, "schemaFilter")).filter(|list| !list.is_empty()),
        tables_filter: reading.list(&object, "tablesFilter"),
        extensions_filters: reading.list(&object, "extensionsFilters"),
        roles: reading.roles(&object),
        ledger_table: in_migrations(&mut reading, "table"),
        ledger_schema: in_migrations(&mut reading, "schema"),
    }
}

struct Reading<'i> {
    interpreter: Interpreter<'i>,
}

impl Reading<'_> {
    fn object(&mut self, object: &Object, key: &str) -> Option<std::rc::Rc<Object>> {
        match self.interpreter.property(object, key) {
            Value::Object(inner) => Some(inner),
            _ => None,
        }
    }

    fn text(&mut self, object: &Object, key: &str) -> Option<String> {
        self.interpreter.property(object, key).as_str().map(|text| text.to_string())
    }

    fn list(&mut self, object: &Object, key: &str) -> Vec<String> {
        match self.interpreter.property(object, key) {
            Value::String(text) => vec![text.to_string()],
            Value::Array(items) => items.borrow().iter().filter_map(|item| Some(item.as_str()?.to_string())).collect(),
            _ => Vec::new(),
        }
    }

    fn roles(&mut self, object: &Object) -> RolesFilter {
        let Some(entities) = self.object(object, "entities") else { return RolesFilter::default() };
        match self.interpreter.property(&entities, "roles") {
            Value::Object(roles) => RolesFilter {
                is_on: true,
                provider: self.text(&roles, "provider"),
                include: self.list(&roles, "include"),
                exclude: self.list(&roles, "exclude"),
            },
            other => RolesFilter { is_on: other.truth() == Some(true), ..RolesFilter::default() },
        }
    }

    fn credentials(&mut self, object: &Object, file: &FilePath) -> Credentials {
        let found = match self.interpreter.property(object, "dbCredentials") {
            Value::Object(found) => found,
            Value::Unknown(reason) => return Credentials::Unknown(reason.message.to_string()),
            _ => return Credentials::Absent,
        };
        let unknown = |key: &str, reason: &str| {
            Credentials::Unknown(format!("`dbCredentials.{key}` in {}: {reason}", name_of(file)))
        };
        match self.interpreter.property(&found, "url") {
            Value::String(url) if url.is_empty() => return unknown("url", "it is empty: is the variable set?"),
            Value::String(url) => return Credentials::Url(url.to_string()),
            Value::Unknown(reason) => return unknown("url", &reason.message),
            Value::Undefined if found.origin("url").is_some() => {
                return unknown("url", "the variable it is taken from is not set");
            }
            _ => {}
        }
        let Some(database) = self.text(&found, "database") else {
            return unknown("database", "it is not set, and neither is `url`");
        };
        let Some(host) = self.text(&found, "host") else { return unknown("host", "it is not set, or not known") };
        let port = match self.interpreter.property(&found, "port") {
            Value::Number(port) => format!("{port}").parse().ok(),
            Value::String(port) => port.parse().ok(),
            _ => None,
        };
        let ssl = match self.interpreter.property(&found, "ssl") {
            Value::String(mode) => Some(mode.to_string()),
            Value::Object(_) => Some(String::from("require")),
            other => (other.truth() == Some(true)).then(|| String::from("require")),
        };
        let (user, password) = (self.text(&found, "user"), self.text(&found, "password"));
        Credentials::Parts { host, port, user, password, database, ssl }
    }
}

fn name_of(file: &FilePath) -> String {
    Location::start_of(file).file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
