//! `cargo xtask bench`: what a check costs beside drizzle-kit, and how long a keystroke waits for its diagnostics.
//!
//! It measures the release build on generated projects in which nothing is pending, and fails where an answer is wrong:
//! a fast wrong answer is not a measurement.

use crate::arguments::Arguments;
use crate::lsp_client::{LspClient, file_uri};
use crate::project::{Project, cargo};
use crate::run::run as run_command;
use crate::sample_project::SIZES;
#[cfg(unix)]
use crate::{bench_database, sample_project};
use crate::{bench_editors, bench_replay};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

const N_CHECKS: usize = 5;
const N_STARTS: usize = 3;
const N_EDITS: usize = 50;
/// The server waits this long after the last keystroke before it looks.
const COALESCING: Duration = Duration::from_millis(50);

/// Runs a command to its end; prints its exit code, times in seconds, peak memory in bytes and output.
const MEASURE: &str = r#"
import json, resource, subprocess, sys, time
# A `python3` that is a script has had children of its own.
before = resource.getrusage(resource.RUSAGE_CHILDREN)
started = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
wall = time.perf_counter() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps({
    "code": done.returncode, "wall": wall, "peak": used.ru_maxrss * unit,
    "cpu": used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime,
    "output": done.stdout.decode(errors="replace"),
}))
"#;

/// What one run of a command cost, the processes it started included.
pub(crate) struct Cost {
    pub(crate) cpu_s: f64,
    pub(crate) wall_s: f64,
    /// Of the largest of its processes.
    peak_mb: f64,
    pub(crate) output: String,
}

impl Cost {
    /// Each figure's own median, and what the last run printed.
    pub(crate) fn median(costs: &[Cost]) -> Cost {
        let middle = |of: fn(&Cost) -> f64| percentile(costs.iter().map(of).collect(), 50);
        Cost {
            cpu_s: middle(|cost| cost.cpu_s),
            wall_s: middle(|cost| cost.wall_s),
            peak_mb: middle(|cost| cost.peak_mb),
            output: costs.last().map(|cost| cost.output.clone()).unwrap_or_default(),
        }
    }
}

pub fn run(project: &Project, mut arguments: Arguments) -> Result<ExitCode> {
    let only = arguments.choice("--only", &["300", "3000", "replay", "database", "editors"])?;
    let no_kit = arguments.switch("--no-kit");
    arguments.finish()?;
    run_command(project.command(cargo(), ".").args(["build", "--release", "--package", "driftlens"]))?;
    let sizes = SIZES.into_iter().filter(|size| only.as_ref().is_none_or(|only| *only == size.n_tables.to_string()));
    for size in sizes {
        let folder = size.project(project)?;
        println!("\n== {} tables in {} files, {} migrations", size.n_tables, size.n_files, size.n_migrations);
        let check = checks(project, &folder)?;
        let place = Edit { file: folder.join(size.middle_file()), ..SCHEMA_EDIT.clone() };
        let one_column = with_edit(&place, || generates(project, &folder))?;
        if !no_kit {
            let theirs = generate(&folder)?;
            compare("check", &check, &theirs);
            compare("generate", &one_column, &theirs);
        }
        keystrokes(project, &folder, &place)?;
        if size.n_migrations > 1 {
            println!("\n== the same without any snapshot");
            checks(project, &bench_replay::without_snapshots(project, &folder)?)?;
        }
    }
    if only.as_deref().is_none_or(|only| only == "replay") {
        bench_replay::run(project)?;
    }
    #[cfg(unix)]
    if only.as_deref().is_none_or(|only| only == "database") {
        bench_database::run(project, sample_project::SIZES[0], !no_kit)?;
    }
    if only.as_deref() == Some("editors") {
        bench_editors::run(project)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The median of several runs of `driftlens check`, after one that warms the disk's cache.
pub(crate) fn checks(project: &Project, folder: &Path) -> Result<Cost> {
    println!("{:<40} {:>9} {:>9} {:>9}", "", "CPU s", "wall s", "peak MB");
    median_of_runs(project, folder, &["check"])
}

/// The same of the migration for one added column, made and not written.
fn generates(project: &Project, folder: &Path) -> Result<Cost> {
    let cost = median_of_runs(project, folder, &["generate", "--dry-run"])?;
    ensure!(cost.output.contains("ADD COLUMN \"added_by_hand\""), "not the column is added:\n{}", cost.output);
    Ok(cost)
}

/// Runs something while the edit is in its file.
fn with_edit<T>(edit: &Edit, run: impl FnOnce() -> Result<T>) -> Result<T> {
    let file = &edit.file;
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let before = edit.before.context("no line to type before")?;
    let at = text.find(&format!("\n{before}")).context("no line to type before")? + 1;
    std::fs::write(file, format!("{}{}{}", &text[..at], edit.text, &text[at..]))?;
    let result = run();
    std::fs::write(file, text)?;
    result
}

fn median_of_runs(project: &Project, folder: &Path, arguments: &[&str]) -> Result<Cost> {
    let binary = project.driftlens("release").to_string_lossy().into_owned();
    let words: Vec<&str> = std::iter::once(binary.as_str()).chain(arguments.iter().copied()).collect();
    let mut costs = Vec::new();
    for run_idx in 0..=N_CHECKS {
        let cost = measure(folder, &words)?;
        if run_idx > 0 {
            costs.push(cost);
        }
    }
    let median = Cost::median(&costs);
    print_cost(&format!("driftlens {} (median of {N_CHECKS})", arguments.join(" ")), &median);
    Ok(median)
}

/// One run of drizzle-kit, without npx around it.
fn generate(folder: &Path) -> Result<Cost> {
    let cost = measure(folder, &["node", "node_modules/drizzle-kit/bin.cjs", "generate"])?;
    ensure!(cost.output.contains("No schema changes"), "drizzle-kit finds changes:\n{}", cost.output);
    print_cost("drizzle-kit generate (1 run)", &cost);
    Ok(cost)
}

fn compare(what: &str, ours: &Cost, theirs: &Cost) {
    println!(
        "{:<40} {:>8.0}× {:>8.0}× {:>8.1}×",
        format!("drizzle-kit generate / {what}"),
        theirs.cpu_s / ours.cpu_s,
        theirs.wall_s / ours.wall_s,
        theirs.peak_mb / ours.peak_mb
    );
}

pub(crate) fn print_cost(what: &str, cost: &Cost) {
    println!("{what:<40} {:>9.3} {:>9.3} {:>9.1}", cost.cpu_s, cost.wall_s, cost.peak_mb);
}

pub(crate) fn measure(folder: &Path, words: &[&str]) -> Result<Cost> {
    let mut command = Command::new(if cfg!(windows) { "python" } else { "python3" });
    let output = command.args(["-c", MEASURE]).args(words).current_dir(folder).output();
    let output = output.context("Python 3 cannot be started")?;
    let measured: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("cannot be measured: {}", String::from_utf8_lossy(&output.stderr).trim()))?;
    let number = |field: &str| measured.get(field).and_then(Value::as_f64).unwrap_or_default();
    let output = measured.get("output").and_then(Value::as_str).unwrap_or_default().to_owned();
    if number("code") != 0.0 {
        bail!("`{}` ended with {}:\n{output}", words.join(" "), number("code"));
    }
    Ok(Cost { cpu_s: number("cpu"), wall_s: number("wall"), peak_mb: number("peak") / 1_048_576.0, output })
}

/// From the start of the server to the first diagnostics, and from each edit to its own.
pub(crate) fn keystrokes(project: &Project, folder: &Path, edit: &Edit) -> Result<()> {
    let mut starts = Vec::new();
    let mut waits = Vec::new();
    for start_idx in 0..N_STARTS {
        let started = Instant::now();
        let mut command = Command::new(project.driftlens("release"));
        let mut client = LspClient::start(command.arg("lsp").current_dir(folder), folder)?;
        let mut buffer = Buffer::open(&mut client, edit)?;
        starts.push(buffer.settled - started);
        if start_idx + 1 == N_STARTS {
            for _ in 0..N_EDITS {
                waits.push(buffer.toggle(&mut client)?);
            }
        }
        client.stop()?;
    }
    let ms = |times: &[Duration], percent: usize| {
        percentile(times.iter().map(|time| time.as_secs_f64() * 1_000.0).collect(), percent)
    };
    let coalescing_ms = COALESCING.as_secs_f64() * 1_000.0;
    let (p50, p95) = (ms(&waits, 50), ms(&waits, 95));
    println!("{:<40} {:>9} {:>9}", "", "p50 ms", "p95 ms");
    println!("{:<40} {p50:>9.1} {p95:>9.1}", format!("keystroke → diagnostics ({N_EDITS} edits)"));
    println!("{:<40} {:>9.1} {:>9.1}", "  without the 50 ms of coalescing", p50 - coalescing_ms, p95 - coalescing_ms);
    println!("{:<40} {:>9.1}", format!("start → first diagnostics (of {N_STARTS})"), ms(&starts, 50));
    Ok(())
}

/// What is typed, and the one finding that it causes.
#[derive(Clone)]
pub(crate) struct Edit {
    pub(crate) file: PathBuf,
    pub(crate) language: &'static str,
    /// The line before which it is typed starts so; None for the end of the file.
    pub(crate) before: Option<&'static str>,
    pub(crate) text: &'static str,
    pub(crate) code: &'static str,
}

const SCHEMA_EDIT: Edit = Edit {
    file: PathBuf::new(),
    language: "typescript",
    before: Some("  status:"),
    text: "  addedByHand: integer('added_by_hand'),\n",
    code: "schema/missing-migration",
};

/// A file in the editor, in which one line comes and goes.
struct Buffer {
    edit: Edit,
    uri: String,
    version: i64,
    /// The line of the column.
    line: usize,
    is_there: bool,
    /// When the last diagnostics came.
    settled: Instant,
}

impl Buffer {
    /// Opens the file with the line already typed: a file without findings would get no diagnostics to wait for.
    fn open(client: &mut LspClient, edit: &Edit) -> Result<Buffer> {
        let file = &edit.file;
        let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let line = match edit.before {
            Some(before) => lines.iter().position(|line| line.starts_with(before)).context("no line to type before")?,
            None => lines.len(),
        };
        lines.insert(line, edit.text);
        let uri = file_uri(file);
        let document = json!({ "uri": uri, "languageId": edit.language, "version": 1, "text": lines.concat() });
        client.notify("textDocument/didOpen", json!({ "textDocument": document }))?;
        let mut buffer = Buffer { edit: edit.clone(), uri, version: 1, line, is_there: true, settled: Instant::now() };
        buffer.settle(client)?;
        Ok(buffer)
    }

    /// Removes the column or adds it again. Returns how long the diagnostics took.
    fn toggle(&mut self, client: &mut LspClient) -> Result<Duration> {
        let (text, end_line) = if self.is_there { ("", self.line + 1) } else { (self.edit.text, self.line) };
        let start = json!({ "line": self.line, "character": 0 });
        let end = json!({ "line": end_line, "character": 0 });
        self.is_there = !self.is_there;
        self.version += 1;
        let written = Instant::now();
        let parameters = json!({
            "textDocument": { "uri": self.uri, "version": self.version },
            "contentChanges": [{ "range": { "start": start, "end": end }, "text": text }],
        });
        client.notify("textDocument/didChange", parameters)?;
        self.settle(client)?;
        Ok(self.settled - written)
    }

    /// Waits for the diagnostics of this version, which must say exactly that the column lacks its migration.
    fn settle(&mut self, client: &mut LspClient) -> Result<()> {
        let (came, diagnostics) = client.diagnostics(&self.uri, self.version)?;
        self.settled = came;
        let expected = usize::from(self.is_there);
        let n_pending = diagnostics.iter().filter(|found| found["code"] == self.edit.code).count();
        if (diagnostics.len(), n_pending) != (expected, expected) {
            bail!("{expected} finding expected at version {}, not {}", self.version, Value::from(diagnostics));
        }
        Ok(())
    }
}

/// The smallest value that `percent` of the values do not exceed.
pub(crate) fn percentile(mut values: Vec<f64>, percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (values.len() * percent).div_ceil(100).max(1);
    values.get(rank - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        assert_eq!(percentile(vec![3.0, 1.0, 2.0], 50), 2.0);
        assert_eq!(percentile((1..=50).map(f64::from).collect(), 95), 48.0);
        assert_eq!(percentile(Vec::new(), 50), 0.0);
    }

    #[test]
    fn a_command_is_measured_with_what_it_prints() {
        let cost = measure(Path::new("."), &["python3", "-c", "print(sum(range(1000)))"]).unwrap();
        assert_eq!(cost.output, "499500\n");
        assert!(cost.cpu_s > 0.0 && cost.wall_s > 0.0 && cost.peak_mb > 1.0);
        let error = measure(Path::new("."), &["python3", "-c", "raise SystemExit(3)"]).err().unwrap();
        assert!(error.to_string().contains("ended with 3"), "{error}");
    }
}
