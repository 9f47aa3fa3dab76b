//! As whom the server is run: as ourselves, or where we are root, which PostgreSQL refuses, as an account without rights.

use std::path::Path;
use std::process::Command;

use super::LocalError;

/// An account without rights, to run a server as.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(unix), allow(dead_code, reason = "there the programs give away rights themselves"))]
pub(super) struct Account {
    name: String,
    user: u32,
    group: u32,
}

/// As whom the server is run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(unix), allow(dead_code, reason = "there the programs give away rights themselves"))]
pub(super) enum RunAs {
    Ourselves,
    Account(Account),
}

#[cfg(unix)]
impl RunAs {
    /// The owner of the data where there is some, else the first of the accounts for such things.
    pub(super) fn of(data: &Path) -> Result<RunAs, LocalError> {
        use std::os::unix::fs::MetadataExt as _;
        if id(&["-u"]) != Some(0) {
            return Ok(RunAs::Ourselves);
        }
        if let Ok(found) = std::fs::metadata(data)
            && found.uid() != 0
        {
            let (user, group) = (found.uid(), found.gid());
            return Ok(RunAs::Account(Account { name: user.to_string(), user, group }));
        }
        let account = |name: &&str| {
            let (user, group) = (id(&["-u", name])?, id(&["-g", name])?);
            Some(Account { name: (*name).to_owned(), user, group })
        };
        ["postgres", "nobody"].iter().find_map(account).map(RunAs::Account).ok_or(LocalError::NoAccount)
    }

    /// Has the command run so.
    pub(super) fn apply(&self, command: &mut Command) {
        use std::os::unix::process::CommandExt as _;
        if let RunAs::Account(account) = self {
            command.uid(account.user).gid(account.group);
        }
    }

    /// Gives a file or folder to who the server is run as.
    pub(super) fn hand_over(&self, path: &Path) -> Result<(), LocalError> {
        match self {
            RunAs::Ourselves => Ok(()),
            RunAs::Account(account) => std::os::unix::fs::chown(path, Some(account.user), Some(account.group))
                .map_err(LocalError::io(path, "given to the account that runs the server")),
        }
    }

    /// An error where a folder on the way to this one is closed to that account.
    pub(super) fn may_enter(&self, folder: &Path) -> Result<(), LocalError> {
        use std::os::unix::fs::MetadataExt as _;
        let RunAs::Account(account) = self else { return Ok(()) };
        let real = folder.canonicalize().map_err(LocalError::io(folder, "found"))?;
        for above in real.ancestors() {
            let found = std::fs::metadata(above).map_err(LocalError::io(above, "looked at"))?;
            let bit = match found.uid() == account.user {
                true => 0o100,
                false if found.gid() == account.group => 0o010,
                false => 0o001,
            };
            if found.mode() & bit == 0 {
                return Err(LocalError::Closed { folder: above.to_owned(), account: account.name.clone() });
            }
        }
        Ok(())
    }
}

#[cfg(unix)]
fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok().filter(|output| output.status.success())?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

/// There the server's own programs give away the rights of an administrator.
#[cfg(not(unix))]
impl RunAs {
    pub(super) fn of(_: &Path) -> Result<RunAs, LocalError> {
        Ok(RunAs::Ourselves)
    }

    pub(super) fn apply(&self, _: &mut Command) {}

    pub(super) fn hand_over(&self, _: &Path) -> Result<(), LocalError> {
        Ok(())
    }

    pub(super) fn may_enter(&self, _: &Path) -> Result<(), LocalError> {
        Ok(())
    }
}
