-- LIKE copies columns, and what its options name.
CREATE TABLE model (
    id integer GENERATED ALWAYS AS IDENTITY,
    code text COLLATE "C" NOT NULL DEFAULT 'x',
    low integer CHECK (low > 0),
    total integer GENERATED ALWAYS AS (low * 2) STORED,
    CONSTRAINT model_key PRIMARY KEY (id),
    CONSTRAINT model_code UNIQUE (code)
);
CREATE INDEX model_low ON model (low DESC) WHERE low > 10;
CREATE INDEX model_lower ON model (lower(code));
COMMENT ON COLUMN model.code IS 'the code';
COMMENT ON INDEX model_low IS 'about low';
CREATE TABLE bare (LIKE model);
CREATE TABLE with_defaults (LIKE model INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
CREATE TABLE with_all (extra date, LIKE model INCLUDING ALL, last text);
CREATE TABLE all_but_indexes (LIKE model INCLUDING ALL EXCLUDING INDEXES EXCLUDING COMMENTS);
CREATE TABLE with_indexes (LIKE model INCLUDING INDEXES);
CREATE TABLE twice (LIKE model INCLUDING INDEXES);
CREATE TABLE with_generated (LIKE model INCLUDING GENERATED INCLUDING IDENTITY);
CREATE TABLE with_comments (LIKE model INCLUDING COMMENTS);
CREATE TABLE like_serial_model (id serial, note text DEFAULT 'n');
CREATE TABLE like_serial (LIKE like_serial_model INCLUDING DEFAULTS);
