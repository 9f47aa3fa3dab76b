//! What may stand in a `driftlens.toml`. The reading, the JSON schema and the manual's table come from these types.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schema::Dialect;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use source::Span;

/// A value and its place in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    pub value: T,
    pub span: Span,
}

/// One project: its schema files and its migrations folder. Paths are relative to the folder of this file.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectKeys {
    /// What the project is called where several are told apart; its migrations folder where it has no name.
    pub name: Option<Placed<String>>,
    /// The database. Needed only where the migrations do not tell it; with `drizzle` it comes from there.
    pub dialect: Option<Placed<DialectWord>>,
    /// The SQL files that say what the schema should be: a file, a folder, a pattern such as `db/schemas/*.sql`, or a list of
    /// them in the order in which they are run. Without `schema` and `drizzle` the migrations alone are checked.
    pub schema: Option<Placed<SchemaPaths>>,
    /// In place of `schema`: the configuration of drizzle-kit that names the schema files.
    pub drizzle: Option<Placed<String>>,
    /// The migrations folder. Needed but with `drizzle`, where it replaces the `out` of that configuration.
    pub migrations: Option<Placed<String>>,
    /// The tool whose migrations these are. Needed only where the folder's files do not tell it.
    pub format: Option<Placed<FolderFormat>>,
    /// The databases that the project is run on, by name: `[environments.production]`.
    pub environments: Option<BTreeMap<String, EnvironmentKeys>>,
}

/// One database of a project.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentKeys {
    /// Where it is: `postgres://…`, or the path or `file:` URL of a SQLite file. `${NAME}` is taken from the environment or the
    /// project's `.env` files. No password belongs into this file.
    pub url: Placed<String>,
    /// What may be done to it. Where it is not said, a database on this machine is for development, and any other is shared.
    pub kind: Option<Placed<EnvironmentKind>>,
    /// A command for the shell that fills the database after `driftlens reset`. It is run in the folder of this file, with
    /// `DATABASE_URL`.
    pub seed: Option<Placed<String>>,
}

/// What may be done to a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EnvironmentKind {
    /// one's own: push is allowed
    Development,
    /// used by others: changed by migrations only
    Shared,
    /// changed by migrations only
    Production,
}

impl EnvironmentKind {
    pub fn as_str(self) -> &'static str {
        match self {
            EnvironmentKind::Development => "development",
            EnvironmentKind::Shared => "shared",
            EnvironmentKind::Production => "production",
        }
    }
}

/// The whole file: one project at the top level, or several of them in `[[project]]`.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "driftlens.toml")]
pub struct FileKeys {
    /// The projects, where there are several. No other key may then stand at the top level.
    pub project: Option<Vec<ProjectKeys>>,
    #[serde(flatten)]
    pub single: ProjectKeys,
}

/// The name of the array of projects.
pub const PROJECT: &str = "project";

/// The keys of a project; a test holds them against `ProjectKeys`.
pub const KEYS: [&str; 7] = ["name", "dialect", "schema", "drizzle", "migrations", "format", "environments"];

/// The database that the SQL is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DialectWord {
    Postgresql,
    Sqlite,
}

impl DialectWord {
    pub fn dialect(self) -> Dialect {
        match self {
            DialectWord::Postgresql => Dialect::Postgres,
            DialectWord::Sqlite => Dialect::Sqlite,
        }
    }
}

/// The tool that a migrations folder is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FolderFormat {
    /// drizzle-kit 0.x: `meta/_journal.json`, one `.sql` file for each migration, snapshots
    Drizzle,
    /// drizzle-kit 1.0: a folder with `migration.sql` and `snapshot.json` for each migration
    #[serde(rename = "drizzle-1")]
    Drizzle1,
    /// `VERSION_NAME.sql` or `VERSION_NAME.up.sql`, run by sqlx
    Sqlx,
    /// `VERSION_NAME/up.sql`
    Diesel,
    /// numbered `.sql` files in the order of their names
    Plain,
    /// `VERSION_NAME.sql` with `-- migrate:up`
    Dbmate,
    /// `VERSION_NAME.up.sql`, run by golang-migrate
    GolangMigrate,
    /// `VERSION_NAME.sql` with `-- +goose Up`
    Goose,
    /// `TIMESTAMP_NAME.sql` in `supabase/migrations`
    Supabase,
    /// `V1__NAME.sql`
    Flyway,
    /// `TIMESTAMP_NAME/migration.sql`
    Prisma,
}

/// `schema`: one path or a list of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaPaths(pub Vec<Placed<String>>);

impl<T: JsonSchema> JsonSchema for Placed<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl JsonSchema for SchemaPaths {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("SchemaPaths")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                { "type": "string" },
                { "type": "array", "items": { "type": "string" }, "minItems": 1 },
            ],
        })
    }
}

/// The words a key takes, as the JSON schema has them, each with its text.
pub(super) fn words<T: JsonSchema>() -> Vec<(String, String)> {
    let schema = schemars::schema_for!(T).to_value();
    let text =
        |value: Option<&serde_json::Value>| value.and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let listed = schema.get("enum").and_then(|list| list.as_array()).into_iter().flatten();
    let described = schema.get("oneOf").and_then(|list| list.as_array()).into_iter().flatten();
    listed
        .map(|word| (text(Some(word)), String::new()))
        .chain(described.map(|choice| (text(choice.get("const")), text(choice.get("description")))))
        .collect()
}

#[cfg(test)]
mod tests;
