//! The column builders as a person chooses among them: each with its SQL type and the options that change it.

use schema::Dialect;

use super::entities::column_builder_names;

/// A function that makes a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnBuilderInfo {
    pub name: &'static str,
    /// As `getSQLType()` prints it without options.
    pub sql_type: &'static str,
    /// The type with its modifiers in brackets; the same as `sql_type` where it has none.
    pub signature: &'static str,
    /// What the configuration object may hold of it, as TypeScript; empty where nothing changes the type.
    pub options: &'static str,
}

/// Every column builder of a dialect's core, in drizzle-orm's order.
pub fn column_builders(dialect: Dialect) -> impl Iterator<Item = ColumnBuilderInfo> {
    column_builder_names(dialect).iter().map(move |name| info(dialect, name))
}

/// The column builder of this name.
pub fn column_builder(dialect: Dialect, name: &str) -> Option<ColumnBuilderInfo> {
    column_builder_names(dialect).iter().find(|it| **it == name).map(|name| info(dialect, name))
}

fn info(dialect: Dialect, name: &'static str) -> ColumnBuilderInfo {
    let (sql_type, signature, options) = match (dialect, name) {
        (Dialect::Sqlite, "int") => ("integer", "integer", ""),
        (Dialect::Sqlite, "text") => {
            ("text", "text[(length)]", "{ length?: number, enum?: string[], mode?: 'text' | 'json' }")
        }
        (Dialect::Sqlite, "integer") => {
            ("integer", "integer", "{ mode?: 'number' | 'boolean' | 'timestamp' | 'timestamp_ms' }")
        }
        (Dialect::Sqlite, "blob") => ("blob", "blob", "{ mode?: 'buffer' | 'bigint' | 'json' }"),
        (_, "varchar") => ("varchar", "varchar[(length)]", "{ length?: number, enum?: string[] }"),
        (_, "char") => ("char", "char[(length)]", "{ length?: number, enum?: string[] }"),
        (Dialect::Postgres, "text") => ("text", "text", "{ enum?: string[] }"),
        (Dialect::Postgres, "numeric" | "decimal") => {
            ("numeric", "numeric[(precision[, scale])]", "{ precision?: number, scale?: number }")
        }
        (_, "bigint" | "bigserial") => (name, name, "{ mode: 'number' | 'bigint' }"),
        (_, "doublePrecision") => ("double precision", "double precision", ""),
        (_, "time") => ("time", "time[(precision)] [with time zone]", "{ precision?: number, withTimezone?: boolean }"),
        (_, "timestamp") => (
            "timestamp",
            "timestamp[(precision)] [with time zone]",
            "{ precision?: number, withTimezone?: boolean, mode?: 'date' | 'string' }",
        ),
        (_, "date") => ("date", "date", "{ mode?: 'date' | 'string' }"),
        (_, "interval") => ("interval", "interval [fields][(precision)]", "{ fields?: string, precision?: number }"),
        (_, "geometry") => ("geometry(point)", "geometry(point[, srid])", "{ type: 'point', srid?: number }"),
        (_, "bit") => ("bit", "bit(dimensions)", "{ dimensions: number }"),
        (_, "vector") => ("vector", "vector(dimensions)", "{ dimensions: number }"),
        (_, "halfvec") => ("halfvec", "halfvec(dimensions)", "{ dimensions: number }"),
        (_, "sparsevec") => ("sparsevec", "sparsevec(dimensions)", "{ dimensions: number }"),
        _ => (name, name, ""),
    };
    ColumnBuilderInfo { name, sql_type, signature, options }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drizzle::Reader;
    use source::{FilePath, MemoryFiles};
    use std::path::Path;
    use std::sync::Arc;

    #[test]
    fn every_builder_has_the_type_that_its_column_gets() {
        for (dialect, package, table) in
            [(Dialect::Postgres, "pg-core", "pgTable"), (Dialect::Sqlite, "sqlite-core", "sqliteTable")]
        {
            let columns: String = column_builders(dialect).map(|it| format!("{0}: c.{0}(),\n", it.name)).collect();
            let word = dialect.as_str();
            let text = format!(
                "//- /p/drizzle.config.ts\nexport default {{ dialect: '{word}', schema: './schema.ts', out: './out' }};\n\
                 //- /p/schema.ts\nimport * as c from 'drizzle-orm/{package}';\n\
                 export const t = c.{table}('t', {{ {columns} }});\n"
            );
            let files = MemoryFiles::new(&text);
            let mut reader = Reader::new();
            let config: FilePath = Arc::from(Path::new("/p/drizzle.config.ts"));
            let config = reader.read_config(&config, &files).config.unwrap();
            let desired = reader.read_schema(&config, &files);
            let table = desired.schema.tables.values().next().unwrap();
            for builder in column_builders(dialect) {
                let column = table.columns.get(builder.name).unwrap();
                assert_eq!(column.sql_type.text, builder.sql_type, "{}", builder.name);
            }
        }
    }
}
