-- Names that the server makes, with the numbers it appends where a name is taken.
CREATE TABLE account (
    id integer PRIMARY KEY,
    email text UNIQUE,
    age integer CHECK (age > 0) CHECK (age < 200),
    low integer,
    high integer,
    parent_id integer REFERENCES account,
    UNIQUE (low, high),
    UNIQUE (high, low),
    CHECK (low < high),
    CHECK (low <> 7),
    CHECK (true),
    FOREIGN KEY (parent_id) REFERENCES account (id)
);
CREATE INDEX ON account (email);
CREATE INDEX ON account (email);
CREATE INDEX ON account (lower(email), age);
CREATE INDEX ON account ((age + 1));
CREATE INDEX ON account ((age + 1), (age + 2));
CREATE INDEX ON account (id) INCLUDE (email);
CREATE UNIQUE INDEX ON account (age);
ALTER TABLE account ADD CHECK (age <> 13);
ALTER TABLE account ADD UNIQUE (age);
ALTER TABLE account ADD FOREIGN KEY (low) REFERENCES account;
CREATE TABLE account_score_key (id integer);
ALTER TABLE account ADD COLUMN score integer CHECK (score >= 0) UNIQUE;
CREATE TABLE account_low_fkey1 (id integer PRIMARY KEY);
ALTER TABLE account ADD FOREIGN KEY (low) REFERENCES account;
