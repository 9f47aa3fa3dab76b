-- Checks in columns and in the table.
CREATE TABLE t (
    a integer CHECK (a > 0) CHECK (a < 10),
    b text CONSTRAINT b_filled CHECK (length(b) > 0) NOT NULL,
    c text CHECK (c IN ('x', 'y')) DEFAULT 'x',
    CHECK (a <> 5),
    CONSTRAINT both CHECK (a > 1 AND b <> 'z' OR c IS NULL),
    CHECK (a BETWEEN 1 AND 9 AND b GLOB 'a*')
);
ALTER TABLE t ADD COLUMN d integer CONSTRAINT d_small CHECK (d < 5);
ALTER TABLE t RENAME COLUMN b TO label;
ALTER TABLE t RENAME COLUMN a TO "select";
