//! SQL that nobody means: mutated, cut off, nested without end, huge. No panic, no hang, every place inside the file.

use std::path::Path;
use std::time::{Duration, Instant};

use languages::sql::{State, apply, statements};
use schema::Dialect;
use source::{FilePath, Span};

/// Inputs made of the fixtures by the seeded generator.
const N_MUTATIONS: usize = 200_000;
const SEED: u64 = 0x05ee_d0fd_21f7;

/// Far more than any of these takes; what hangs takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

const POSTGRES: &str = include_str!("hostile_sql/postgres.sql");
const SQLITE: &str = include_str!("hostile_sql/sqlite.sql");

fn fixtures() -> [(Dialect, &'static str); 2] {
    [(Dialect::Postgres, POSTGRES), (Dialect::Sqlite, SQLITE)]
}

/// Reads and applies a text, and looks at every place that comes out.
fn check(dialect: Dialect, text: &str) {
    let mut state = State::new(dialect);
    state.begin(&FilePath::from(Path::new("/m.sql")), true);
    let inside = |span: Span, what: &str| {
        let (start, end) = (span.start as usize, span.end as usize);
        let is_inside = start <= end && end <= text.len() && text.is_char_boundary(start) && text.is_char_boundary(end);
        assert!(is_inside, "{what} at {span:?} of a text of {} bytes: {text:?}", text.len());
    };
    for statement in statements(dialect, text) {
        inside(statement.span, "a statement");
        apply(&mut state, &statement);
    }
    for found in state.drain_uses() {
        inside(found.location.span, "a name");
    }
    for finding in state.take_diagnostics() {
        inside(finding.location.span, finding.code.id);
    }
    // What was done can be taken back.
    let effects = state.take_effects();
    state.revert(&effects);
    let schema = state.schema();
    assert!(schema.tables.is_empty() && schema.enums.is_empty() && schema.unknown.is_empty(), "{text:?}");
}

/// xorshift64*: the same inputs on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }
}

/// One to four changes of bytes: another byte, one more, one less, a piece of the fixture in another place.
fn mutated(random: &mut Random, text: &[u8], whole: &[u8]) -> Vec<u8> {
    const TELLING: &[u8] = b"'\"`[]();$-/*\\,.:\0\n\r\xff\xc3 E0";
    let mut bytes = text.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        match random.below(6) {
            0 if !bytes.is_empty() => bytes[at] = TELLING[random.below(TELLING.len())],
            1 if !bytes.is_empty() => bytes[at] = u8::try_from(random.below(256)).unwrap(),
            2 => bytes.insert(at, TELLING[random.below(TELLING.len())]),
            3 if !bytes.is_empty() => drop(bytes.remove(at)),
            4 => {
                let start = random.below(whole.len());
                let end = (start + random.below(24)).min(whole.len());
                let piece = whole[start..end].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

#[test]
fn mutated_statements_do_no_harm() {
    let started = Instant::now();
    let mut random = Random(SEED);
    let mut n_inputs = 0;
    while n_inputs < N_MUTATIONS {
        for (dialect, text) in fixtures() {
            let pieces: Vec<&str> = text.split_inclusive(";\n").collect();
            for piece in pieces {
                let input = mutated(&mut random, piece.as_bytes(), text.as_bytes());
                // A file is read only where it is UTF-8; the reader sees what a lossy one would make of it.
                check(dialect, &String::from_utf8_lossy(&input));
                n_inputs += 1;
            }
        }
    }
    println!("{n_inputs} inputs in {:?}", started.elapsed());
}

#[test]
fn every_prefix_and_suffix_of_a_fixture_does_no_harm() {
    for (dialect, text) in fixtures() {
        // Each statement's prefixes after a few whole ones: the same cuts as of the whole, without reading the start so often.
        let pieces: Vec<&str> = text.split_inclusive(";\n").collect();
        for (position, piece) in pieces.iter().enumerate() {
            let before = pieces[position.saturating_sub(2)..position].concat();
            for end in (0..=piece.len()).filter(|end| piece.is_char_boundary(*end)) {
                check(dialect, &format!("{before}{}", &piece[..end]));
                check(dialect, &piece[end..]);
            }
        }
    }
}

#[test]
fn nesting_without_end_is_refused_and_not_followed() {
    let started = Instant::now();
    let n = 100_000;
    for dialect in [Dialect::Postgres, Dialect::Sqlite] {
        for (open, close) in
            [("(", ")"), ("[", "]"), ("CASE WHEN ", " END"), ("/*", "*/"), ("BEGIN ", " END;"), ("NOT ", "")]
        {
            let (opened, closed) = (open.repeat(n), close.repeat(n));
            check(dialect, &format!("CREATE TABLE t (a int DEFAULT {opened}1{closed});"));
            check(dialect, &format!("CREATE TABLE t (a int CHECK ({opened}"));
            check(dialect, &format!("CREATE VIEW v AS SELECT {opened}1{closed};"));
            check(dialect, &format!("DO $$ BEGIN {opened}{closed} END $$;"));
            check(dialect, &opened);
        }
        check(dialect, &"DO $a$ ".repeat(n));
        check(dialect, &"$".repeat(n));
        check(dialect, &"'".repeat(n));
        check(dialect, &";".repeat(n));
        check(dialect, &"CREATE TABLE t (a int);\n".repeat(2_000));
        check(dialect, &format!("CREATE TABLE t ({});", vec!["a int"; n].join(", ")));
        check(dialect, &format!("CREATE TABLE t (a int{});", " NOT NULL".repeat(n)));
    }
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
}

#[test]
fn a_dump_of_20_mb_is_read_in_one_go() {
    let started = Instant::now();
    let mut text = String::from("CREATE TABLE rows (id int PRIMARY KEY, body text);\n");
    let mut row = 0;
    while text.len() < 20_000_000 {
        text.push_str(&format!("INSERT INTO rows VALUES ({row}, 'it''s a ; body -- of a row');\n"));
        row += 1;
    }
    text.push_str("ALTER TABLE rows ADD COLUMN last int;\n");
    for dialect in [Dialect::Postgres, Dialect::Sqlite] {
        let mut state = State::new(dialect);
        for statement in statements(dialect, &text) {
            apply(&mut state, &statement);
        }
        let table = state.schema().tables.values().next().unwrap().clone();
        assert!(table.columns.contains_key("last"));
    }
    let copied = format!(
        "CREATE TABLE rows (id int);\nCOPY rows (id) FROM stdin;\n{}\\.\nALTER TABLE rows ADD last int;\n",
        "1\n".repeat(5_000_000)
    );
    check(Dialect::Postgres, &copied);
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
}

#[test]
fn odd_bytes_stay_inside_the_file() {
    for (dialect, text) in fixtures() {
        check(dialect, &format!("\u{feff}{text}"));
        check(dialect, &text.replace('\n', "\r\n"));
        check(dialect, &text.replace(' ', "\u{a0}"));
        check(dialect, &text.replace(' ', "\0"));
        check(dialect, &text.replace('a', "é𝒶"));
        let utf16: String = text.chars().flat_map(|character| [character, '\0']).collect();
        check(dialect, &utf16);
    }
}
