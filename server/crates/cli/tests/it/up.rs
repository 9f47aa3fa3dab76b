//! `driftlens up` and `down` with a real PostgreSQL of the project's own.
#![cfg(unix)]

use crate::brought_up::{SCHEMA, Up};
use crate::project::{Project, said};
use database::local::{PROGRAMS_VARIABLE, packaged_server};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

fn kill(signal: &str, pid: u32) {
    assert!(Command::new("sh").args(["-c", &format!("kill -{signal} {pid}")]).status().unwrap().success());
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..500 {
        if is_so() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("not within ten seconds: {what}");
}

#[test]
fn up_and_push_simply_work_and_the_data_is_kept() {
    let up = Up::new(SCHEMA);
    // Before: nobody knows a database, and it is said how to get one.
    let (code, text) = up.run(&["push"]);
    assert!(code == 2 && text.contains("`driftlens up` brings up one of your own"), "{text}");
    let text = up.ok(&["up"]);
    assert!(
        text.contains("runs now") && text.contains("made in .driftlens/postgres: postgres://postgres@127.0.0.1:"),
        "{text}"
    );
    let password = up.password();
    assert!(!text.contains(&password) && password.len() == 32, "{text}");
    let mode = |name: &str| std::fs::metadata(up.folder().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("password"), mode("state.json")), (0o600, 0o600));
    assert_eq!(std::fs::read_to_string(up.project.path(".driftlens/.gitignore")).unwrap(), "*\n");
    let text = up.ok(&["push"]);
    assert!(text.contains("pushed 1 step") && !text.contains(&password), "{text}");
    assert!(up.ok(&["push"]).contains("nothing to push"));
    let text = up.ok(&["status"]);
    assert!(text.contains("(development)") && text.contains("from `driftlens up`"), "{text}");
    let text = up.ok(&["doctor"]);
    assert!(text.contains("of `driftlens up`, in .driftlens/postgres"), "{text}");
    // Only who knows the password gets in.
    let (pid, port) = up.process();
    let wrong = format!("postgres://postgres:wrong@127.0.0.1:{port}/postgres");
    let (code, text) = up.run(&["push", "--url", &wrong]);
    assert!(code == 2 && text.contains("password authentication failed"), "{text}");
    // A second one finds it.
    assert!(up.ok(&["up"]).contains("runs already"));
    assert_eq!(up.process(), (pid, port));
    assert_eq!(up.value("INSERT INTO users VALUES (1, 'a@b') RETURNING email").as_deref(), Some("a@b"));
    let text = up.ok(&["down"]);
    assert!(text.contains("is stopped, and its data is kept"), "{text}");
    assert!(!up.data().join("postmaster.pid").exists());
    let (code, text) = up.run(&["push"]);
    assert!(
        code == 2 && text.contains("the database of `driftlens up` does not run; `driftlens up` starts it"),
        "{text}"
    );
    let (code, text) = up.run(&["doctor"]);
    assert!(code == 1 && text.contains("does not run") && text.contains("-> `driftlens up` starts it"), "{text}");
    assert!(up.ok(&["down"]).contains("did not run, and its data is kept"));
    let text = up.ok(&["up"]);
    assert!(text.contains("runs now") && !text.contains("made in"), "{text}");
    assert_eq!(up.process().1, port, "the port is kept");
    assert_eq!(up.value("SELECT email FROM users").as_deref(), Some("a@b"));
    // A toml that names the same configuration is the same project.
    up.project.write("driftlens.toml", "drizzle = \"drizzle.config.ts\"\n");
    assert!(up.ok(&["push"]).contains("nothing to push"));
}

#[test]
fn data_is_removed_only_after_a_yes() {
    let up = Up::new(SCHEMA);
    up.ok(&["up"]);
    let (_, port) = up.process();
    let password = up.password();
    // Nobody is there to ask, a closed input, and a `no` that nobody asked for.
    for input in [None, Some(""), Some("no\n"), Some("yes\n")] {
        let mut command = up.command(&["down", "--volumes"]);
        command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        if let (Some(text), Some(mut stdin)) = (input, child.stdin.take()) {
            std::io::Write::write_all(&mut stdin, text.as_bytes()).unwrap();
        }
        let (code, text) = said(child.wait_with_output().unwrap());
        assert!(code == 1 && text.contains("nothing was changed; --yes says"), "{input:?}: {text}");
        assert_eq!(up.process().1, port, "it still runs");
    }
    let (code, text) = up.run(&["down", "--yes"]);
    assert!(code == 2 && text.contains("--volumes"), "{text}");
    let text = up.ok(&["down", "--volumes", "--yes"]);
    assert!(text.contains("is stopped, and its data is removed"), "{text}");
    assert!(!up.data().exists() && up.folder().join("password").exists());
    assert!(up.ok(&["down"]).contains("nothing to stop"));
    let (code, text) = up.run(&["push"]);
    assert!(code == 2 && text.contains("it is not known which database"), "{text}");
    // What was written down of its address is right again.
    up.ok(&["up"]);
    assert_eq!((up.process().1, up.password()), (port, password));
}

#[test]
fn what_would_be_lost_is_told_and_nothing_is_done() {
    let up = Up::new(SCHEMA);
    let told = || -> serde_json::Value {
        let output = up.command(&["down", "--volumes", "--dry-run", "--format", "json"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let nothing = "nothing to stop: `driftlens up` has brought nothing up here";
    assert_eq!(told(), serde_json::json!({ "version": 1, "removed": [], "reason": nothing }));
    up.ok(&["up"]);
    up.ok(&["push"]);
    up.value("INSERT INTO users VALUES (1, 'a@b'), (2, 'c@d') RETURNING email");
    let (pid, port) = up.process();
    let database = up.value("SELECT current_database()").unwrap();
    let address = format!("postgres://postgres@127.0.0.1:{port}/{database}");
    let removed = |lost: &str| {
        serde_json::json!([{
            "what": "the database in .driftlens/postgres",
            "question": "Remove the database in .driftlens/postgres, with everything in it?",
            "lost": [lost],
        }])
    };
    assert_eq!(told()["removed"], removed(&format!("{address}: 1 table, 2 rows")));
    let text = up.ok(&["down", "--volumes", "--dry-run"]);
    assert!(text.contains("would be removed with everything in it: the database in .driftlens/postgres"), "{text}");
    assert!(text.contains(&format!("  {address}: 1 table, 2 rows\n")) && !text.contains(&up.password()), "{text}");
    assert_eq!(up.process(), (pid, port), "it still runs");
    up.ok(&["down"]);
    assert_eq!(told()["removed"], removed(&format!("{address}: it does not run, so what it holds is not known")));
    assert!(up.data().is_dir());
    for wrong in
        [&["down", "--dry-run"][..], &["down", "--volumes", "--dry-run", "--yes"], &["down", "--format", "json"]]
    {
        let (code, text) = up.run(wrong);
        assert!(code == 2 && text.contains("Usage"), "{wrong:?}: {text}");
    }
}

#[test]
fn a_killed_server_is_started_again_and_one_that_is_not_ours_is_left_alone() {
    let up = Up::new(SCHEMA);
    up.ok(&["up"]);
    up.ok(&["push"]);
    up.value("INSERT INTO users VALUES (1, 'a@b') RETURNING email");
    let (pid, port) = up.process();
    kill("KILL", pid);
    let gone = || !Path::new("/proc").join(pid.to_string()).join("cwd").exists();
    wait_until("the server is gone", || if cfg!(target_os = "linux") { gone() } else { true });
    assert!(up.data().join("postmaster.pid").exists(), "it could not clean up");
    assert!(up.ok(&["down"]).contains("did not run"));
    let text = up.ok(&["up"]);
    assert!(text.contains("runs now"), "{text}");
    assert_eq!(up.value("SELECT email FROM users").as_deref(), Some("a@b"));
    up.ok(&["down"]);
    // The number belongs to another process since: that one is not ended, and the server starts all the same.
    let mut other = Command::new("sleep").arg("120").spawn().unwrap();
    let file = format!("{}\n{}\n1\n{port}\n\n127.0.0.1\n", other.id(), up.data().display());
    std::fs::write(up.data().join("postmaster.pid"), file).unwrap();
    assert!(up.ok(&["down"]).contains("did not run"));
    assert!(other.try_wait().unwrap().is_none(), "it still runs");
    assert!(up.ok(&["up"]).contains("runs now"));
    assert!(other.try_wait().unwrap().is_none(), "it still runs");
    other.kill().unwrap();
    other.wait().unwrap();
    // A copy of the project names the server of the original, which is not its own.
    let copy = Up::new(SCHEMA);
    let status = Command::new("cp").arg("-Rp").arg(up.project.path(".driftlens")).arg(copy.project.path(".")).status();
    assert!(status.unwrap().success());
    assert!(copy.ok(&["down"]).contains("did not run"));
    assert!(up.ok(&["up"]).contains("runs already"));
}

#[test]
fn two_at_once_make_one_server() {
    let up = Up::new(SCHEMA);
    let start = || {
        let mut command = up.command(&["up"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let all: Vec<_> = (0..4).map(|_| start()).collect();
    let told: Vec<(i32, String)> = all.into_iter().map(|child| said(child.wait_with_output().unwrap())).collect();
    assert!(told.iter().all(|(code, _)| *code == 0), "{told:?}");
    let made = told.iter().filter(|(_, text)| text.contains("made in")).count();
    let found = told.iter().filter(|(_, text)| text.contains("runs already")).count();
    assert_eq!((made, found), (1, 3), "{told:?}");
    up.ok(&["push"]);
}

#[test]
fn a_port_that_somebody_else_has_is_given_up_and_told() {
    let up = Up::new(SCHEMA);
    up.project.write(".env", "A=1");
    let text = up.ok(&["up", "--write-env"]);
    assert!(text.contains(".env: DATABASE_URL written") && !text.contains(&up.password()), "{text}");
    assert!(text.contains("git does not ignore .env"), "{text}");
    let env = || std::fs::read_to_string(up.project.path(".env")).unwrap();
    let (_, port) = up.process();
    assert_eq!(
        env(),
        format!("A=1\nDATABASE_URL={}\n", up.server().address("drizzle.config.ts").unwrap().for_a_command())
    );
    assert!(up.ok(&["up", "--write-env"]).contains("has this DATABASE_URL already"));
    up.ok(&["down"]);
    // It is known as the one of `driftlens up` there too.
    let (code, text) = up.run(&["push"]);
    assert!(code == 2 && text.contains("does not run; `driftlens up` starts it"), "{text}");
    let _other = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let text = up.ok(&["up"]);
    assert!(text.contains(&format!("somebody else has its port {port} now")), "{text}");
    assert!(text.contains("--write-env"), "{text}");
    let (_, moved) = up.process();
    assert_ne!(moved, port);
    assert!(env().contains(&port.to_string()), "nothing is written unasked");
    assert!(up.ok(&["up", "--write-env"]).contains("DATABASE_URL written"));
    assert!(env().contains(&format!(":{moved}/")) && env().lines().count() == 2, "{}", env());
    up.ok(&["push"]);
}

#[test]
fn what_somebody_else_wrote_into_the_file_stays_and_comes_first() {
    let up = Up::new(SCHEMA);
    let env = "DATABASE_URL=postgres://me:hush@db.example.org/app\n";
    up.project.write(".env", env);
    let (code, text) = up.run(&["up", "--write-env"]);
    assert!(code == 1 && text.contains("has another DATABASE_URL, which stays"), "{text}");
    assert!(text.contains("postgres://me@db.example.org/app from DATABASE_URL comes first"), "{text}");
    assert!(!text.contains("hush"), "{text}");
    assert_eq!(std::fs::read_to_string(up.project.path(".env")).unwrap(), env);
    // One for a production is asked for in vain, too.
    let (code, text) = up.run(&["push"]);
    assert!(code == 1 && text.contains("is a shared database"), "{text}");
}

#[test]
fn without_programs_it_says_how_to_get_them_and_fetches_nothing() {
    let up = Up::new(SCHEMA);
    let empty = tempfile::tempdir().unwrap();
    let (code, text) = said(up.command(&["up"]).env(PROGRAMS_VARIABLE, empty.path()).output().unwrap());
    assert!(
        code == 2 && text.contains("DRIFTLENS_PG_BIN names") && text.contains("initdb, pg_ctl and postgres"),
        "{text}"
    );
    assert!(!up.folder().join("programs").exists() && !up.data().exists());
    assert!(up.ok(&["down"]).contains("nothing to stop"));
    // The data needs programs of its version: those that are there are of another.
    up.ok(&["up"]);
    up.ok(&["down"]);
    std::fs::write(up.data().join("PG_VERSION"), "9\n").unwrap();
    let (code, text) = up.run(&["up"]);
    assert!(code == 2 && text.contains("of version 9, as the data is,"), "{text}");
}

#[test]
fn the_programs_that_are_fetched_are_those_that_the_tests_know() {
    let package = include_str!("../../../../../tests/package.json");
    let package: serde_json::Value = serde_json::from_str(package).unwrap();
    let (name, version) = packaged_server().unwrap();
    assert_eq!(package["optionalDependencies"][name], version);
}

#[test]
fn a_folder_that_the_server_may_not_enter_is_named() {
    let up = Up::new(SCHEMA);
    if std::fs::metadata("/proc/self").is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) != 0) {
        // We run it ourselves, and may enter.
        std::fs::set_permissions(up.project.path("."), std::fs::Permissions::from_mode(0o700)).unwrap();
        up.ok(&["up"]);
        return;
    }
    std::fs::set_permissions(up.project.path("."), std::fs::Permissions::from_mode(0o700)).unwrap();
    let (code, text) = up.run(&["up"]);
    assert!(code == 2 && text.contains("may not enter") && text.contains("chmod o+x"), "{text}");
    assert!(!up.data().exists());
}

#[test]
fn sqlite_needs_no_server() {
    let project = Project::new("sqlite", "export {};\n");
    let said_of = |arguments: &[&str]| said(project.command(arguments).env_remove("DATABASE_URL").output().unwrap());
    let (code, text) = said_of(&["up"]);
    assert!(code == 0 && text.contains("SQLite needs no server") && text.contains("it is not known which"), "{text}");
    project.write(".env", "DATABASE_URL=file:data/app.db\n");
    let (code, text) = said_of(&["up"]);
    assert!(code == 0 && text.contains("SQLite needs no server: sqlite:") && text.contains("app.db"), "{text}");
    assert!(project.path("data").is_dir() && !project.path(".driftlens").exists());
    let (code, text) = said_of(&["down", "--volumes"]);
    assert!(code == 0 && text.contains("SQLite has no server to stop; its file is yours"), "{text}");
}
