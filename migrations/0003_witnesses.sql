-- Two spellings of an expression that the server of a database has printed as one.
CREATE TABLE witnesses (
    id INTEGER PRIMARY KEY,
    -- Without its password.
    address TEXT NOT NULL,
    -- Tells a database from another one that was made anew under the same address.
    identity TEXT NOT NULL,
    -- How the server was asked for its print of the object.
    question TEXT NOT NULL,
    -- The statement that made it of our text.
    ours TEXT NOT NULL,
    -- The print.
    theirs TEXT NOT NULL,
    -- The columns that the text may speak of, with their types.
    about TEXT NOT NULL,
    -- When it was proved last, in milliseconds since 1970.
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX witnesses_of_database ON witnesses (address, identity, question);
