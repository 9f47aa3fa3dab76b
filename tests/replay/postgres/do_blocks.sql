-- Blocks that guard a statement, as generators write them.
CREATE TYPE status AS ENUM ('on', 'off');
DO $$ BEGIN
    CREATE TYPE status AS ENUM ('on', 'off', 'other');
EXCEPTION
    WHEN duplicate_object THEN null;
END $$;
DO $$ BEGIN
    CREATE TYPE level AS ENUM ('low', 'high');
EXCEPTION
    WHEN duplicate_object THEN null;
END $$;
CREATE TABLE users (id integer PRIMARY KEY, status status);
CREATE TABLE posts (id integer PRIMARY KEY, user_id integer, level level);
DO $$ BEGIN
    ALTER TABLE posts ADD CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE cascade;
EXCEPTION
    WHEN duplicate_object THEN null;
END $$;
DO $$ BEGIN
    ALTER TABLE posts ADD CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE set null;
EXCEPTION
    WHEN duplicate_object THEN null;
END $$;
DO $body$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'size') THEN
        CREATE TYPE size AS ENUM ('s', 'm');
    END IF;
    ALTER TABLE users ADD COLUMN IF NOT EXISTS size size;
END
$body$;
DO $$
BEGIN
    CREATE INDEX users_status ON users (status);
    COMMENT ON TABLE users IS 'it''s a table';
END $$ LANGUAGE plpgsql;
