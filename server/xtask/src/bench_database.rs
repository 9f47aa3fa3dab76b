//! What the database costs: its catalog beside pg_dump, migrating beside psql and drizzle-kit, a reset, a push of nothing, and a hover
//! while it is there, down, and silent.

use crate::bench::{Cost, measure, percentile, print_cost};
use crate::bench_replay;
use crate::install;
use crate::lsp_client::{LspClient, file_uri};
use crate::project::Project;
use crate::sample_project::Size;
use crate::server::Server;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const N_RUNS: usize = 5;
const N_HOVERS: usize = 1_000;
const NAME: &str = "bench";
const CONFIG: &str = "export default { dialect: 'postgresql', schema: './src/*.ts', out: './drizzle', \
    dbCredentials: { url: process.env.DATABASE_URL! } };\n";
/// Of drizzle-kit, without npx around it.
const KIT: [&str; 2] = ["node", "node_modules/drizzle-kit/bin.cjs"];

pub fn run(project: &Project, size: Size, is_kit_measured: bool) -> Result<()> {
    install::postgres(project)?;
    let server = Server::up(project.driftlens("release"), project.cache.join("bench/server"))?;
    println!("\n== {} tables, {} migrations, and a PostgreSQL", size.n_tables, size.n_migrations);
    println!("{:<40} {:>9} {:>9} {:>9}", "", "CPU s", "wall s", "peak MB");
    let bench = Bench { folder: with_database(project, size, &server)?, server: &server, is_kit_measured };
    bench.migrating(&bench.folder.join("drizzle"))?;
    bench.catalog()?;
    bench.pushing()?;
    bench.resetting()?;
    bench.hovers(size)?;
    let (folder, _) = bench_replay::sql_project(project, 3_000)?;
    fs::write(folder.join(".env"), format!("DATABASE_URL={}\n", bench.server.url(NAME)))?;
    println!("\n== 1000 tables, 3000 migrations of plain SQL");
    let bench = Bench { folder, is_kit_measured: false, ..bench };
    bench.migrating(&bench.folder.join("migrations"))?;
    bench.catalog()
}

struct Bench<'a> {
    server: &'a Server,
    folder: PathBuf,
    is_kit_measured: bool,
}

impl Bench<'_> {
    /// The whole folder onto an empty database.
    fn migrating(&self, migrations: &Path) -> Result<()> {
        let script = self.server.folder.join("all.sql");
        fs::write(&script, one_transaction_each(migrations)?)?;
        let (url, script) = (self.server.url(NAME), script.to_string_lossy().into_owned());
        let psql = ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", &url, "-f", &script];
        let (ours, theirs) = self.beside(true, &["migrate", "--yes"], "psql, a transaction a file", &psql)?;
        ratio("driftlens migrate / psql", &ours, &theirs);
        if self.is_kit_measured {
            let kit = self.median("drizzle-kit migrate", 1, true, &[KIT[0], KIT[1], "migrate"])?;
            ratio("drizzle-kit migrate / driftlens", &kit, &ours);
            self.driftlens(1, true, &["migrate", "--yes"])?;
        }
        self.driftlens(1, false, &["status", "--check"]).map(drop)
    }

    /// What a database holds, read whole, in a folder that has nothing else to read.
    fn catalog(&self) -> Result<()> {
        let url = self.server.url(NAME);
        let dump = ["pg_dump", "--schema-only", "-d", &url];
        let inspect = ["inspect", "live", "--format", "json", "--url", &url];
        let bare = Bench { folder: self.server.folder.clone(), ..*self };
        let (ours, theirs) = bare.beside(false, &inspect, "pg_dump", &dump)?;
        ensure!(ours.output.contains("\"tables\""), "no catalog was read:\n{}", ours.output);
        ratio("inspect live / pg_dump", &ours, &theirs);
        Ok(())
    }

    fn pushing(&self) -> Result<()> {
        let ours = self.driftlens(N_RUNS, false, &["push"])?;
        ensure!(ours.output.contains("nothing to push"), "there is something to push:\n{}", ours.output);
        if self.is_kit_measured {
            let kit = self.median("drizzle-kit push", 1, false, &[KIT[0], KIT[1], "push"])?;
            ensure!(kit.output.contains("No changes"), "drizzle-kit finds changes:\n{}", kit.output);
            ratio("drizzle-kit push / driftlens", &kit, &ours);
        }
        Ok(())
    }

    fn resetting(&self) -> Result<()> {
        self.driftlens(N_RUNS, false, &["reset", "--confirm"])?;
        self.driftlens(1, false, &["status", "--check"]).map(drop)
    }

    fn driftlens(&self, n_runs: usize, is_fresh: bool, arguments: &[&str]) -> Result<Cost> {
        let binary = self.server.binary.to_string_lossy();
        let words: Vec<&str> = std::iter::once(&*binary).chain(arguments.iter().copied()).collect();
        self.median(&format!("driftlens {}", arguments.join(" ")), n_runs, is_fresh, &words)
    }

    /// Ours and somebody else's in turn: whatever else the machine is at slows both.
    fn beside(&self, is_fresh: bool, ours: &[&str], name: &str, theirs: &[&str]) -> Result<(Cost, Cost)> {
        let shown = ours.iter().filter(|word| !word.contains("://") && **word != "--url");
        let what = format!("driftlens {}", shown.copied().collect::<Vec<_>>().join(" "));
        let binary = self.server.binary.to_string_lossy();
        let words: Vec<&str> = std::iter::once(&*binary).chain(ours.iter().copied()).collect();
        let (mut of_ours, mut of_theirs) = (Vec::new(), Vec::new());
        for _ in 0..N_RUNS {
            of_theirs.push(self.one(is_fresh, theirs)?);
            of_ours.push(self.one(is_fresh, &words)?);
        }
        let (ours, theirs) = (Cost::median(&of_ours), Cost::median(&of_theirs));
        print_cost(&format!("{name} ({N_RUNS})"), &theirs);
        print_cost(&format!("{what} ({N_RUNS})"), &ours);
        Ok((ours, theirs))
    }

    fn median(&self, what: &str, n_runs: usize, is_fresh: bool, words: &[&str]) -> Result<Cost> {
        let costs = (0..n_runs).map(|_| self.one(is_fresh, words)).collect::<Result<Vec<Cost>>>()?;
        let median = Cost::median(&costs);
        print_cost(&format!("{what} ({n_runs})"), &median);
        Ok(median)
    }

    /// One run, on an empty database where it is to be fresh.
    fn one(&self, is_fresh: bool, words: &[&str]) -> Result<Cost> {
        if is_fresh {
            self.server.make_anew(NAME)?;
        }
        measure(&self.folder, words)
    }

    /// A hover on a column in the middle of the project, in three states of its database.
    fn hovers(&self, size: Size) -> Result<()> {
        println!("{:<40} {:>9} {:>9}", "", "p50 ms", "p99 ms");
        let env = self.folder.join(".env");
        let silent = TcpListener::bind("127.0.0.1:0")?;
        // Nobody listens where somebody has just stopped to.
        let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        for (state, url, said) in [
            ("up", self.server.url(NAME), "- type: `"),
            ("down", format!("postgres://me@{closed}/{NAME}"), "next try in"),
            ("hanging", format!("postgres://me@{}/{NAME}", silent.local_addr()?), "connecting"),
        ] {
            fs::write(&env, format!("DATABASE_URL={url}\n"))?;
            let times = self.hover_times(&size.middle_file(), said)?;
            let ms = |percent| percentile(times.iter().map(|time| time.as_secs_f64() * 1_000.0).collect(), percent);
            println!("{:<40} {:>9.2} {:>9.2}", format!("hover, the database {state} ({N_HOVERS})"), ms(50), ms(99));
        }
        Ok(fs::write(env, format!("DATABASE_URL={}\n", self.server.url(NAME)))?)
    }

    /// How long each of many takes, from the moment at which it says this of the database.
    fn hover_times(&self, file: &str, said: &str) -> Result<Vec<Duration>> {
        let file = self.folder.join(file);
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let line = text.lines().position(|line| line.starts_with("  status:")).context("no column to hover")?;
        // What was kept of the database by a run before must not be shown in its place.
        let state = self.server.folder.join("state");
        let _ = fs::remove_dir_all(&state);
        let mut command = Command::new(&self.server.binary);
        command.arg("lsp").current_dir(&self.folder).env("DRIFTLENS_STATE", state);
        let mut client = LspClient::start(&mut command, &self.folder)?;
        let uri = file_uri(&file);
        let document = json!({ "uri": uri, "languageId": "typescript", "version": 1, "text": text });
        client.notify("textDocument/didOpen", json!({ "textDocument": document }))?;
        let params = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": 3 } });
        let mut times = Vec::new();
        let started = Instant::now();
        while times.len() < N_HOVERS {
            let asked = Instant::now();
            let answer = client.request("textDocument/hover", params.clone())?;
            let took = asked.elapsed();
            let shown = answer.pointer("/contents/value").and_then(Value::as_str).unwrap_or_default();
            if shown.contains(said) {
                times.push(took);
            } else if started.elapsed() > Duration::from_secs(30) {
                bail!("the hover does not say {said:?}:\n{shown}");
            } else {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        client.stop()?;
        Ok(times)
    }
}

fn ratio(what: &str, above: &Cost, below: &Cost) {
    println!("{what:<40} {:>8.2}× {:>8.2}×", above.cpu_s / below.cpu_s, above.wall_s / below.wall_s);
}

/// A copy of the project that knows its database.
fn with_database(project: &Project, size: Size, server: &Server) -> Result<PathBuf> {
    let original = size.project(project)?;
    let folder = bench_replay::copied(project, &original, "with-database", &|_| true)?;
    let modules = folder.join("node_modules");
    if !modules.exists() {
        std::os::unix::fs::symlink(fs::canonicalize(original.join("node_modules"))?, &modules)?;
    }
    fs::write(folder.join("drizzle.config.ts"), CONFIG)?;
    fs::write(folder.join(".env"), format!("DATABASE_URL={}\n", server.url(NAME)))?;
    Ok(folder)
}

/// The files in their order, for psql.
fn one_transaction_each(migrations: &Path) -> Result<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(migrations).with_context(|| format!("{} cannot be read", migrations.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            files.push(path);
        }
    }
    files.sort();
    ensure!(!files.is_empty(), "{} has no migrations", migrations.display());
    Ok(files.iter().map(|file| format!("BEGIN;\n\\i '{}'\nCOMMIT;\n", file.display())).collect())
}
