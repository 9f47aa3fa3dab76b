//! `DATABASE_URL` in a project's `.env`: what stands there, and writing it. What somebody else wrote stays.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use database::Address;
use database::local::write_private;
use schema::Dialect;

/// The file that most tools read.
pub const ENV_FILE: &str = ".env";
const VARIABLE: &str = "DATABASE_URL";

/// What a file says of the variable, beside an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlInFile {
    Absent,
    Same,
    /// The same database on the port that it had before.
    Outdated,
    /// Another's; without its password. None where it is no address.
    Other(Option<String>),
}

/// What the `.env` of this folder says.
pub fn url_in_file(folder: &Path, address: &Address) -> io::Result<UrlInFile> {
    let text = match fs::read_to_string(folder.join(ENV_FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(UrlInFile::Absent),
        Err(error) => return Err(error),
    };
    let mut found = UrlInFile::Absent;
    for (_, value) in text.lines().filter_map(assignment) {
        let parsed = Address::parse(&value, Dialect::Postgres, folder);
        let this = match parsed {
            Ok(there) if there == *address => UrlInFile::Same,
            Ok(there) if there.is_same_but_port(address) => UrlInFile::Outdated,
            Ok(there) => UrlInFile::Other(Some(there.to_string())),
            Err(_) => UrlInFile::Other(None),
        };
        // Readers do not agree on which of several counts.
        found = match (found, this) {
            (UrlInFile::Absent, this) => this,
            (other @ UrlInFile::Other(_), _) | (_, other @ UrlInFile::Other(_)) => other,
            (UrlInFile::Same, UrlInFile::Same) => UrlInFile::Same,
            _ => UrlInFile::Outdated,
        };
    }
    Ok(found)
}

/// Writes the address with its password: behind what the file has, or in the place of what stands there for the variable.
pub fn write_url(folder: &Path, address: &Address) -> io::Result<()> {
    let path = folder.join(ENV_FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let url = address.for_a_command();
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut written = String::with_capacity(text.len() + url.len() + 20);
    let mut is_written = false;
    for line in text.split_inclusive('\n') {
        match assignment(line.trim_end_matches(['\n', '\r'])) {
            Some((before, _)) => {
                let end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
                written += &format!("{before}={url}{end}");
                is_written = true;
            }
            None => written += line,
        }
    }
    if !is_written {
        if !written.is_empty() && !written.ends_with('\n') {
            written += ending;
        }
        written += &format!("{VARIABLE}={url}{ending}");
    }
    write_private(&path, &written)
}

/// A line that sets the variable: what stands before `=`, and the value without quotes and comment.
fn assignment(line: &str) -> Option<(&str, String)> {
    let (before, value) = line.split_once('=')?;
    let name = before.trim();
    let name = name.strip_prefix("export ").map_or(name, str::trim);
    if name != VARIABLE {
        return None;
    }
    let value = value.trim();
    let quoted = ['"', '\'', '`'].iter().find_map(|quote| value.strip_prefix(*quote)?.split(*quote).next());
    let plain = || value.split(" #").next().unwrap_or_default().trim();
    Some((before.trim_end(), quoted.unwrap_or_else(plain).to_owned()))
}

/// None where there is no git, or no repository.
pub fn is_ignored_by_git(folder: &Path, name: &str) -> Option<bool> {
    let mut git = Command::new("git");
    git.args(["check-ignore", "-q", name]).current_dir(folder);
    let status = git.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
    match status.code() {
        Some(0) => Some(true),
        Some(1) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(port: u16) -> Address {
        Address::from_parts("127.0.0.1", Some(port), Some("postgres"), Some("hush$"), "shop", None).unwrap()
    }

    /// What stands there, and the file after writing.
    fn check(text: Option<&str>) -> (UrlInFile, String) {
        let folder = tempfile::tempdir().unwrap();
        if let Some(text) = text {
            fs::write(folder.path().join(ENV_FILE), text).unwrap();
        }
        let found = url_in_file(folder.path(), &address(5433)).unwrap();
        write_url(folder.path(), &address(5433)).unwrap();
        assert_eq!(url_in_file(folder.path(), &address(5433)).unwrap(), UrlInFile::Same, "{text:?}");
        let written = fs::read_to_string(folder.path().join(ENV_FILE)).unwrap();
        (found, written)
    }

    const URL: &str = "postgres://postgres:hush%24@127.0.0.1:5433/shop";

    #[test]
    fn it_is_put_behind_what_is_there() {
        assert_eq!(check(None), (UrlInFile::Absent, format!("DATABASE_URL={URL}\n")));
        let (_, text) = check(Some("A=1\r\n# DATABASE_URL=x"));
        assert_eq!(text, format!("A=1\r\n# DATABASE_URL=x\r\nDATABASE_URL={URL}\r\n"));
    }

    #[test]
    fn only_the_value_is_replaced() {
        let old = URL.replace("5433", "5444");
        let (found, text) = check(Some(&format!("A=1\nexport DATABASE_URL = \"{old}\" # ours\nB=2\n")));
        assert_eq!((found, text), (UrlInFile::Outdated, format!("A=1\nexport DATABASE_URL={URL}\nB=2\n")));
    }

    #[test]
    fn anothers_is_told_without_its_password() {
        let (found, _) = check(Some("DATABASE_URL='postgres://me:pw@db/app'\n"));
        assert_eq!(found, UrlInFile::Other(Some(String::from("postgres://me@db/app"))));
        assert_eq!(check(Some("DATABASE_URL=mysql://a:b@c/d\n")).0, UrlInFile::Other(None));
        assert_eq!(check(Some("DATABASE_URL=\n")).0, UrlInFile::Other(None));
    }
}
