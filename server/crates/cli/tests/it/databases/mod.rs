//! Databases of a test's own, and folders of migrations for them.
#![cfg(unix)]

use crate::project::Project;
use sqlx::{Connection as _, Executor as _, Row as _};
use std::sync::OnceLock;
use tests::postgres::{Server, of_the_machine};

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&of_the_machine()))
}

/// A database of its own, and its address.
pub fn database(name: &str) -> String {
    block_on(server().create_database(name));
    server().url(name)
}

pub fn run_sql(name: &str, sql: &str) {
    block_on(async {
        let mut connection = server().connect(name).await;
        connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))).await.unwrap();
    });
}

/// The values of the first column, as text, with commas.
pub fn column(name: &str, question: &str) -> String {
    block_on(async {
        let mut connection = server().connect(name).await;
        let rows = connection.fetch_all(sqlx::raw_sql(sqlx::AssertSqlSafe(question.to_owned()))).await.unwrap();
        rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<String>>().join(",")
    })
}

/// A folder of drizzle-kit 0.x with these migrations, one a second.
pub fn drizzle(dialect: &str, migrations: &[&str]) -> Project {
    let project = Project::new(dialect, "export {};\n");
    std::fs::create_dir_all(project.path("drizzle/meta")).unwrap();
    write_drizzle(&project, dialect, migrations);
    project
}

pub fn write_drizzle(project: &Project, dialect: &str, migrations: &[&str]) {
    let mut entries = Vec::new();
    for (position, sql) in migrations.iter().enumerate() {
        let tag = format!("{position:04}_m{position}");
        project.write(&format!("drizzle/{tag}.sql"), sql);
        let when = 1_700_000_000_000_u64 + position as u64 * 1000;
        entries.push(format!(r#"{{"idx":{position},"version":"7","when":{when},"tag":"{tag}","breakpoints":true}}"#));
    }
    let journal = format!(r#"{{"version":"7","dialect":"{dialect}","entries":[{}]}}"#, entries.join(","));
    project.write("drizzle/meta/_journal.json", &journal);
}

pub fn sqlite(project: &Project, question: &str) -> String {
    block_on(async {
        let url = format!("sqlite://{}", project.path("app.db").display());
        let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
        let rows = connection.fetch_all(sqlx::raw_sql(sqlx::AssertSqlSafe(question.to_owned()))).await.unwrap();
        rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<String>>().join(",")
    })
}
