-- Defaults that the server prints in other words.
CREATE TYPE kind AS ENUM ('a', 'b');
CREATE SCHEMA s;
CREATE TYPE s.kind AS ENUM ('c');
CREATE TABLE t (
    a text DEFAULT 'x', b varchar(5) DEFAULT 'x'::varchar, c char(3) DEFAULT 'abc', d integer DEFAULT -1, e bigint DEFAULT 5,
    f numeric(10, 2) DEFAULT 1.50, g real DEFAULT 1.5, h double precision DEFAULT '1e3', i boolean DEFAULT 't', j boolean DEFAULT TRUE,
    k date DEFAULT CURRENT_DATE, l timestamptz DEFAULT now(), m timestamp DEFAULT (now() AT TIME ZONE 'utc'),
    n timestamptz DEFAULT '2020-01-01 00:00:00+00', o interval DEFAULT '1 day', p uuid DEFAULT gen_random_uuid(),
    q jsonb DEFAULT '{}'::jsonb, r json DEFAULT '[]', s text[] DEFAULT '{}', t integer[] DEFAULT ARRAY[1, 2]::integer[],
    u kind DEFAULT 'a', v kind[] DEFAULT '{a}'::kind[], w s.kind DEFAULT 'c'::s.kind, x text DEFAULT NULL, y text DEFAULT 'it''s',
    z text DEFAULT E'a\nb', aa text DEFAULT (('a' || 'b') || 'c'), bb text DEFAULT md5(random()::text), cc bytea DEFAULT '\x00',
    dd inet DEFAULT '127.0.0.1', ee time DEFAULT '12:00', ff bigint DEFAULT (extract(epoch FROM now()) * 1000)::bigint,
    gg text DEFAULT current_user, hh integer DEFAULT (1 + 2) * 3, ii timestamp(3) DEFAULT CURRENT_TIMESTAMP(3), jj numeric DEFAULT 0,
    kk text DEFAULT CAST('x' AS text), ll varchar(20) DEFAULT lower('X'), mm bit(3) DEFAULT B'101', nn money DEFAULT 5
);
