//! Who uses a folder of data: what its `postmaster.pid` says, and what is true of it. A server that was killed leaves that file, and its
//! number may belong to any other process since.

use std::path::Path;

/// The file in the data's folder that a running server writes.
pub(super) const PID_FILE: &str = "postmaster.pid";

/// Who uses the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    Nobody,
    /// A server, on this port.
    Server {
        pid: u32,
        port: u16,
    },
    /// The file names a process that has nothing to do with it.
    Stale,
    /// The file names a PostgreSQL, and it cannot be told whether it is the one.
    Unclear {
        pid: u32,
    },
}

/// What is true of the process that the file names.
enum Process {
    Gone,
    /// It uses the data.
    Ours,
    Other,
    Unclear,
}

pub(super) fn holder(data: &Path) -> Holder {
    let Ok(text) = std::fs::read_to_string(data.join(PID_FILE)) else { return Holder::Nobody };
    let mut lines = text.lines();
    let pid: Option<u32> = lines.next().and_then(|line| line.trim().parse().ok()).filter(|pid| *pid > 0);
    // Half written: whoever writes it is about to start or has died.
    let Some(pid) = pid else { return Holder::Stale };
    let port = lines.nth(2).and_then(|line| line.trim().parse().ok()).unwrap_or_default();
    match process(pid, data, &text) {
        Process::Gone => Holder::Nobody,
        Process::Ours => Holder::Server { pid, port },
        Process::Other => Holder::Stale,
        Process::Unclear => Holder::Unclear { pid },
    }
}

/// A server works in the folder of its data.
#[cfg(target_os = "linux")]
fn process(pid: u32, data: &Path, _: &str) -> Process {
    let about = Path::new("/proc").join(pid.to_string());
    if !about.exists() {
        return Process::Gone;
    }
    let name = std::fs::read_to_string(about.join("comm")).unwrap_or_default();
    if !name.starts_with("post") {
        return Process::Other;
    }
    // One that has ended, and whose end nobody has taken note of: a server would take it for one that runs.
    let status = std::fs::read_to_string(about.join("status")).unwrap_or_default();
    if status.lines().any(|line| line.starts_with("State:") && line.contains('Z')) {
        return Process::Other;
    }
    match (std::fs::read_link(about.join("cwd")), data.canonicalize()) {
        (Ok(there), Ok(data)) if there == data => Process::Ours,
        (Ok(_), Ok(_)) => Process::Other,
        _ => Process::Unclear,
    }
}

/// A process that works in the folder: what a killed server has started ends a moment after it.
#[cfg(target_os = "linux")]
pub(super) fn left_over(data: &Path) -> Option<u32> {
    let data = data.canonicalize().ok()?;
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    all.filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .find(|(_, about)| std::fs::read_link(about.join("cwd")).is_ok_and(|there| there == data))
        .map(|(pid, _)| pid)
}

/// Nothing tells it there; the server's own look at its shared memory has to do.
#[cfg(not(target_os = "linux"))]
pub(super) fn left_over(_: &Path) -> Option<u32> {
    None
}

/// The file names the folder too.
#[cfg(not(target_os = "linux"))]
fn process(pid: u32, data: &Path, file: &str) -> Process {
    let pid = pid.to_string();
    let output = match cfg!(windows) {
        true => std::process::Command::new("tasklist").args(["/NH", "/FI", &format!("PID eq {pid}")]).output(),
        false => std::process::Command::new("ps").args(["-p", &pid, "-o", "comm="]).output(),
    };
    let Ok(output) = output else { return Process::Unclear };
    let said = String::from_utf8_lossy(&output.stdout);
    if said.trim().is_empty() || (cfg!(windows) && !said.contains(&pid)) {
        return Process::Gone;
    }
    if !said.contains("post") {
        return Process::Other;
    }
    let named = file.lines().nth(1).map(|line| Path::new(line.trim()).canonicalize());
    match (named, data.canonicalize()) {
        (Some(Ok(named)), Ok(data)) if named == data => Process::Ours,
        _ => Process::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_a_killed_server_left_names_nobody_or_somebody_else() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(holder(data.path()), Holder::Nobody);
        let write = |text: &str| std::fs::write(data.path().join(PID_FILE), text).unwrap();
        write("");
        assert_eq!(holder(data.path()), Holder::Stale);
        // No system gives such a number.
        write("2147483646\n/x\n1\n5555\n");
        assert_eq!(holder(data.path()), Holder::Nobody);
        // This test is no PostgreSQL.
        write(&format!("{}\n{}\n1\n5555\n", std::process::id(), data.path().display()));
        assert_eq!(holder(data.path()), Holder::Stale);
    }
}
