//! One connection: SQL as a migration tool sends it, and the catalog after it.

use database::{Access, Connection, Error, Settled, connect};
use schema::{ObjectKind, Schema};

use super::Server;

pub struct Session {
    connection: Connection,
    /// Those that were there before: they are no part of what a text makes.
    roles: Vec<String>,
}

impl Session {
    /// A session in a database of that name; roles that exist now are left out of what is read.
    pub async fn new(server: &Server, database: &str) -> Session {
        let mut connection = connect(&server.address(database), Access::Write).await.unwrap();
        let roles = connection.rows("SELECT rolname::text FROM pg_roles").await.unwrap();
        let roles = roles.into_iter().flatten().flatten().collect();
        Session { connection, roles }
    }

    /// Runs a text of any number of statements, as one message. An error holds the server's words.
    pub async fn run(&mut self, sql: &str) -> Result<(), String> {
        // It changes how an index is built, not which one, and is refused in a transaction.
        let sql = without_concurrently(sql);
        match self.connection.execute(&sql).await {
            Ok(()) => Ok(()),
            Err(Error::Statement(error)) => Err(error.message),
            Err(error) => panic!("the connection is lost: {error}"),
        }
    }

    /// A question with one answer; None where the answer is NULL, where there is none, and where the server refuses it.
    pub async fn ask(&mut self, sql: &str) -> Option<String> {
        self.connection.value(sql).await.ok()?
    }

    /// Replaces, in what was read from the catalog, each expression that means the same as ours by ours. Leaves the session in a
    /// transaction.
    pub(super) async fn settle(&mut self, ours: &Schema, theirs: &mut Schema) -> Settled {
        self.run("BEGIN").await.unwrap();
        self.connection.settle_inside(ours, theirs).await.unwrap()
    }

    /// What the database holds.
    pub async fn read(&mut self) -> Schema {
        let search_path: String = self.ask("SELECT current_setting('search_path')").await.unwrap_or_default();
        self.set_search_path("public").await;
        let json = self.connection.value(dialects::CATALOG_QUERY).await.unwrap().unwrap();
        self.set_search_path(&search_path).await;
        let mut schema = dialects::catalog_schema(&json).unwrap();
        schema.roles.retain(|name, _| !self.roles.contains(name));
        schema.comments.retain(|path, _| path.kind != ObjectKind::Role || !self.roles.contains(&path.name.name));
        schema
    }

    async fn set_search_path(&mut self, path: &str) {
        let path = path.replace('\'', "''");
        self.run(&format!("SELECT set_config('search_path', '{path}', false)")).await.unwrap();
    }
}

fn without_concurrently(sql: &str) -> String {
    let mut rest = sql;
    let mut kept = String::with_capacity(sql.len());
    while let Some(at) = rest.to_ascii_lowercase().find("concurrently") {
        let is_word = rest[..at].ends_with(char::is_whitespace) && rest[at + 12..].starts_with(char::is_whitespace);
        kept.push_str(&rest[..if is_word { at } else { at + 12 }]);
        rest = &rest[at + 12..];
    }
    kept + rest
}
