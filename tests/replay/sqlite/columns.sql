-- Columns as SQLite takes them: any type, or none.
CREATE TABLE t (
    a, b INT, c VARCHAR(255) NOT NULL, d DECIMAL(10, 2) DEFAULT 1.50, e UNSIGNED BIG INT DEFAULT -1,
    f text DEFAULT 'it''s', g text DEFAULT (lower('X')), h integer DEFAULT (strftime('%s', 'now')), i blob DEFAULT x'00ff',
    j text DEFAULT CURRENT_TIMESTAMP, k boolean DEFAULT FALSE, l real DEFAULT 1e3, m text DEFAULT NULL, n text DEFAULT "double",
    o text COLLATE NOCASE, p text COLLATE RTRIM NOT NULL, q integer NULL
);
ALTER TABLE t ADD COLUMN r text DEFAULT 'x' NOT NULL;
ALTER TABLE t ADD s integer CHECK (s > 0) REFERENCES t (a);
ALTER TABLE t DROP COLUMN m;
ALTER TABLE t DROP k;
