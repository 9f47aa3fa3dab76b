//! Empties a database of what a project is about.

use dialects::postgres::statements::literal;
use schema::Dialect;

use crate::connection::Connection;
use crate::error::Error;
use crate::ledger::Ledger;

impl Connection {
    /// Drops everything in these namespaces, and the ledger. Extensions that stood in them and the rights on the namespaces are there again
    /// afterwards. Within a transaction of the caller's; on SQLite, where there are no namespaces, with foreign keys off.
    pub async fn empty(&mut self, namespaces: &[String], ledger: &Ledger) -> Result<(), Error> {
        match self.dialect() {
            Dialect::Postgres => self.empty_postgres(namespaces, ledger).await,
            Dialect::Sqlite => self.empty_sqlite().await,
        }
    }

    async fn empty_postgres(&mut self, namespaces: &[String], ledger: &Ledger) -> Result<(), Error> {
        let names: Vec<String> = namespaces.iter().map(|name| literal(name)).collect();
        let of_these = format!("nspname = ANY (ARRAY[{}]::text[])", names.join(", "));
        let extensions = self
            .rows(&format!(
                "SELECT extname::text, nspname::text FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE {of_these} ORDER BY pg_extension.oid"
            ))
            .await?;
        let rights = self
            .rows(&format!(
                "SELECT nspname::text, CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, privilege_type \
                 FROM pg_namespace, aclexplode(nspacl) WHERE {of_these} AND grantee <> nspowner"
            ))
            .await?;
        let owners = self
            .rows(&format!(
                "SELECT nspname::text, nspowner::regrole::text, obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE {of_these}"
            ))
            .await?;
        let identifier = |name: &str| dialects::quote_identifier(Dialect::Postgres, name);
        let mut statements = Vec::new();
        for namespace in namespaces {
            statements.push(format!("DROP SCHEMA IF EXISTS {} CASCADE", identifier(namespace)));
        }
        // A ledger in a namespace of its own, or among what is gone already.
        statements.push(format!("DROP TABLE IF EXISTS {}", dialects::quoted_name(Dialect::Postgres, ledger.table())));
        for row in &owners {
            let [Some(name), Some(owner), comment] = row.as_slice() else { continue };
            // Others are made by whoever needs them; this one everybody takes to be there.
            if name != "public" {
                continue;
            }
            statements.push(format!("CREATE SCHEMA {}", identifier(name)));
            if let Some(comment) = comment {
                statements.push(format!("COMMENT ON SCHEMA {} IS {}", identifier(name), literal(comment)));
            }
            for right in rights.iter().filter(|right| right.first().and_then(Option::as_ref) == Some(name)) {
                if let [_, Some(grantee), Some(privilege)] = right.as_slice() {
                    statements.push(format!("GRANT {privilege} ON SCHEMA {} TO {grantee}", identifier(name)));
                }
            }
            statements.push(format!("ALTER SCHEMA {} OWNER TO {owner}", identifier(name)));
        }
        for row in &extensions {
            if let [Some(name), Some(namespace)] = row.as_slice() {
                statements.push(format!("CREATE SCHEMA IF NOT EXISTS {}", identifier(namespace)));
                statements.push(format!("CREATE EXTENSION {} SCHEMA {}", identifier(name), identifier(namespace)));
            }
        }
        self.execute(&statements.join("; ")).await
    }

    async fn empty_sqlite(&mut self) -> Result<(), Error> {
        // Views and triggers first: dropping a table runs them.
        let question = "SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'view', 'trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
                        ORDER BY type <> 'trigger', type <> 'view'";
        for row in self.rows(question).await? {
            if let [Some(kind), Some(name)] = row.as_slice() {
                // The tables of a virtual table go with it.
                let name = dialects::quote_identifier(Dialect::Sqlite, name);
                self.execute(&format!("DROP {kind} IF EXISTS {name}")).await?;
            }
        }
        Ok(())
    }
}
