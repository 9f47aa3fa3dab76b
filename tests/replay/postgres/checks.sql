-- Expressions that the server prints in other words.
CREATE TYPE kind AS ENUM ('a', 'b');
CREATE TABLE t (
    s text, v varchar(20), c char(3), i integer, b bigint, n numeric(10, 2), d date, ts timestamptz, k kind, j jsonb, ok boolean, xs integer[],
    CONSTRAINT in_text CHECK (s IN ('x', 'y', 'z')),
    CONSTRAINT in_varchar CHECK (v IN ('x', 'y')),
    CONSTRAINT in_one CHECK (s IN ('x')),
    CONSTRAINT not_in CHECK (i NOT IN (1, 2)),
    CONSTRAINT in_char CHECK (c IN ('abc', 'def')),
    CONSTRAINT is_between CHECK (i BETWEEN 1 AND 10),
    CONSTRAINT not_equal CHECK (i != 5),
    CONSTRAINT is_like CHECK (s LIKE 'a%' AND s NOT ILIKE '%b'),
    CONSTRAINT matches CHECK (v ~ '^[a-z]+$'),
    CONSTRAINT is_kind CHECK (k = 'a' OR k IN ('b')),
    CONSTRAINT with_cast CHECK (b > 5::bigint AND n > 0.5),
    CONSTRAINT in_json CHECK (j ->> 'a' = 'b' AND j ? 'c'),
    CONSTRAINT truth CHECK (ok IS NOT FALSE AND (ok OR NOT ok)),
    CONSTRAINT of_date CHECK (d >= '2020-01-01' AND ts < now()),
    CONSTRAINT extracted CHECK (extract(year FROM d) > 2000),
    CONSTRAINT of_array CHECK (xs[1] > 0 AND 5 = ANY (xs) AND cardinality(xs) < 5),
    CONSTRAINT chosen CHECK (CASE WHEN i > 0 THEN s IS NOT NULL ELSE v IS NULL END),
    CONSTRAINT several CHECK ((i > 0 AND b > 0) OR (i IS NULL AND (b IS NULL OR n IS NULL))),
    CONSTRAINT distinct_from CHECK (i IS DISTINCT FROM b),
    CONSTRAINT calls CHECK (coalesce(s, '') <> '' AND length(trim(s)) > 0 AND char_length(v) <= 20),
    CONSTRAINT added CHECK (d + interval '1 day' > ts AND i + 1 > -b),
    CONSTRAINT num_nonnulls_one CHECK (num_nonnulls(i, b) = 1)
);
