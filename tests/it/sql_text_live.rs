//! What a real database holds, printed as SQL and run on an empty one, is there again.

use std::path::{Path, PathBuf};

use schema::Schema;
use tests::comparison::{differences, normalize};
use tests::postgres::{Server, Session, of_the_machine};
use tests::sqlite_plans::{Database, equal};

/// Scripts whose database is not made again, and why.
const NOT_MADE: &[(&str, &str)] = &[
    ("domains", "a domain without a default over one that has got its default later"),
    ("extensions", "an operator class of an extension in a schema off the search path"),
    ("opaque", "columns of composite types, of which the names alone are known"),
];

fn scripts(folder: &str) -> Vec<(String, String)> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("replay").join(folder);
    let mut scripts: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    scripts.sort();
    scripts
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Functions and triggers in every relation to what else there is.
const ROUTINES: &str = r#"
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE FUNCTION zz_positive(a integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a > 0';
CREATE DOMAIN level AS integer CHECK (zz_positive(VALUE));
CREATE FUNCTION of_level(a level DEFAULT 3, m mood DEFAULT 'a') RETURNS level LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE b_first (id integer DEFAULT of_level(), app level, CHECK (of_level(id) > 0));
CREATE VIEW z_view AS SELECT id FROM b_first;
CREATE VIEW a_view AS SELECT id FROM z_view;
CREATE FUNCTION next_one() RETURNS integer LANGUAGE sql AS 'SELECT max(id) + 1 FROM a_view';
CREATE TABLE a_second (id integer DEFAULT next_one(), b integer GENERATED ALWAYS AS (of_level(id)) STORED);
CREATE INDEX by_level ON a_second (of_level(id)) WHERE zz_positive(id);
CREATE FUNCTION rows() RETURNS SETOF a_second LANGUAGE sql AS 'SELECT * FROM a_second';
CREATE VIEW of_rows AS SELECT * FROM rows();
CREATE FUNCTION calls_atomic() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM of_rows; END;
CREATE FUNCTION app.twice(a integer) RETURNS integer LANGUAGE sql RETURN calls_atomic() * a;
CREATE FUNCTION app.twice(a text) RETURNS text LANGUAGE sql AS 'SELECT a || a';
CREATE TABLE ring (id integer, n integer);
CREATE FUNCTION in_circle() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM ring';
CREATE FUNCTION is_whole(c ring) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN c.id IS NOT NULL; END';
ALTER TABLE ring ALTER n SET DEFAULT in_circle(), ADD CONSTRAINT few CHECK (in_circle() < 10);
CREATE INDEX whole ON ring (is_whole(ring.*));
CREATE PROCEDURE app.work(INOUT a integer) LANGUAGE plpgsql AS $$ DECLARE one ring%ROWTYPE; BEGIN a := 1; END $$;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql SET search_path = app, public AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE INSERT OR UPDATE OF n ON ring FOR EACH ROW WHEN (NEW.n > 0) EXECUTE FUNCTION touch(1, 'x');
CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON ring DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER many AFTER UPDATE ON ring REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION touch();
CREATE TRIGGER instead INSTEAD OF DELETE ON z_view FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE ring DISABLE TRIGGER g, ENABLE ALWAYS TRIGGER many;
ALTER TABLE b_first ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON b_first USING (in_circle() > 0);
COMMENT ON FUNCTION app.twice(text) IS 'of texts';
COMMENT ON PROCEDURE app.work(integer) IS 'works';
COMMENT ON TRIGGER g ON ring IS 'touches';
REVOKE ALL ON FUNCTION next_one() FROM PUBLIC;
CREATE ROLE of_routines;
GRANT EXECUTE ON FUNCTION next_one() TO of_routines;
"#;

#[test]
fn what_postgresql_holds_is_printed_and_made_again() {
    block_on(async {
        let server = Server::start(&of_the_machine());
        server.create_database("printed").await;
        let mut session = Session::new(&server, "printed").await;
        let mut failures = Vec::new();
        let mut all = scripts("postgres");
        all.push((String::from("routines"), ROUTINES.to_owned()));
        let (n_scripts, mut n_made) = (all.len(), 0);
        for (name, script) in all {
            let reason = NOT_MADE.iter().find(|(it, _)| *it == name).map(|(_, reason)| reason);
            match (again(&mut session, &script).await, reason) {
                (Ok(()), Some(_)) => failures.push(format!("--- {name} is listed, but is made again")),
                (Err(failure), None) => failures.push(format!("--- {name}\n{failure}")),
                (Ok(()), None) => n_made += 1,
                (Err(_), Some(reason)) => println!("not made again: {name}: {reason}"),
            }
        }
        println!("{n_made} of {n_scripts} are made again");
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    });
}

async fn again(session: &mut Session, script: &str) -> Result<(), String> {
    let held = held_after(session, script).await?;
    let text = dialects::sql_text(&held);
    let mut again = held_after(session, &text).await.map_err(|error| format!("{error}\n{text}"))?;
    let mut held = held;
    for schema in [&mut held, &mut again] {
        dialects::fold_serials(schema);
    }
    held.opaque.retain(|_, it| it.definition.is_some());
    normalize(&mut again, &mut held);
    let differences: Vec<String> = differences(&again, &held).iter().map(ToString::to_string).collect();
    if differences.is_empty() { Ok(()) } else { Err(format!("{}\n{text}", differences.join("\n"))) }
}

async fn held_after(session: &mut Session, text: &str) -> Result<Schema, String> {
    session.run("BEGIN").await.unwrap();
    let ran = session.run(text).await;
    session.run("RESET search_path").await.unwrap_or_default();
    let held = match ran {
        Ok(()) => Ok(session.read().await),
        Err(error) => Err(error),
    };
    session.run("ROLLBACK").await.unwrap();
    held
}

const SQLITE_TRIGGERS: &str = "
create table log (text);
create table t (id integer primary key, a text);
create view v as select a from t;
create trigger one after insert on t for each row when new.a is not null begin insert into log values (new.a); end;
create trigger two before update of a on t begin select raise(abort, 'no; never') where old.a = 'x'; end;
create trigger three instead of insert on v begin insert into t (a) values (new.a); delete from log; end;
";

#[test]
fn what_sqlite_holds_is_printed_and_made_again() {
    block_on(async {
        let mut all = scripts("sqlite");
        all.push((String::from("triggers"), SQLITE_TRIGGERS.to_owned()));
        let mut n_triggers = 0;
        for (name, script) in &all {
            let mut first = Database::open().await;
            first.run(script).await.unwrap();
            let mut held = first.schema().await;
            held.opaque.retain(|_, it| it.definition.is_some());
            held.tables.retain(|_, table| !table.opaque);
            n_triggers += held.opaque.len();
            let text = dialects::sql_text(&held);
            let mut second = Database::open().await;
            second.run(&text).await.unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
            equal("made again", &second.schema().await, &held).unwrap_or_else(|it| panic!("{name}: {it}\n{text}"));
        }
        assert!(n_triggers >= 4, "only {n_triggers} triggers");
    });
}
