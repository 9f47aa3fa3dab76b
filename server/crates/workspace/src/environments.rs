//! Which database a project is run on, and what may be done to it.
//!
//! An address comes, in this order, from what is said on the command line, the environments of a `driftlens.toml`, the credentials in a
//! Drizzle configuration, the variable `DATABASE_URL`, and the database that `driftlens up` has brought up. Variables come from the process,
//! then from the project's `.env` files.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use database::local::LocalServer;
use database::{Address, Filter, ledger_tables};
use history::Format;
use languages::configuration::driftlens_toml::{self, FILE_NAME};
use languages::configuration::keys::{EnvironmentKind, ProjectKeys};
use languages::drizzle::{Credentials, DrizzleDatabase, read_database};
use schema::{Dialect, Schema};
use source::FilePath;

use crate::{DevelopmentDatabase, Disk};

/// The files that variables are taken from, the first that has one first. None of a production is among them.
const ENV_FILES: [&str; 4] = [".env.development.local", ".env.local", ".env.development", ".env"];
/// How far above the configuration's folder a `.env` or compose file is looked for: a package of a monorepo has it at the root.
const MOST_LEVELS: usize = 4;

/// A project, as far as its databases are concerned.
#[derive(Clone, Debug)]
pub struct DatabaseProject<'a> {
    /// What configures it; the migrations folder where no file does.
    pub source: &'a FilePath,
    /// The position in a file with several projects.
    pub index: usize,
    /// The Drizzle configuration, where there is one.
    pub drizzle: Option<&'a FilePath>,
    pub dialect: Dialect,
    pub format: Format,
}

/// A database that the project is run on.
#[derive(Clone, Debug)]
pub struct Environment {
    /// As the configuration calls it; `default` where nothing names it.
    pub name: String,
    pub kind: EnvironmentKind,
    pub address: Address,
    /// Where the address comes from, for a person.
    pub said_by: String,
    /// As configured; [`Environment::filter_for`] completes it.
    pub filter: Filter,
    /// True where a Drizzle configuration says what the schema should be.
    pub is_drizzle: bool,
    /// `migrations.schema` and `migrations.table` of a Drizzle configuration.
    pub ledger: LedgerNames,
    /// What fills it after a reset, for the shell.
    pub seed: Option<String>,
    /// The folder that relative paths and commands are meant from.
    pub base: PathBuf,
    /// The server of the project's own that it is on, where `driftlens up` made that. It need not run.
    pub server: Option<LocalServer>,
}

impl Environment {
    /// What of the database is looked at, where these are the schema files' objects: with a Drizzle configuration that names no
    /// namespaces, the default one and theirs. Where no file says what roles there should be, none is looked at but those they name.
    pub fn filter_for(&self, desired: Option<&Schema>) -> Filter {
        let mut filter = self.filter.clone();
        if let (true, None, Some(desired)) = (self.is_drizzle, &filter.namespaces, desired) {
            let default = desired.dialect.default_namespace();
            let namespaces = desired.namespaces.iter().cloned().chain([default.to_owned()]);
            filter.namespaces = Some(namespaces.collect());
        }
        filter.declared_roles = desired.map(|desired| desired.roles.keys().cloned().collect()).unwrap_or_default();
        filter
    }
}

/// Where the ledger is, where a configuration says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerNames {
    pub schema: Option<String>,
    pub table: Option<String>,
}

/// Why there is no environment, as a sentence without a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoEnvironment(pub String);

impl fmt::Display for NoEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoEnvironment {}

/// The environment that is asked for: by an address, by its name, or the project's own.
pub fn environment(
    project: &DatabaseProject<'_>,
    url: Option<&str>,
    name: Option<&str>,
) -> Result<Environment, NoEnvironment> {
    let base = project.source.parent().unwrap_or(project.source).to_path_buf();
    let variables = variables(&base);
    let keys = keys(project);
    let drizzle = project.drizzle.map(|file| read_database(file, &Disk::new().with_environment(variables.clone())));
    let declared = keys.as_ref().and_then(|keys| keys.environments.as_ref());
    let found = Found { project, base: &base, drizzle: drizzle.as_ref() };
    if let Some(url) = url {
        let named = name.and_then(|name| declared?.get(name));
        let kind = named.and_then(|it| it.kind.as_ref()).map(|kind| kind.value);
        let seed = named.and_then(|it| it.seed.as_ref()).map(|seed| seed.value.clone());
        let found = found.environment(name.unwrap_or("default"), kind, url, "--url")?;
        return Ok(Environment { seed, ..found });
    }
    if let Some(declared) = declared.filter(|declared| !declared.is_empty()) {
        let wanted = match name {
            Some(name) => declared.get_key_value(name).ok_or_else(|| unknown(name, declared.keys())),
            None => of_development(declared),
        };
        if let Some((name, keys)) =
            wanted.map(Some).or_else(|error| if name.is_some() { Err(error) } else { Ok(None) })?
        {
            let url = expanded(&keys.url.value, &variables).map_err(|variable| {
                NoEnvironment(format!("the environment `{name}` takes its address from {variable}, which is not set"))
            })?;
            let kind = keys.kind.as_ref().map(|kind| kind.value);
            let seed = keys.seed.as_ref().map(|seed| seed.value.clone());
            let found = found.environment(name, kind, &url, &format!("[environments.{name}] in {FILE_NAME}"))?;
            return Ok(Environment { seed, ..found });
        }
    } else if let Some(name) = name.filter(|name| *name != "default") {
        return Err(NoEnvironment(format!("there is no environment `{name}`: {FILE_NAME} declares none")));
    }
    found.own(&variables)
}

/// The environments that a configuration declares, by name, each with its kind where that is said.
pub fn declared_environments(project: &DatabaseProject<'_>) -> Vec<(String, Option<EnvironmentKind>)> {
    let declared = keys(project).and_then(|keys| keys.environments).unwrap_or_default();
    declared.into_iter().map(|(name, keys)| (name, keys.kind.map(|kind| kind.value))).collect()
}

type Declared = std::collections::BTreeMap<String, languages::configuration::keys::EnvironmentKeys>;

/// The one for development, by its kind, else by its name; the only one there is.
fn of_development(
    declared: &Declared,
) -> Result<(&String, &languages::configuration::keys::EnvironmentKeys), NoEnvironment> {
    let is_development = |keys: &languages::configuration::keys::EnvironmentKeys| {
        keys.kind.as_ref().is_some_and(|it| it.value == EnvironmentKind::Development)
    };
    let by_kind = || declared.iter().find(|(_, keys)| is_development(keys));
    let by_name = || ["development", "dev", "local"].iter().find_map(|name| declared.get_key_value(*name));
    let only = || declared.iter().next().filter(|_| declared.len() == 1);
    by_kind().or_else(by_name).or_else(only).ok_or_else(|| {
        let names: Vec<&str> = declared.keys().map(String::as_str).collect();
        NoEnvironment(format!("which environment? Say --env {}", names.join(" or --env ")))
    })
}

fn unknown<'n>(name: &str, known: impl Iterator<Item = &'n String>) -> NoEnvironment {
    let known: Vec<&str> = known.map(String::as_str).collect();
    NoEnvironment(format!("there is no environment `{name}`; {FILE_NAME} declares {}", known.join(", ")))
}

struct Found<'f> {
    project: &'f DatabaseProject<'f>,
    base: &'f Path,
    drizzle: Option<&'f DrizzleDatabase>,
}

impl Found<'_> {
    /// What the Drizzle configuration says, else `DATABASE_URL`.
    fn own(&self, variables: &HashMap<String, String>) -> Result<Environment, NoEnvironment> {
        let file = self.project.drizzle.map(|file| file.file_name().unwrap_or_default().to_string_lossy().into_owned());
        let said_by = format!("dbCredentials in {}", file.unwrap_or_default());
        let mut reason = String::new();
        match self.drizzle.map(|drizzle| &drizzle.credentials) {
            Some(Credentials::Url(url)) => return self.environment("default", None, url, &said_by),
            Some(Credentials::Parts { host, port, user, password, database, ssl }) => {
                let (user, password, ssl) = (user.as_deref(), password.as_deref(), ssl.as_deref());
                let address = Address::from_parts(host, *port, user, password, database, ssl);
                return self.at(address.map_err(|error| NoEnvironment(error.0))?, "default", None, &said_by);
            }
            Some(Credentials::Unknown(why)) => reason = format!(" ({why})"),
            Some(Credentials::Absent) | None => {}
        }
        match variables.get("DATABASE_URL").filter(|url| !url.is_empty()) {
            Some(url) => self.environment("default", None, url, "DATABASE_URL"),
            None => self.brought_up().unwrap_or_else(|| {
                let up = match self.project.dialect {
                    Dialect::Postgres => "; `driftlens up` brings up one of your own",
                    Dialect::Sqlite => "; a file is enough, as in --url dev.db",
                };
                Err(NoEnvironment(format!(
                    "it is not known which database the project is run on{reason}: say --url, set DATABASE_URL, or declare [environments.development] in {FILE_NAME}{up}"
                )))
            }),
        }
    }

    /// What `driftlens up` has brought up; it is for development, wherever a container engine has it.
    fn brought_up(&self) -> Option<Result<Environment, NoEnvironment>> {
        if self.project.dialect != Dialect::Postgres {
            return None;
        }
        let found = DevelopmentDatabase::of(self.project).remembered()?;
        Some(self.at(found.address, "default", Some(EnvironmentKind::Development), &found.said_by))
    }

    fn environment(
        &self,
        name: &str,
        kind: Option<EnvironmentKind>,
        url: &str,
        said_by: &str,
    ) -> Result<Environment, NoEnvironment> {
        let address = Address::parse(url, self.project.dialect, self.base)
            .map_err(|error| NoEnvironment(format!("{said_by}: {error}")))?;
        self.at(address, name, kind, said_by)
    }

    fn at(
        &self,
        address: Address,
        name: &str,
        kind: Option<EnvironmentKind>,
        said_by: &str,
    ) -> Result<Environment, NoEnvironment> {
        let by_place = if address.is_local() { EnvironmentKind::Development } else { EnvironmentKind::Shared };
        let ledger = LedgerNames {
            schema: self.drizzle.and_then(|it| it.ledger_schema.clone()),
            table: self.drizzle.and_then(|it| it.ledger_table.clone()),
        };
        let ledgers =
            ledger_tables(self.project.format, self.project.dialect, ledger.schema.as_deref(), ledger.table.as_deref());
        let mut filter = Filter { ledgers, ..Filter::default() };
        if let Some(drizzle) = self.drizzle {
            filter.namespaces.clone_from(&drizzle.schema_filter);
            filter.tables.clone_from(&drizzle.tables_filter);
            if drizzle.extensions_filters.iter().any(|name| name == "postgis") {
                filter.tables.extend(["!geography_columns", "!geometry_columns", "!spatial_ref_sys"].map(String::from));
            }
            filter.roles = drizzle.roles.is_on.then(|| left_out_roles(drizzle));
        }
        let own = DevelopmentDatabase::of(self.project);
        let server = own.own_address().filter(|it| *it == address).map(|_| own.server());
        Ok(Environment {
            server,
            name: name.to_owned(),
            kind: kind.unwrap_or(by_place),
            address,
            said_by: said_by.to_owned(),
            filter,
            is_drizzle: self.drizzle.is_some(),
            ledger,
            seed: None,
            base: self.base.to_owned(),
        })
    }
}

/// Roles of a provider, which are nobody's to change.
fn left_out_roles(drizzle: &DrizzleDatabase) -> Vec<String> {
    let of_provider: &[&str] = match drizzle.roles.provider.as_deref() {
        Some("supabase") => &[
            "anon",
            "authenticator",
            "authenticated",
            "service_role",
            "supabase_auth_admin",
            "supabase_storage_admin",
            "dashboard_user",
            "supabase_admin",
        ],
        Some("neon") => &["authenticated", "anonymous"],
        _ => &[],
    };
    of_provider.iter().map(|name| (*name).to_owned()).chain(drizzle.roles.exclude.iter().cloned()).collect()
}

/// What a `driftlens.toml` says of the project: the one that configures it, or one beside its Drizzle configuration.
fn keys(project: &DatabaseProject<'_>) -> Option<ProjectKeys> {
    let disk = Disk::new();
    if project.source.file_name().is_some_and(|name| name == FILE_NAME) {
        return driftlens_toml::read(project.source, &disk).projects.into_iter().nth(project.index)?.keys;
    }
    None
}

/// The process' variables, and those of `.env` files where the process has none of the name.
fn variables(base: &Path) -> HashMap<String, String> {
    let mut variables: HashMap<String, String> = std::env::vars().collect();
    for folder in folders_up(base) {
        for name in ENV_FILES {
            let Ok(pairs) = dotenvy::from_path_iter(folder.join(name)) else { continue };
            for (key, value) in pairs.flatten() {
                variables.entry(key).or_insert(value);
            }
        }
    }
    variables
}

/// A project's folder, and those above it up to the root of the repository.
pub(crate) fn folders_up(base: &Path) -> Vec<&Path> {
    let mut folders = Vec::new();
    for folder in base.ancestors().take(MOST_LEVELS) {
        folders.push(folder);
        if folder.join(".git").exists() {
            break;
        }
    }
    folders
}

/// A text with `${NAME}` replaced; the name of the first variable that is not set.
fn expanded(text: &str, variables: &HashMap<String, String>) -> Result<String, String> {
    let Some((before, rest)) = text.split_once("${") else { return Ok(text.to_owned()) };
    let Some((name, after)) = rest.split_once('}') else { return Ok(text.to_owned()) };
    let value = variables.get(name).filter(|value| !value.is_empty()).ok_or_else(|| name.to_owned())?;
    Ok(format!("{before}{value}{}", expanded(after, variables)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        for (name, text) in all {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    /// The environment's name, kind, address and where it comes from; or the sentence that says why there is none.
    fn check(all: &[(&str, &str)], source: &str, url: Option<&str>, name: Option<&str>) -> String {
        let folder = files(all);
        let source = Disk::normalize(&folder.path().join(source));
        let drizzle = source.ends_with("drizzle.config.ts").then_some(&source);
        let project =
            DatabaseProject { source: &source, index: 0, drizzle, dialect: Dialect::Postgres, format: Format::Drizzle };
        match environment(&project, url, name) {
            Ok(it) => format!("{} {} {} {}", it.name, it.kind.as_str(), it.address, it.said_by),
            Err(error) => error.0,
        }
    }

    const TOML: (&str, &str) = (
        "driftlens.toml",
        "migrations = \"m\"\n[environments.dev]\nurl = \"postgres://localhost/app\"\n[environments.prod]\nurl = \"postgres://app:${PW_OF_PROD}@db/app\"\nkind = \"production\"\n",
    );

    #[test]
    fn what_is_said_comes_first() {
        let at = "postgres://db.example.org/x";
        assert_eq!(check(&[TOML], "driftlens.toml", Some(at), None), format!("default shared {at} --url"));
        assert_eq!(
            check(&[TOML], "driftlens.toml", Some(at), Some("prod")),
            format!("prod production {at} --url"),
            "a name that is declared keeps its kind"
        );
    }

    #[test]
    fn declared_environments_are_told_by_name() {
        assert_eq!(
            check(&[TOML], "driftlens.toml", None, None),
            "dev development postgres://localhost/app [environments.dev] in driftlens.toml"
        );
        let env = (".env", "PW_OF_PROD=hush");
        let prod = check(&[TOML, env], "driftlens.toml", None, Some("prod"));
        assert_eq!(prod, "prod production postgres://app@db/app [environments.prod] in driftlens.toml");
        let prod = check(&[TOML], "driftlens.toml", None, Some("prod"));
        assert_eq!(prod, "the environment `prod` takes its address from PW_OF_PROD, which is not set");
        let none = check(&[TOML], "driftlens.toml", None, Some("staging"));
        assert_eq!(none, "there is no environment `staging`; driftlens.toml declares dev, prod");
    }

    #[test]
    fn credentials_of_drizzle_are_taken_with_their_variables() {
        let config = |credentials: &str| {
            format!("export default {{ dialect: 'postgresql', schema: './s.ts', dbCredentials: {credentials} }};\n")
        };
        let by_url = config("{ url: process.env.URL_OF_APP! }");
        let env = (".env.local", "URL_OF_APP=postgres://me:pw@127.0.0.1:5433/app\n");
        assert_eq!(
            check(&[("drizzle.config.ts", &by_url), env], "drizzle.config.ts", None, None),
            "default development postgres://me@127.0.0.1:5433/app dbCredentials in drizzle.config.ts"
        );
        let unset = check(&[("drizzle.config.ts", &by_url)], "drizzle.config.ts", None, None);
        assert!(unset.contains("the variable it is taken from is not set") && unset.contains("say --url"), "{unset}");
        let parts = config("{ host: 'db', port: 6432, user: 'me', password: 'pw', database: 'app', ssl: true }");
        assert_eq!(
            check(&[("drizzle.config.ts", &parts)], "drizzle.config.ts", None, None),
            "default shared postgres://me@db:6432/app dbCredentials in drizzle.config.ts"
        );
        let none = check(&[("drizzle.config.ts", &config("undefined"))], "drizzle.config.ts", None, Some("prod"));
        assert_eq!(none, "there is no environment `prod`: driftlens.toml declares none");
    }
}
