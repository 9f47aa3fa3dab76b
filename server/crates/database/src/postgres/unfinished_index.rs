//! What CREATE INDEX CONCURRENTLY leaves where it does not end well: no index, which takes the name of one.

use dialects::postgres::statements::literal;
use schema::Dialect;

use crate::connection::Connection;

impl Connection {
    /// Drops what an attempt to run this statement left, if that is what it is.
    pub(crate) async fn drop_unfinished_index(&mut self, sql: &str) {
        let Some(name) = built_concurrently(sql).filter(|_| self.dialect() == Dialect::Postgres) else { return };
        let question = format!(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND c.relname = {} AND pg_table_is_visible(i.indrelid)",
            literal(&name)
        );
        if let Ok(Some(index)) = self.value(&question).await {
            let _ = self.execute(&format!("DROP INDEX {index}")).await;
        }
    }
}

/// The name of the index that the statement makes in that way.
fn built_concurrently(sql: &str) -> Option<String> {
    let lower = sql.to_ascii_lowercase();
    let is_index = lower
        .trim_start()
        .strip_prefix("create")?
        .trim_start()
        .trim_start_matches("unique")
        .trim_start()
        .starts_with("index");
    let at = lower.find("concurrently").filter(|_| is_index)?;
    let mut rest = sql.get(at + "concurrently".len()..)?.trim_start();
    for word in ["if", "not", "exists"] {
        let head = rest.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word));
        match head.and_then(|_| rest.get(word.len()..)).filter(|after| after.starts_with(char::is_whitespace)) {
            Some(after) => rest = after.trim_start(),
            None => break,
        }
    }
    match rest.strip_prefix('"') {
        Some(quoted) => {
            let end = quoted.replace("\"\"", "\u{0}\u{0}").find('"')?;
            Some(quoted.get(..end)?.replace("\"\"", "\""))
        }
        None => {
            let name = rest.split(|it: char| !(it.is_alphanumeric() || it == '_' || it == '$')).next()?;
            Some(name.to_lowercase()).filter(|name| !name.is_empty() && name != "on")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::built_concurrently;

    #[test]
    fn the_name_is_read_as_the_server_reads_it() {
        let name = |sql: &str| built_concurrently(sql).unwrap_or_default();
        assert_eq!(name("CREATE INDEX CONCURRENTLY By_Name ON t (a)"), "by_name");
        assert_eq!(name("create unique index concurrently if not exists \"A \"\"b\"\"\" on t (a)"), "A \"b\"");
        assert_eq!(name("CREATE INDEX CONCURRENTLY ON t (a)"), "");
        assert_eq!(name("CREATE INDEX plain ON t (a)"), "");
        assert_eq!(name("REINDEX INDEX CONCURRENTLY x"), "");
    }
}
