//! A server of our own: made for a test run in a temporary folder, reached through a socket there, gone with the process that started it.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use database::Address;
use schema::Dialect;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};

use super::Installed;

/// Makes the cluster, starts the server, and waits until its own input ends, which it does when the process that started it ends,
/// however that comes about. Then it stops the server and takes everything away.
/// $1: the programs, $2: the folder.
const GUARD: &str = r#"
trap '' INT TERM HUP
"$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$2/log" 2>&1 || exit 1
# Whoever is called `guarded` needs a password.
hba="$(cat "$2/data/pg_hba.conf")"
printf 'local all guarded scram-sha-256\n%s\n' "$hba" >"$2/data/pg_hba.conf"
cat >>"$2/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$2'
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
shared_buffers = 64MB
max_connections = 100
jit = off
plan_cache_mode = force_generic_plan
log_statement = none
log_min_messages = fatal
client_min_messages = error
END
if "$1/pg_ctl" -D "$2/data" -l "$2/log" -w -t 60 -s start >>"$2/log" 2>&1; then
    echo ready
    read -r _
    "$1/pg_ctl" -D "$2/data" -m immediate -w -s stop >/dev/null 2>&1
    rm -rf "$2"
fi
"#;

/// Accounts that may run a server where we are root, which may not.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];

pub struct Server {
    pub major: u32,
    folder: PathBuf,
    /// Its input is what keeps the server alive.
    _guard: Child,
}

impl Server {
    /// Makes and starts a server. Fails the test where that does not work.
    pub fn start(installed: &Installed) -> Server {
        let folder = tempfile::Builder::new().prefix("driftlens-pg-").tempdir().unwrap().keep();
        let mut bin = installed.bin.clone();
        let mut command = Command::new("sh");
        if let Some((user, group)) = account() {
            // That account may not be able to read what lies in our folders.
            if installed.is_from_npm {
                bin = copy_programs(&installed.bin, &folder);
            }
            run(Command::new("chown").arg("-R").arg(format!("{user}:{group}")).arg(&folder));
            command.uid(user).gid(group);
        }
        command.arg("-c").arg(GUARD).arg("sh").arg(&bin).arg(&folder).current_dir("/");
        // A signal from the terminal is for the tests: the guard has its own way to end.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut guard = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(guard.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line.trim() != "ready" {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            let _ = std::fs::remove_dir_all(&folder);
            panic!("PostgreSQL {} in {} does not start:\n{log}", installed.major, bin.display());
        }
        Server { major: installed.major, folder, _guard: guard }
    }

    /// The socket's file, for clients of other languages.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Of a database, as its superuser.
    pub fn address(&self, database: &str) -> Address {
        Address::parse(&self.url(database), Dialect::Postgres, &self.folder).unwrap()
    }

    /// The same as a text.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.display())
    }

    /// A connection to a database as its superuser.
    pub async fn connect(&self, database: &str) -> PgConnection {
        let options =
            PgConnectOptions::new_without_pgpass().socket(&self.folder).username("postgres").database(database);
        options.connect().await.unwrap()
    }

    pub async fn drop_database(&self, name: &str) {
        let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        self.connect("postgres").await.execute(AssertSqlSafe(sql)).await.unwrap();
    }

    /// Makes an empty database, in place of one that was there.
    pub async fn create_database(&self, name: &str) {
        let mut connection = self.connect("postgres").await;
        for sql in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("CREATE DATABASE {name} TEMPLATE template0"),
        ] {
            connection.execute(AssertSqlSafe(sql)).await.unwrap();
        }
    }
}

/// The user and group to run as; None where we are not root.
fn account() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().ok().filter(|output| output.status.success())?;
        String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let found = ACCOUNTS.iter().find_map(|name| Some((id(&["-u", name])?, id(&["-g", name])?)));
    Some(found.expect("PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it as"))
}

/// Copies the programs with their libraries beside the data.
fn copy_programs(bin: &Path, folder: &Path) -> PathBuf {
    let all = bin.parent().unwrap();
    run(Command::new("cp").arg("-R").arg(all).arg(folder.join("programs")));
    folder.join("programs").join(bin.file_name().unwrap())
}

fn run(command: &mut Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?} ended with {status}");
}
