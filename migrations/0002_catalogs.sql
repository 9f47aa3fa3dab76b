-- What a database held when a project last read it. Times are milliseconds since 1970.
CREATE TABLE catalogs (
    id INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    -- Without its password. Several projects may each have a database of their own under one.
    address TEXT NOT NULL,
    server TEXT NOT NULL,
    -- It held this then.
    read_at INTEGER NOT NULL,
    UNIQUE (project, address)
) STRICT;

-- Word for word. Apart, so that a time is written without them.
CREATE TABLE catalog_answers (
    catalog INTEGER PRIMARY KEY REFERENCES catalogs (id) ON DELETE CASCADE,
    -- Those to the questions of another Driftlens are not read.
    questions TEXT NOT NULL,
    answer TEXT NOT NULL,
    -- Rows as JSON; NULL where nobody asked.
    statistics TEXT
) STRICT;
