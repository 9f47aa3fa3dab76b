//! Container engines: which one answers.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What an engine gets to say that it is there.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);
const POLL: Duration = Duration::from_millis(10);

/// A program that runs the services of a compose file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Engine {
    program: &'static str,
    arguments: &'static [&'static str],
    /// Whether `up` waits until a service is healthy.
    waits: bool,
    /// What succeeds only where the engine itself answers, not its client alone.
    probe: (&'static str, &'static [&'static str]),
}

const DOCKER: (&str, &[&str]) = ("docker", &["version", "--format", "{{.Server.Version}}"]);
const PODMAN: (&str, &[&str]) = ("podman", &["info", "--format", "{{.Version.Version}}"]);

/// The first that answers counts.
const ENGINES: [Engine; 3] = [
    Engine { program: "docker", arguments: &["compose"], waits: true, probe: DOCKER },
    Engine { program: "docker-compose", arguments: &[], waits: false, probe: DOCKER },
    Engine { program: "podman", arguments: &["compose"], waits: false, probe: PODMAN },
];

impl Engine {
    /// The first that answers in a short time.
    pub fn answering() -> Option<Engine> {
        ENGINES.into_iter().find(|engine| {
            let (program, arguments) = engine.probe;
            succeeds(Command::new(program).args(arguments))
                && succeeds(Command::new(engine.program).args(engine.arguments).arg("version"))
        })
    }

    /// As it is called in a terminal.
    pub fn name(self) -> String {
        let words: Vec<&str> = std::iter::once(self.program).chain(self.arguments.iter().copied()).collect();
        words.join(" ")
    }

    pub(super) fn named(name: &str) -> Option<Engine> {
        ENGINES.into_iter().find(|engine| engine.name() == name)
    }

    pub(super) fn waits(self) -> bool {
        self.waits
    }

    /// A command on the compose file of this folder: there the engine finds it, and what overrides it, by itself.
    pub(super) fn command(self, folder: &Path) -> Command {
        let mut command = Command::new(self.program);
        command.args(self.arguments).current_dir(folder).stdin(Stdio::null());
        command
    }
}

/// True where the command ends well in time. A program that is not there does not.
fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = quiet.spawn() else { return false };
    let start = Instant::now();
    while start.elapsed() < ANSWER_WITHIN {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(POLL),
            Err(_) => break,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}
