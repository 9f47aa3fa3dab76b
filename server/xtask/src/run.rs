//! Starts the programs that a task needs, and says plainly which one is missing or failed.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

/// Runs to the end with this terminal as its own; an exit code other than 0 is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let line = shown(command);
    println!("$ {line}");
    let started = Instant::now();
    let status = command.status().with_context(|| cannot_start(command))?;
    print_time(started);
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// Runs to the end, passing on every line of both its streams as it comes, and hands them back too.
pub fn stream(command: &mut Command) -> Result<(ExitStatus, Vec<String>)> {
    println!("$ {}", shown(command));
    let started = Instant::now();
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| cannot_start(command))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let lines = std::thread::scope(|scope| {
        let errors = scope.spawn(|| stderr.map(|stderr| pass_on(stderr, &mut std::io::stderr())).unwrap_or_default());
        let mut lines = stdout.map(|stdout| pass_on(stdout, &mut std::io::stdout())).unwrap_or_default();
        lines.extend(errors.join().unwrap_or_default());
        lines
    });
    let status = child.wait()?;
    print_time(started);
    Ok((status, lines))
}

fn print_time(started: Instant) {
    println!("-- {:.1} s", started.elapsed().as_secs_f64());
}

fn pass_on(stream: impl Read, to: &mut impl Write) -> Vec<String> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).is_ok_and(|n_bytes| n_bytes > 0) {
        // A terminal that is gone does not end the tests.
        let _ = to.write_all(&bytes).and_then(|()| to.flush());
        lines.push(String::from_utf8_lossy(&bytes).trim_end().to_owned());
        bytes.clear();
    }
    lines
}

fn cannot_start(command: &Command) -> String {
    format!("{} cannot be started; is it installed and on the PATH?", command.get_program().to_string_lossy())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
