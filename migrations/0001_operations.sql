-- What was done to which database. Times are milliseconds since 1970. An operation without an outcome runs, or was killed.
CREATE TABLE operations (
    id INTEGER PRIMARY KEY,
    command TEXT NOT NULL,
    project TEXT NOT NULL,
    environment TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Without its password.
    address TEXT NOT NULL,
    -- Tells a database from another one that was made anew under the same address.
    identity TEXT NOT NULL,
    version TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT,
    error TEXT
) STRICT;

CREATE INDEX operations_of_project ON operations (project, id);
CREATE INDEX operations_of_address ON operations (address, id);

-- Its migrations, or the steps of its plan, in order. One without an end was begun, and not all of it need be there.
CREATE TABLE steps (
    operation INTEGER NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (operation, position)
) STRICT, WITHOUT ROWID;

-- How far migrations came that are no transaction, until they are applied.
CREATE TABLE unfinished (
    address TEXT NOT NULL,
    identity TEXT NOT NULL,
    migration TEXT NOT NULL,
    operation INTEGER NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    -- So many statements are there for good,
    statements INTEGER NOT NULL,
    -- and this is the checksum of the text up to their end.
    checksum TEXT NOT NULL,
    -- 1 where the next one was sent, and its end was not heard of.
    running INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (address, identity, migration)
) STRICT, WITHOUT ROWID;
