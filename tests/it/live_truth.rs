//! The truth of the comparison between schema files and a database: what was applied and read back needs no step.
//!
//! The texts are those of sqldef's cases, where this machine has them, of our plan specs, and of the replayed scripts. Each is read as a
//! schema file is, run, read back through the product's own catalog, and planned for as `driftlens push` does.

use std::path::Path;

use analysis::{Compared, Comparison, RenameAnswers, compare, desired_as_live};
use database::{Access, Address, Connection, Filter, connect};
use languages::sql::read_schema;
use schema::{Dialect, Schema};
use source::{FilePath, MemoryFiles, Severity};
use tests::plan_specs;
use tests::sqldef;

/// Of sqldef's cases that are sound, in percent.
const MIN_OF_SQLDEF: f64 = 98.0;

/// Scripts after which something is left, and why. Everything else has to come out equal.
const KNOWN: [(&str, &str); 4] = [
    (
        "sqlite/renames.sql",
        "what a view reads is renamed after the view was made, so the view's text names what is gone",
    ),
    ("postgres/renames.sql", "as above"),
    ("postgres/grants.sql", "as above"),
    ("postgres/set_schema.sql", "as above: a table is moved"),
];

#[derive(Default)]
struct Tally {
    n_equal: usize,
    /// Texts that the database does not take, or of which the reader does not know everything.
    n_not_sound: usize,
    failed: Vec<String>,
}

impl Tally {
    fn percent(&self) -> f64 {
        100.0 * self.n_equal as f64 / (self.n_equal + self.failed.len()).max(1) as f64
    }

    /// What failed beside what is known.
    fn unlisted(&self) -> Vec<&String> {
        self.failed.iter().filter(|failure| reason(failure).is_none()).collect()
    }

    fn report(&self, what: &str) {
        for failure in &self.failed {
            println!("--- {failure}{}", reason(failure).map(|it| format!("\n(known: {it})")).unwrap_or_default());
        }
        println!(
            "{what}: of {} texts that were applied and read back nothing is left to push ({:.1} %), of {} something is; {} are not sound",
            self.n_equal,
            self.percent(),
            self.failed.len(),
            self.n_not_sound
        );
    }
}

/// Why something is known to be left.
fn reason(failure: &str) -> Option<&'static str> {
    let name = failure.lines().next().unwrap_or_default();
    KNOWN.iter().find(|(script, _)| name.ends_with(script)).map(|(_, reason)| *reason)
}

fn desired(dialect: Dialect, text: &str) -> Option<Schema> {
    let path = FilePath::from(Path::new("/schema.sql"));
    let mut files = MemoryFiles::new("");
    files.set(&path, text);
    let read = read_schema(dialect, std::slice::from_ref(&path), &files);
    let is_sound = read.diagnostics.iter().all(|finding| finding.severity == Severity::Information)
        && read.unknown.is_empty()
        && read.schema.unknown.is_empty();
    is_sound.then_some(read.schema)
}

/// The steps that are left; an error where there is more to say.
fn left(live: Schema, desired: Schema) -> Result<(), String> {
    let from = Compared { schema: live, is_drizzle: false, is_live: true };
    let to = Compared { schema: desired, is_drizzle: false, is_live: false };
    match compare(&from, &to, &RenameAnswers { nothing_else: true, ..RenameAnswers::default() }) {
        Comparison::Plan(plan) => {
            let steps = plan.steps.iter().map(|step| step.sql.clone());
            let obstacles = plan.obstacles.iter().map(|it| format!("{}: {}", it.object, it.reason));
            let left: Vec<String> = steps.chain(obstacles).collect();
            if left.is_empty() { Ok(()) } else { Err(left.join("\n")) }
        }
        other => Err(format!("{other:?}")),
    }
}

/// The catalog beside what was applied. On PostgreSQL within the transaction in which it was.
async fn compared(connection: &mut Connection, desired: &Schema) -> Result<(), String> {
    let mut live = connection.catalog().await.map_err(|error| error.to_string())?.schema;
    let filter = Filter { declared_roles: desired.roles.keys().cloned().collect(), ..Filter::default() };
    filter.apply(&mut live);
    if connection.dialect() == Dialect::Postgres {
        let ours = desired_as_live(desired, &live);
        let settled = connection.settle_inside(&ours, &mut live).await.map_err(|error| error.to_string())?;
        assert!(settled.unproved.is_empty(), "{:?}", settled.unproved);
    }
    left(live, desired.clone())
}

async fn check_on_sqlite(name: &str, text: &str, tally: &mut Tally) {
    let mut connection = connect(&Address::in_memory(), Access::Write).await.unwrap();
    let Some(desired) = desired(Dialect::Sqlite, text) else {
        tally.n_not_sound += 1;
        return;
    };
    if connection.execute(text).await.is_err() {
        tally.n_not_sound += 1;
        return;
    }
    match compared(&mut connection, &desired).await {
        Ok(()) => tally.n_equal += 1,
        Err(failure) => tally.failed.push(format!("{name}\n{failure}")),
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Name and text of both sides of each spec, and of each script.
fn our_texts(database: &str) -> Vec<(String, String)> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for case in plan_specs::read_folder(&tests.join("specs/plan").join(database)) {
        for side in ["sql before", "sql after"] {
            let text = case.fence(side).unwrap_or_default();
            texts.push((format!("{}, {side}", case.full_name()), text.to_owned()));
        }
    }
    let mut scripts: Vec<_> = std::fs::read_dir(tests.join("replay").join(database)).unwrap().flatten().collect();
    scripts.sort_by_key(std::fs::DirEntry::path);
    for script in scripts {
        texts.push((script.path().display().to_string(), std::fs::read_to_string(script.path()).unwrap()));
    }
    assert!(texts.len() > 50, "only {} texts", texts.len());
    texts
}

#[test]
fn what_sqlite_took_needs_no_step() {
    let tally = block_on(async {
        let mut tally = Tally::default();
        for (name, text) in our_texts("sqlite") {
            check_on_sqlite(&name, &text, &mut tally).await;
        }
        tally
    });
    tally.report("SQLite, our specs and scripts");
    assert!(tally.unlisted().is_empty(), "{:#?}", tally.unlisted());
    assert_eq!(tally.failed.len(), 1, "what is listed as known has to fail");
    let Some(cases) = sqldef::cases("sqldef_sqlite.json") else { return };
    let tally = block_on(async {
        let mut tally = Tally::default();
        for case in &cases {
            check_on_sqlite(&case.full_name(), &case.desired, &mut tally).await;
        }
        tally
    });
    tally.report("SQLite, sqldef");
    assert!(tally.percent() >= MIN_OF_SQLDEF, "only {:.1} %", tally.percent());
}

#[cfg(unix)]
mod on_postgres {
    use super::{Dialect, MIN_OF_SQLDEF, Tally, block_on, compared, desired, our_texts};
    use database::{Access, Connection, connect};
    use tests::postgres::{Server, of_the_machine};
    use tests::sqldef::{self, ROLES};

    async fn check(connection: &mut Connection, name: &str, text: &str, tally: &mut Tally) {
        let Some(desired) = desired(Dialect::Postgres, text) else {
            tally.n_not_sound += 1;
            return;
        };
        // It changes how an index is built, not which one, and is refused in a transaction.
        let text = text.replace("CONCURRENTLY ", "").replace("concurrently ", "");
        connection.execute("BEGIN").await.unwrap();
        match connection.execute(&text).await {
            Err(_) => tally.n_not_sound += 1,
            Ok(()) => match compared(connection, &desired).await {
                Ok(()) => tally.n_equal += 1,
                Err(failure) => tally.failed.push(format!("{name}\n{failure}")),
            },
        }
        connection.execute("ROLLBACK").await.unwrap();
        connection.execute("RESET search_path").await.unwrap();
    }

    #[test]
    fn what_postgresql_took_needs_no_step() {
        let (ours, theirs) = block_on(async {
            let server = Server::start(&of_the_machine());
            server.create_database("truth").await;
            let mut connection = connect(&server.address("truth"), Access::Write).await.unwrap();
            for role in ROLES {
                connection.execute(&format!("CREATE ROLE \"{role}\"")).await.unwrap();
            }
            let (mut ours, mut theirs) = (Tally::default(), Tally::default());
            for (name, text) in our_texts("postgres") {
                check(&mut connection, &name, &text, &mut ours).await;
            }
            let cases = sqldef::cases("sqldef_pg.json").unwrap_or_default();
            for case in cases.iter().filter(|case| case.runs_on(server.major) && case.flags.user.is_none()) {
                check(&mut connection, &case.full_name(), &case.desired, &mut theirs).await;
            }
            (ours, theirs)
        });
        ours.report("PostgreSQL, our specs and scripts");
        theirs.report("PostgreSQL, sqldef");
        assert!(ours.unlisted().is_empty(), "{:#?}", ours.unlisted());
        assert_eq!(ours.failed.len(), 3, "what is listed as known has to fail");
        assert!(theirs.n_equal == 0 || theirs.percent() >= MIN_OF_SQLDEF, "only {:.1} %", theirs.percent());
    }
}
