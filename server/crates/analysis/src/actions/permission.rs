//! Whether a database may be changed without a migration: where it is, what is lost, and what a person says.

use languages::configuration::keys::EnvironmentKind;

/// What changes a database without a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DevelopmentCommand {
    Push,
    Reset,
}

/// What a person says to what is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nobody was asked yet.
    NotAsked,
    Yes,
    No,
    /// Asked, and gone or silent: no answer is no.
    Silence,
}

/// What follows from that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permission {
    Granted,
    /// Somebody has to say yes first.
    Asks,
    /// Nothing is done, as it was decided.
    Stopped,
    /// Nothing is done whatever anybody says, and why, with the command that does it there.
    Refused(String),
}

/// Decides. `loses` is true where a step of the plan is not to be taken back. Only a configuration makes a place one for development: no
/// flag and no answer does.
pub fn permission(
    command: DevelopmentCommand,
    kind: EnvironmentKind,
    environment: &str,
    loses: bool,
    answer: Answer,
) -> Permission {
    if kind != EnvironmentKind::Development {
        let (word, instead) = match command {
            DevelopmentCommand::Push => {
                ("push", "Write a migration with `driftlens generate`, and apply it with `driftlens migrate`")
            }
            DevelopmentCommand::Reset => {
                ("reset", "`driftlens generate` and `driftlens migrate` change it without emptying it")
            }
        };
        return Permission::Refused(format!(
            "`{environment}` is a {} database: {word} is for development. {instead}. If it is one for development, say kind = \"development\" under \
             [environments.{environment}] in driftlens.toml",
            kind.as_str()
        ));
    }
    match (answer, loses) {
        (Answer::Yes, _) | (Answer::NotAsked, false) => Permission::Granted,
        (Answer::NotAsked, true) => Permission::Asks,
        (Answer::No | Answer::Silence, _) => Permission::Stopped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_without_a_yes_and_nothing_is_done_outside_of_development() {
        use Answer::{No, NotAsked, Silence, Yes};
        use EnvironmentKind::{Development, Production, Shared};
        let mut n_granted = 0;
        let commands = [DevelopmentCommand::Push, DevelopmentCommand::Reset];
        let places = commands.into_iter().flat_map(|it| [Development, Shared, Production].map(|kind| (it, kind)));
        for (command, kind) in places {
            for loses in [false, true] {
                for answer in [NotAsked, Yes, No, Silence] {
                    let found = permission(command, kind, "db", loses, answer);
                    let case = format!("{kind:?} {loses} {answer:?}: {found:?}");
                    let is_harmless = !loses;
                    match kind {
                        Development => {
                            let expected = match answer {
                                Yes => Permission::Granted,
                                NotAsked if is_harmless => Permission::Granted,
                                NotAsked => Permission::Asks,
                                No | Silence => Permission::Stopped,
                            };
                            assert_eq!(found, expected, "{case}");
                        }
                        Shared | Production => {
                            let Permission::Refused(why) = &found else { panic!("{case}") };
                            assert!(why.contains("driftlens generate") && why.contains(kind.as_str()), "{case}");
                        }
                    }
                    n_granted += usize::from(found == Permission::Granted);
                }
            }
        }
        assert_eq!(n_granted, 6, "of each command twice a yes, and once where nothing is lost");
    }
}
