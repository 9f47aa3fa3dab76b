//! Where a database is. What it prints holds no password.

use std::fmt;
use std::path::PathBuf;

use schema::Dialect;
use url::Url;

/// A database's address as it was given.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    pub dialect: Dialect,
    place: Place,
}

#[derive(Clone, PartialEq, Eq)]
enum Place {
    /// With the password in it.
    Postgres(Url),
    /// None where it is in memory.
    Sqlite(Option<PathBuf>),
}

/// Why a text is no address, as a sentence that holds no password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressError(pub String);

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AddressError {}

impl Address {
    /// Reads `postgres://…`, `postgresql://…`, `sqlite:…`, `file:…`, or a path where the dialect says that it is a file. A relative path
    /// is taken from `base`.
    pub fn parse(text: &str, dialect: Dialect, base: &std::path::Path) -> Result<Address, AddressError> {
        let text = text.trim();
        let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        match (scheme.as_deref(), dialect) {
            (Some("postgres" | "postgresql"), Dialect::Postgres) => {
                let url = Url::parse(text).map_err(|error| AddressError(format!("the address is no URL: {error}")))?;
                Ok(Address { dialect, place: Place::Postgres(url) })
            }
            (Some("postgres" | "postgresql"), Dialect::Sqlite) => {
                Err(AddressError(String::from("the address is of PostgreSQL, the project of SQLite")))
            }
            (_, Dialect::Postgres) => Err(AddressError(String::from(
                "the address does not start with postgres://: write postgres://USER@HOST:PORT/DATABASE",
            ))),
            (Some("libsql" | "http" | "https" | "ws" | "wss"), Dialect::Sqlite) => Err(AddressError(String::from(
                "a database over the network (libsql, Turso, D1) cannot be reached; only files can",
            ))),
            (_, Dialect::Sqlite) => Ok(Address { dialect, place: Place::Sqlite(sqlite_path(text, base)) }),
        }
    }

    /// From the parts of drizzle-kit's `dbCredentials`.
    pub fn from_parts(
        host: &str,
        port: Option<u16>,
        user: Option<&str>,
        password: Option<&str>,
        database: &str,
        ssl: Option<&str>,
    ) -> Result<Address, AddressError> {
        let bad = |what: &str| AddressError(format!("`dbCredentials` make no address: the {what} is not one"));
        let mut url = Url::parse("postgres://localhost/").map_err(|_| bad("host"))?;
        if host.starts_with('/') {
            url.query_pairs_mut().append_pair("host", host);
        } else {
            url.set_host(Some(host)).map_err(|_| bad("host"))?;
        }
        url.set_port(port).map_err(|()| bad("port"))?;
        url.set_username(user.unwrap_or_default()).map_err(|()| bad("user"))?;
        url.set_password(password).map_err(|()| bad("password"))?;
        url.path_segments_mut().map_err(|()| bad("database"))?.push(database);
        if let Some(ssl) = ssl {
            url.query_pairs_mut().append_pair("sslmode", ssl);
        }
        // What a shell and a `.env` file would take for something else.
        let url = Url::parse(&url.as_str().replace('$', "%24").replace('\'', "%27")).map_err(|_| bad("password"))?;
        Ok(Address { dialect: Dialect::Postgres, place: Place::Postgres(url) })
    }

    /// True for a database on this machine: a loopback host, a socket, a file.
    pub fn is_local(&self) -> bool {
        match &self.place {
            Place::Sqlite(_) => true,
            Place::Postgres(url) => match self.host(url).as_str() {
                "" | "localhost" | "::1" | "[::1]" => true,
                host => host.starts_with('/') || host.starts_with("127.") || host.ends_with(".localhost"),
            },
        }
    }

    fn host(&self, url: &Url) -> String {
        let named = url.query_pairs().find(|(key, _)| key == "host" || key == "hostaddr");
        match named {
            Some((_, host)) => host.into_owned(),
            None => url.host_str().unwrap_or_default().replace("%2F", "/").replace("%2f", "/"),
        }
    }

    /// The database's name, or the file's.
    pub fn name(&self) -> String {
        match &self.place {
            Place::Postgres(url) => match url.path().trim_start_matches('/') {
                "" => url.username().to_owned(),
                name => percent_decoded(name),
            },
            Place::Sqlite(Some(path)) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            Place::Sqlite(None) => String::from(":memory:"),
        }
    }

    /// The file of a SQLite database.
    pub fn sqlite_file(&self) -> Option<&std::path::Path> {
        match &self.place {
            Place::Sqlite(path) => path.as_deref(),
            Place::Postgres(_) => None,
        }
    }

    /// A SQLite database in memory: what a file is that is not there.
    pub fn in_memory() -> Address {
        Address { dialect: Dialect::Sqlite, place: Place::Sqlite(None) }
    }

    /// True where the two differ in nothing but the port.
    pub fn is_same_but_port(&self, other: &Address) -> bool {
        let without = |address: &Address| match &address.place {
            Place::Postgres(url) => {
                let mut url = url.clone();
                url.set_port(None).ok().map(|()| url)
            }
            Place::Sqlite(_) => None,
        };
        without(self).zip(without(other)).is_some_and(|(one, two)| one == two)
    }

    /// The URL with the password, for who connects and for no one else.
    pub(crate) fn secret_url(&self) -> Option<&str> {
        match &self.place {
            Place::Postgres(url) => Some(url.as_str()),
            Place::Sqlite(_) => None,
        }
    }

    /// The address with the password, for the environment of a command that a person configured and for the file that its tools read it
    /// from; never for a log or a message.
    pub fn for_a_command(&self) -> String {
        match &self.place {
            Place::Postgres(url) => url.to_string(),
            Place::Sqlite(_) => {
                format!("file:{}", self.sqlite_file().map(|it| it.display().to_string()).unwrap_or_default())
            }
        }
    }

    /// What of a text could be a password is taken out of it: drivers and servers repeat what they were given.
    pub(crate) fn redacted(&self, text: &str) -> String {
        let Place::Postgres(url) = &self.place else { return text.to_owned() };
        let mut secrets: Vec<String> =
            url.password().into_iter().flat_map(|it| [it.to_owned(), percent_decoded(it)]).collect();
        secrets.extend(url.query_pairs().filter(|(key, _)| is_secret(key)).map(|(_, value)| value.into_owned()));
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.iter().filter(|it| !it.is_empty()).fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }
}

fn is_secret(key: &str) -> bool {
    ["password", "sslpassword", "passfile"].contains(&key)
}

/// Without the password, and without parameters.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Postgres(url) => {
                let user = if url.username().is_empty() { String::new() } else { format!("{}@", url.username()) };
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                write!(f, "postgres://{user}{}{port}/{}", self.host(url), self.name())
            }
            Place::Sqlite(Some(path)) => write!(f, "sqlite:{}", path.display()),
            Place::Sqlite(None) => f.write_str("sqlite::memory:"),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

fn sqlite_path(text: &str, base: &std::path::Path) -> Option<PathBuf> {
    let rest = text.strip_prefix("sqlite:").or_else(|| text.strip_prefix("file:")).unwrap_or(text);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let rest = rest.strip_prefix("//localhost/").map(|it| format!("/{it}")).unwrap_or_else(|| {
        // `sqlite://data.db` names data.db here, `file:///srv/data.db` an absolute path.
        rest.strip_prefix("//").unwrap_or(rest).to_owned()
    });
    // Without `.` one file has one name.
    (rest != ":memory:" && !rest.is_empty()).then(|| base.join(percent_decoded(&rest)).components().collect())
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = (byte == b'%').then(|| rest.as_slice_pair());
        match hex.flatten() {
            Some(value) => {
                bytes.push(value);
                rest.nth(1);
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Looks two hexadecimal digits ahead.
trait SlicePair {
    fn as_slice_pair(&self) -> Option<u8>;
}

impl SlicePair for std::str::Bytes<'_> {
    fn as_slice_pair(&self) -> Option<u8> {
        let mut ahead = self.clone();
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let (high, low) = (digit(ahead.next()?)?, digit(ahead.next()?)?);
        u8::try_from(high * 16 + low).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn parse(text: &str, dialect: Dialect) -> Result<Address, AddressError> {
        Address::parse(text, dialect, Path::new("/p"))
    }

    #[test]
    fn nothing_that_is_printed_holds_the_password() {
        let address =
            parse("postgres://app:s%40cret@db.example.org:6432/shop?sslmode=require", Dialect::Postgres).unwrap();
        assert_eq!(address.to_string(), "postgres://app@db.example.org:6432/shop");
        assert_eq!(format!("{address:?}"), "Address(postgres://app@db.example.org:6432/shop)");
        assert_eq!(address.redacted("refused s@cret of app (s%40cret)"), "refused … of app (…)");
        let error = parse("postgres://app:secret@[bad/shop", Dialect::Postgres).unwrap_err();
        assert!(!error.0.contains("secret"), "{error}");
        let error = parse("mysql://app:secret@localhost/shop", Dialect::Postgres).unwrap_err();
        assert!(!error.0.contains("secret"), "{error}");
    }

    #[test]
    fn what_is_on_this_machine_is_known() {
        let is_local = |text: &str| parse(text, Dialect::Postgres).unwrap().is_local();
        for text in [
            "postgres://localhost/x",
            "postgres://127.0.0.1:5433/x",
            "postgres://[::1]/x",
            "postgres:///x?host=/var/run/postgresql",
            "postgres://%2Fvar%2Frun/x",
        ] {
            assert!(is_local(text), "{text}");
        }
        for text in [
            "postgres://db/x",
            "postgres://10.0.0.3/x",
            "postgres://localhost.example.org/x",
            "postgres://localhost/x?host=db",
        ] {
            assert!(!is_local(text), "{text}");
        }
    }

    #[test]
    fn files_are_named_in_many_ways() {
        let file = |text: &str| parse(text, Dialect::Sqlite).unwrap().sqlite_file().map(|it| it.display().to_string());
        assert_eq!(file("./data/a.db").as_deref(), Some("/p/data/a.db"));
        assert_eq!(file("file:a%20b.db?mode=ro").as_deref(), Some("/p/a b.db"));
        assert_eq!(file("sqlite://a.db").as_deref(), Some("/p/a.db"));
        assert_eq!(file("file:///srv/a.db").as_deref(), Some("/srv/a.db"));
        assert_eq!(file(":memory:"), None);
        assert!(parse("libsql://x.turso.io", Dialect::Sqlite).is_err());
    }

    #[test]
    fn parts_make_an_address() {
        let address =
            Address::from_parts("db", Some(5433), Some("a b"), Some("p:/?#"), "my shop", Some("require")).unwrap();
        assert_eq!(address.to_string(), "postgres://a%20b@db:5433/my shop");
        let quoted = Address::from_parts("db", None, Some("me"), Some("$it's"), "shop", None).unwrap();
        assert_eq!(quoted.secret_url(), Some("postgres://me:%24it%27s@db/shop"));
        assert_eq!(address.secret_url(), Some("postgres://a%20b:p%3A%2F%3F%23@db:5433/my%20shop?sslmode=require"));
    }
}
