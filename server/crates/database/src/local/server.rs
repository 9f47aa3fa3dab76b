//! A server of our own: made, started, stopped, taken away. Who changes one holds its lock.

use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File};
use std::hash::{Hash as _, Hasher as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dialects::postgres::statements::literal;
use schema::Dialect;

use super::account::RunAs;
use super::holder::{Holder, PID_FILE, holder, left_over};
use super::programs::Programs;
use super::state::{State, write_private};
use super::{LocalError, packaged_server};
use crate::{Access, Address, connect};

const HOST: &str = "127.0.0.1";
const SUPERUSER: &str = "postgres";
/// Below what systems give to outgoing connections.
const PORTS: std::ops::Range<u16> = 20_000..30_000;
/// So often a port is lost to somebody else between the look and the start.
const MOST_STARTS: usize = 3;
/// What a server gets to end in good order.
const STOP_WITHIN: Duration = Duration::from_secs(60);
/// What the processes of a killed server get to notice that.
const LEFT_OVER_WITHIN: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(20);

/// Where a server of our own is kept: its data, port and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalServer {
    folder: PathBuf,
}

/// How it stands with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is no data.
    Absent,
    Stopped,
    Runs,
}

/// A server that runs now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// Of the project's database.
    pub address: Address,
    pub major: u32,
    /// It was made now.
    pub is_new: bool,
    /// It ran already.
    pub ran: bool,
    /// The port that it had before, which somebody else has taken.
    pub port_before: Option<u16>,
}

/// The right to change a server, given back when it is dropped.
pub struct Lock(#[expect(dead_code, reason = "the lock is given back when the file is closed")] File);

impl LocalServer {
    /// The one in this folder, which need not be there.
    pub fn new(folder: PathBuf) -> LocalServer {
        LocalServer { folder }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Where a data folder is made, so that a killed run leaves none that looks whole.
    fn unfinished_data(&self) -> PathBuf {
        self.folder.join("data.unfinished")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn state(&self) -> PathBuf {
        self.folder.join("state.json")
    }

    /// The file that holds the password.
    pub fn password_file(&self) -> PathBuf {
        self.folder.join("password")
    }

    /// Where programs that are fetched for it belong.
    pub fn fetched_programs(&self) -> PathBuf {
        self.folder.join("programs")
    }

    /// Folders beside those of the system where its programs may be: npm's packages that were fetched for it, or stand in the project.
    fn nearby(&self) -> Vec<PathBuf> {
        let Some((package, _)) = packaged_server() else { return Vec::new() };
        let above = self.folder.ancestors().skip(2).map(Path::to_path_buf);
        let places = std::iter::once(self.fetched_programs()).chain(above);
        places.map(|it| it.join("node_modules").join(&package).join("native/bin")).collect()
    }

    pub fn standing(&self) -> Standing {
        if !self.data().is_dir() {
            return Standing::Absent;
        }
        match holder(&self.data()) {
            Holder::Server { .. } => Standing::Runs,
            Holder::Nobody | Holder::Stale | Holder::Unclear { .. } => Standing::Stopped,
        }
    }

    /// The address of a project's database; None where none was made.
    pub fn address(&self, key: &str) -> Option<Address> {
        if !self.data().is_dir() {
            return None;
        }
        let state = State::read(&self.state());
        self.address_on(state.port?, state.databases.get(key)?).ok()
    }

    /// The addresses of all its databases, those of other projects of the folder too: they share the data.
    pub fn addresses(&self) -> Vec<Address> {
        let state = State::read(&self.state());
        let Some(port) = state.port else { return Vec::new() };
        state.databases.values().filter_map(|name| self.address_on(port, name).ok()).collect()
    }

    fn address_on(&self, port: u16, database: &str) -> Result<Address, LocalError> {
        let file = self.password_file();
        let password = fs::read_to_string(&file).map_err(LocalError::io(&file, "read"))?;
        let address = Address::from_parts(HOST, Some(port), Some(SUPERUSER), Some(password.trim()), database, None);
        address.map_err(|error| LocalError::Database(crate::Error::NotUnderstood { reason: error.0 }))
    }

    /// Makes its folder where it is not there, and waits until no other process changes it; `waiting` is called where that takes time.
    pub fn lock(&self, waiting: impl FnOnce()) -> Result<Lock, LocalError> {
        fs::create_dir_all(&self.folder).map_err(LocalError::io(&self.folder, "made"))?;
        let path = self.folder.join("lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(LocalError::io(&path, "opened"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                waiting();
                file.lock().map_err(LocalError::io(&path, "locked"))?;
            }
            Err(fs::TryLockError::Error(error)) => return Err(LocalError::io(&path, "locked")(error)),
        }
        Ok(Lock(file))
    }

    /// Has it run, with the project's database in it: makes both where they are not there. `wanted` is what that is called where
    /// nothing else is.
    pub async fn start(&self, _lock: &Lock, key: &str, wanted: &str) -> Result<Started, LocalError> {
        let data = self.data();
        let mut state = State::read(&self.state());
        let name = state.name_of(key, wanted);
        let is_new = !data.is_dir();
        let before = holder(&data);
        if let Holder::Unclear { pid } = before {
            return Err(LocalError::Unclear { pid, file: data.join(PID_FILE) });
        }
        let mut port_before = None;
        let ran = matches!(before, Holder::Server { .. });
        match before {
            Holder::Server { port, .. } => state.port = Some(port),
            _ => {
                let run_as = RunAs::of(&data)?;
                let wanted_major = if is_new { None } else { Some(major_of(&data)?) };
                let programs = Programs::find(wanted_major, &self.nearby())?;
                run_as.may_enter(&self.folder)?;
                if is_new {
                    self.make(&programs, &run_as)?;
                }
                let known = state.port;
                state.port = Some(self.run(&programs, &run_as, known)?);
                port_before = known.filter(|known| Some(*known) != state.port);
            }
        }
        let port = state.port.ok_or(LocalError::NoPort)?;
        state.write(&self.state())?;
        self.make_database(port, &name).await?;
        Ok(Started { address: self.address_on(port, &name)?, major: major_of(&data)?, is_new, ran, port_before })
    }

    /// Stops it; true where it ran. Every connection is ended, and what was not committed is taken back.
    pub fn stop(&self, _lock: &Lock) -> Result<bool, LocalError> {
        let data = self.data();
        let pid = match holder(&data) {
            Holder::Nobody | Holder::Stale => return Ok(false),
            Holder::Unclear { pid } => return Err(LocalError::Unclear { pid, file: data.join(PID_FILE) }),
            Holder::Server { pid, .. } => pid,
        };
        self.end(pid)?;
        let start = Instant::now();
        while matches!(holder(&data), Holder::Server { pid: now, .. } if now == pid) {
            if start.elapsed() > STOP_WITHIN {
                return Err(LocalError::StillRuns { pid });
            }
            std::thread::sleep(POLL);
        }
        Ok(true)
    }

    /// The server's own signal for it: it needs no programs, which may be gone since.
    #[cfg(unix)]
    fn end(&self, pid: u32) -> Result<(), LocalError> {
        let mut kill = Command::new("sh");
        run("kill", kill.args(["-c", "kill -INT \"$1\"", "sh", &pid.to_string()]))
    }

    #[cfg(not(unix))]
    fn end(&self, pid: u32) -> Result<(), LocalError> {
        let programs = Programs::find(Some(major_of(&self.data())?), &self.nearby())?;
        run("pg_ctl", Command::new(programs.program("pg_ctl")).args(["kill", "INT", &pid.to_string()]))
    }

    /// Takes its data away. The port and the password stay, so that an address that was written down is right again when it is made anew.
    pub fn remove(&self, _lock: &Lock) -> Result<(), LocalError> {
        for folder in [self.unfinished_data(), self.data()] {
            match fs::remove_dir_all(&folder) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(LocalError::io(&folder, "removed")(error));
                }
                _ => {}
            }
        }
        let _ = fs::remove_file(self.log());
        Ok(())
    }

    /// Makes the data, with a password that nobody else knows.
    fn make(&self, programs: &Programs, run_as: &RunAs) -> Result<(), LocalError> {
        let (file, unfinished, data) = (self.password_file(), self.unfinished_data(), self.data());
        if !file.is_file() {
            let password = uuid::Uuid::new_v4().simple().to_string();
            write_private(&file, &format!("{password}\n")).map_err(LocalError::io(&file, "written"))?;
        }
        let password = fs::read_to_string(&file).map_err(LocalError::io(&file, "read"))?;
        // Where another account runs the server it may not read our file.
        let given = self.folder.join("password.given");
        // Not every system has the first. Neither depends on whose terminal this is.
        let locales = ["C.UTF-8", "C"];
        let mut made = Err(LocalError::NoPort);
        for locale in locales {
            match fs::remove_dir_all(&unfinished) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(LocalError::io(&unfinished, "removed")(error));
                }
                _ => {}
            }
            fs::create_dir(&unfinished).map_err(LocalError::io(&unfinished, "made"))?;
            run_as.hand_over(&unfinished)?;
            let _ = fs::remove_file(&given);
            write_private(&given, &password).map_err(LocalError::io(&given, "written"))?;
            run_as.hand_over(&given)?;
            let mut initdb = self.command(programs, run_as, "initdb");
            initdb.args(["-D", "data.unfinished", "-U", SUPERUSER, "-A", "scram-sha-256", "-E", "UTF8"]);
            initdb.args(["--pwfile", "password.given", "--locale", locale]);
            made = run("initdb", &mut initdb);
            let _ = fs::remove_file(&given);
            if made.is_ok() {
                break;
            }
        }
        made?;
        fs::rename(&unfinished, &data).map_err(LocalError::io(&data, "made"))
    }

    /// Starts it on this port, or on another where somebody else has it; says which.
    fn run(&self, programs: &Programs, run_as: &RunAs, known: Option<u16>) -> Result<u16, LocalError> {
        let (data, log) = (self.data(), self.log());
        if holder(&data) == Holder::Stale {
            // A server would take the process that has the number now for another of its kind.
            let (file, start) = (data.join(PID_FILE), Instant::now());
            while let Some(pid) = left_over(&data) {
                if start.elapsed() > LEFT_OVER_WITHIN {
                    return Err(LocalError::Unclear { pid, file });
                }
                std::thread::sleep(POLL);
            }
            fs::remove_file(&file).map_err(LocalError::io(&file, "removed"))?;
        }
        let mut port = known.filter(|port| is_free(*port));
        for attempt in 1.. {
            let on = port.or_else(|| self.free_port(known)).ok_or(LocalError::NoPort)?;
            fs::write(&log, "").map_err(LocalError::io(&log, "written"))?;
            run_as.hand_over(&log)?;
            let mut start = self.command(programs, run_as, "pg_ctl");
            let settings =
                format!("-c listen_addresses={HOST} -c port={on} -c unix_socket_directories= -c logging_collector=off");
            start.args(["start", "-D", "data", "-l", "log", "-w", "-t", "60", "-s", "-o", &settings]);
            let Err(failed) = run("pg_ctl", &mut start) else { return Ok(on) };
            if is_free(on) || attempt == MOST_STARTS {
                let said = fs::read_to_string(&log).unwrap_or_default();
                let lines: Vec<&str> = said.lines().collect();
                let last = lines.get(lines.len().saturating_sub(8)..).unwrap_or_default().join("\n");
                return Err(if last.is_empty() {
                    failed
                } else {
                    LocalError::Failed { program: "postgres", said: last }
                });
            }
            port = None;
        }
        Err(LocalError::NoPort)
    }

    /// A free port other than this one. The same folder tends to get the same.
    fn free_port(&self, other_than: Option<u16>) -> Option<u16> {
        let mut hasher = DefaultHasher::new();
        self.folder.hash(&mut hasher);
        let n_ports = PORTS.end - PORTS.start;
        let first = u16::try_from(hasher.finish() % u64::from(n_ports)).unwrap_or_default();
        let mut ports = (0..n_ports).map(|step| PORTS.start + (first + step) % n_ports);
        ports.find(|port| Some(*port) != other_than && is_free(*port))
    }

    async fn make_database(&self, port: u16, name: &str) -> Result<(), LocalError> {
        let mut connection = connect(&self.address_on(port, "postgres")?, Access::Write).await?;
        let question = format!("SELECT 1::text FROM pg_database WHERE datname = {}", literal(name));
        let made = match connection.value(&question).await {
            Ok(None) => {
                let name = dialects::quote_identifier(Dialect::Postgres, name);
                connection.execute(&format!("CREATE DATABASE {name}")).await
            }
            found => found.map(|_| ()),
        };
        connection.close().await;
        Ok(made?)
    }

    /// A program, run in our folder: paths are relative, because `pg_ctl` hands them through a shell.
    fn command(&self, programs: &Programs, run_as: &RunAs, name: &str) -> Command {
        let mut command = Command::new(programs.program(name));
        run_as.apply(&mut command);
        for (variable, _) in std::env::vars_os() {
            if variable.to_string_lossy().starts_with("PG") {
                command.env_remove(variable);
            }
        }
        command.env("LC_ALL", "C").current_dir(&self.folder);
        command
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((HOST, port)).is_ok()
}

/// The version that the data is of.
fn major_of(data: &Path) -> Result<u32, LocalError> {
    let file = data.join("PG_VERSION");
    let text = fs::read_to_string(&file).map_err(LocalError::io(&file, "read"))?;
    let bad = || LocalError::io(&file, "understood")(std::io::Error::other(text.trim().to_owned()));
    text.trim().parse().map_err(|_| bad())
}

fn run(program: &'static str, command: &mut Command) -> Result<(), LocalError> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| LocalError::Failed { program, said: error.to_string() })?;
    if output.status.success() {
        return Ok(());
    }
    let said = if output.stderr.is_empty() { output.stdout } else { output.stderr };
    let said = String::from_utf8_lossy(&said).into_owned();
    Err(LocalError::Failed { program, said: if said.trim().is_empty() { output.status.to_string() } else { said } })
}
