//! `driftlens migrate` and `push`, killed at 200 moments between their start and their end: the ledger says what the database holds, `status`
//! can tell it, and a second run ends what was begun and repeats nothing.
#![cfg(unix)]

use crate::databases::{block_on, column, drizzle, server, sqlite};
use crate::project::Project;
use serde_json::Value;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// So many projects with a database each are worked on at once: a killed process leaves its core to the next.
const N_WORKERS: usize = 4;
const N_MIGRATIONS: usize = 24;
const N_TABLES: usize = 24;
/// What costs a process more is asked after each so many kills.
const EVERY: usize = 5;
/// Where Drizzle's tables of PostgreSQL and of SQLite come from, and what makes one.
const DRIZZLE: [(&str, &str); 2] = [("pg-core", "pgTable"), ("sqlite-core", "sqliteTable")];

/// A project and the database that it is run on.
struct Ground {
    project: Project,
    /// On the server of the tests; None for the file `app.db`.
    database: Option<String>,
}

impl Ground {
    fn url(&self) -> String {
        match &self.database {
            Some(name) => server().url(name),
            None => String::from("file:./app.db"),
        }
    }

    fn make_anew(&self) {
        match &self.database {
            Some(name) => block_on(server().create_database(name)),
            None => {
                for file in ["app.db", "app.db-journal"] {
                    let _ = std::fs::remove_file(self.project.path(file));
                }
            }
        }
    }

    fn run(&self, arguments: &[&str]) -> String {
        let (code, text) = self.project.run(&[arguments, &["--url", &self.url()]].concat());
        assert_eq!(code, 0, "{arguments:?}: {text}");
        text
    }

    fn status(&self) -> Value {
        serde_json::from_str(&self.run(&["status", "--format", "json"])).unwrap()
    }

    fn count(&self, what: &str) -> usize {
        let question = format!("SELECT CAST(count(*) AS text) FROM {what}");
        let text = match &self.database {
            Some(name) => column(name, &question),
            None => sqlite(&self.project, &question),
        };
        text.parse().unwrap()
    }

    /// How many tables have such a name.
    fn n_tables(&self, pattern: &str) -> usize {
        match &self.database {
            Some(_) => self.count(&format!("pg_tables WHERE tablename LIKE '{pattern}'")),
            None if !self.project.path("app.db").exists() => 0,
            None => self.count(&format!("sqlite_master WHERE type = 'table' AND name LIKE '{pattern}'")),
        }
    }

    /// Of a table that may not be there.
    fn n_rows(&self, schema: &str, table: &str) -> usize {
        let name = if self.database.is_some() { format!("{schema}.{table}") } else { table.to_owned() };
        if self.n_tables(table) == 0 { 0 } else { self.count(&name) }
    }

    /// Runs the command on an empty database and kills it after a while. False where it had ended well before.
    fn is_killed(&self, command: &str, after: Duration) -> bool {
        self.make_anew();
        let mut driftlens = self.project.command(&[command, "--url", &self.url()]);
        let mut child = driftlens.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(after);
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert!(status.success() || status.signal() == Some(9), "{command} failed by itself: {status}");
        self.wait_until_left();
        !status.success()
    }

    /// What the server was told by a process that is gone it still ends.
    fn wait_until_left(&self) {
        let Some(name) = &self.database else { return };
        let theirs = format!("pg_stat_activity WHERE datname = '{name}' AND application_name = 'driftlens'");
        let started = Instant::now();
        while self.count(&theirs) > 0 {
            assert!(started.elapsed() < Duration::from_secs(60), "the server does not see that the process is gone");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Kills the command `n_kills` times, its moments spread evenly over the time that a whole run takes, and looks after each, told which one it
/// is. `look` says whether the process had begun to change the database.
fn kill(
    command: &str,
    n_kills: usize,
    ground: impl Fn(usize) -> Ground + Sync,
    look: impl Fn(&Ground, usize) -> bool + Sync,
) {
    let (next, n_killed, n_begun) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for worker in 0..N_WORKERS {
            let (ground, look, next, n_killed, n_begun) = (&ground, &look, &next, &n_killed, &n_begun);
            scope.spawn(move || {
                let ground = ground(worker);
                ground.make_anew();
                let started = Instant::now();
                ground.run(&[command]);
                let mut whole = started.elapsed();
                loop {
                    let round = next.fetch_add(1, Ordering::Relaxed);
                    if round >= n_kills {
                        break;
                    }
                    let after = whole.mul_f64((round + 1) as f64 / n_kills as f64);
                    let is_killed = ground.is_killed(command, after);
                    let has_begun = look(&ground, round);
                    n_killed.fetch_add(usize::from(is_killed), Ordering::Relaxed);
                    n_begun.fetch_add(usize::from(has_begun), Ordering::Relaxed);
                    // The machine has less to do than when the first run was timed, or more.
                    if !is_killed {
                        whole = whole.mul_f64(0.7);
                    } else if !has_begun && round * 4 > n_kills * 3 {
                        whole = whole.mul_f64(1.2);
                    }
                }
            });
        }
    });
    let (n_killed, n_begun) = (n_killed.into_inner(), n_begun.into_inner());
    println!("{command}: {n_killed} of {n_kills} were killed before their end, {n_begun} had changed the database");
    assert!(n_killed * 3 >= n_kills, "only {n_killed} of {n_kills} were killed before their end");
    assert!(n_begun * 20 >= n_kills, "only {n_begun} of {n_kills} had changed the database");
}

fn kill_migrate(dialect: &str, n_kills: usize) {
    // Each but the first adds a row, so that one that runs twice is seen.
    let mut all = vec![String::from("CREATE TABLE log (n integer);")];
    all.extend(
        (1..N_MIGRATIONS).map(|n| {
            format!("CREATE TABLE t{n} (id integer);\n--> statement-breakpoint\nINSERT INTO log VALUES ({n});")
        }),
    );
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let (imports, function) = DRIZZLE[usize::from(dialect == "sqlite")];
    let log = format!(
        "import {{ {function}, integer }} from 'drizzle-orm/{imports}';\nexport const log = {function}('log', {{ n: integer('n') }});\n"
    );
    let tables =
        (1..N_MIGRATIONS).map(|n| format!("export const t{n} = {function}('t{n}', {{ id: integer('id') }});\n"));
    let schema = tables.fold(log, |schema, table| schema + &table);
    let ground = |worker| {
        let project = drizzle(dialect, &all);
        project.write("schema.ts", &schema);
        Ground { project, database: (dialect == "postgresql").then(|| format!("killed_migrate_{worker}")) }
    };
    kill("migrate", n_kills, ground, |ground, round| {
        let n_applied = ground.n_rows("drizzle", "__drizzle_migrations");
        let n_logged = ground.n_rows("public", "log");
        assert_eq!(n_applied, ground.n_tables("log") + n_logged, "{dialect} {round}: rows of the ledger");
        assert_eq!(ground.n_tables("t%"), n_logged, "{dialect} {round}: tables");
        let status = ground.status();
        let told = |state: &str| status["migrations"][state].as_array().unwrap().len();
        let expected = (n_applied, N_MIGRATIONS - n_applied);
        assert_eq!((told("applied"), told("unapplied")), expected, "{dialect} {round}: {status}");
        // Of a database on which nothing was applied it cannot be told.
        let drift = if n_applied == 0 { Value::Null } else { Value::Array(Vec::new()) };
        assert_eq!(status["drift"], drift, "{dialect} {round}: {status}");

        ground.run(&["migrate"]);
        let once = (ground.count("log"), ground.count("(SELECT DISTINCT n FROM log) AS each_once"));
        assert_eq!(once, (N_MIGRATIONS - 1, N_MIGRATIONS - 1), "{dialect} {round}");
        assert_eq!(ground.n_rows("drizzle", "__drizzle_migrations"), N_MIGRATIONS, "{dialect} {round}");
        if round.is_multiple_of(EVERY) {
            ground.run(&["status", "--check"]);
        }
        n_applied > 0
    });
}

#[test]
fn a_killed_migrate_is_gone_on_with_on_postgresql() {
    kill_migrate("postgresql", 60);
}

#[test]
fn a_killed_migrate_is_gone_on_with_on_sqlite() {
    kill_migrate("sqlite", 60);
}

fn kill_push(dialect: &str, n_kills: usize) {
    let (imports, function) = DRIZZLE[usize::from(dialect == "sqlite")];
    let tables = (0..N_TABLES).map(|n| {
        format!("export const t{n} = {function}('t{n}', {{ id: integer('id').primaryKey(), n: integer('n') }});\n")
    });
    let schema =
        format!("import {{ {function}, integer }} from 'drizzle-orm/{imports}';\n{}", tables.collect::<String>());
    let ground = |worker| Ground {
        project: Project::new(dialect, &schema),
        database: (dialect == "postgresql").then(|| format!("killed_push_{worker}")),
    };
    kill("push", n_kills, ground, |ground, round| {
        let n_tables = ground.n_tables("t%");
        assert!(n_tables == 0 || n_tables == N_TABLES, "{dialect} {round}: {n_tables} tables");
        let status = ground.status();
        let n_steps = status["to_push"].as_array().unwrap().len();
        assert_eq!(n_steps == 0, n_tables == N_TABLES, "{dialect} {round}: {status}");

        ground.run(&["push"]);
        assert_eq!(ground.n_tables("t%"), N_TABLES, "{dialect} {round}");
        if round.is_multiple_of(EVERY) {
            assert!(ground.run(&["push"]).contains("nothing to push"), "{dialect} {round}");
        }
        n_tables > 0
    });
}

#[test]
fn a_killed_push_leaves_all_or_nothing_on_postgresql() {
    kill_push("postgresql", 50);
}

#[test]
fn a_killed_push_leaves_all_or_nothing_on_sqlite() {
    kill_push("sqlite", 30);
}
