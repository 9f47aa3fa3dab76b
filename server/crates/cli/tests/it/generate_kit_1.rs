//! `driftlens generate` beside the real drizzle-kit 1.0: what the two write into one folder, by turns, and what the migrator of
//! drizzle-orm 1.0 makes of it on real databases.
#![cfg(unix)]

use crate::kit_1_steps::{BRANCHES, POSTGRES, POSTGRES_STEPS, SQLITE, SQLITE_STEPS, Step, WIDE, WIDE_STEPS, step};
use crate::project::{Project, said};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tests::postgres::{Server, of_the_machine};

/// After each of the steps the newest migration is the one, then the other tool's; neither has anything to add or to say about it, and
/// what the other would have written is the same.
#[tokio::test(flavor = "multi_thread")]
async fn driftlens_and_drizzle_kit_1_take_turns_on_postgresql() {
    let server = Server::start(&of_the_machine());
    server.create_database("turns").await;
    take_turns("postgresql", POSTGRES, POSTGRES_STEPS, |position, folder| {
        let of = server.socket();
        let query = match position {
            0 => "INSERT INTO users (email, mood) VALUES ('ada', 'ok'), ('grace', 'glad') RETURNING email AS name",
            1..=3 => "SELECT email AS name FROM users ORDER BY id",
            _ => "SELECT mail AS name FROM people ORDER BY id",
        };
        let arguments = ["postgres".as_ref(), of.as_ref(), "turns".as_ref(), folder.as_os_str(), query.as_ref()];
        migrate(&arguments)
    });
}

#[test]
fn driftlens_and_drizzle_kit_1_take_turns_on_sqlite() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("turns.db");
    take_turns("sqlite", SQLITE, SQLITE_STEPS, |position, folder| {
        let query = match position {
            0 => "INSERT INTO users (email) VALUES ('ada'), ('grace') RETURNING email AS name",
            1..=2 => "SELECT email AS name FROM users ORDER BY id",
            _ => "SELECT email AS name FROM people ORDER BY id",
        };
        migrate(&["sqlite".as_ref(), file.as_os_str(), folder.as_os_str(), query.as_ref()])
    });
}

#[test]
fn snapshots_are_those_of_drizzle_kit_1_whatever_changes() {
    let (project, beside) = (Project::new("postgresql", ""), Project::new("postgresql", ""));
    [&project, &beside].iter().for_each(|it| it.link_packages("kit-1/node_modules"));
    let mut text = WIDE.to_owned();
    for (position, step) in WIDE_STEPS.iter().enumerate() {
        text = edited(&text, step.edits);
        [&project, &beside].iter().for_each(|it| it.write("schema.ts", &text));
        copy(&project.path("drizzle"), &beside.path("drizzle"));
        generate_ours(&beside, step, position);
        generate_with_kit(&project, step, position);
        let snapshots = (newest(&beside, "snapshot.json"), newest(&project, "snapshot.json"));
        assert_eq!(differences(&snapshots.0, &snapshots.1), "", "step {position}");
    }
}

/// One branch has a migration of ours, the other one of drizzle-kit's. Both tools see whether they are in conflict, and continue them in
/// the same way where they are not.
#[test]
fn branches_of_both_tools_are_judged_and_joined_alike() {
    for (position, branches) in BRANCHES.iter().enumerate() {
        let (project, beside) = (Project::new(branches.dialect, ""), Project::new(branches.dialect, ""));
        [&project, &beside].iter().for_each(|it| it.link_packages("kit-1/node_modules"));
        project.write("schema.ts", branches.start);
        generate_with_kit(&project, &step(&[]), position);
        copy(&project.path("drizzle"), &beside.path("drizzle"));
        beside.write("schema.ts", &edited(branches.start, branches.kits));
        generate_with_kit(&beside, &step(&[]), position);
        let theirs = beside.names("drizzle").pop().unwrap();
        project.write("schema.ts", &edited(branches.start, branches.ours));
        generate_ours(&project, &step(&[]), position);
        copy(&beside.path("drizzle").join(&theirs), &project.path("drizzle").join(format!("{theirs}_theirs")));
        let joined = match branches.ours == branches.kits {
            true => edited(branches.start, branches.ours),
            false => edited(&edited(branches.start, branches.ours), branches.kits),
        };
        project.write("schema.ts", &joined);
        let (kit_says, (_, we_say)) = (project.drizzle_kit_1(&["check"]), project.run(&["check"]));
        let (kit_joins, we_join) = (kit_says.contains("Everything's fine"), we_say.contains("in sync"));
        assert_eq!(
            (!kit_joins, !we_join),
            (branches.are_in_conflict, branches.are_in_conflict),
            "case {position}:\n{kit_says}\n{we_say}"
        );
        if branches.are_in_conflict {
            assert!(we_say.contains("history/branch-conflict"), "case {position}: {we_say}");
            continue;
        }
        let more = if branches.dialect == "sqlite" { "sqliteTable" } else { "pgTable" };
        let text = format!("{joined}export const more = {more}('more', {{ id: integer() }});\n");
        copy(&project.path("drizzle"), &beside.path("drizzle"));
        [&project, &beside].iter().for_each(|it| it.write("schema.ts", &text));
        generate_ours(&project, &step(&[]), position);
        generate_with_kit(&beside, &step(&[]), position);
        let snapshots = (newest(&project, "snapshot.json"), newest(&beside, "snapshot.json"));
        assert_eq!(differences(&snapshots.0, &snapshots.1), "", "case {position}");
        assert!(project.drizzle_kit_1(&["generate"]).contains("No schema changes"), "case {position}");
    }
}

/// Written by hand without a snapshot: one migration between two of drizzle-kit's, of which the later had its repetition taken out, and
/// one at the end.
#[test]
fn drizzle_kit_1_goes_on_from_the_snapshots_that_repair_makes() {
    for dialect in ["postgresql", "sqlite"] {
        let project = Project::new(dialect, "");
        project.link_packages("kit-1/node_modules");
        let (package, function) = if dialect == "sqlite" { ("sqlite", "sqliteTable") } else { ("pg", "pgTable") };
        let schema = |table: &str, columns: &str| {
            let imports = format!("import {{ {function}, integer, text, index }} from 'drizzle-orm/{package}-core';");
            let text = format!(
                "{imports}\nexport const t = {function}('{table}', {{ id: integer().primaryKey(), {columns} }}, (t) => [index('i').on(t.a)]);\n"
            );
            project.write("schema.ts", &text);
        };
        let by_hand = |sql: &str| {
            std::thread::sleep(std::time::Duration::from_millis(1_100));
            let last = project.names("drizzle").pop().unwrap();
            let folder = project.path("drizzle").join(format!("{}_by_hand", last[..14].parse::<u64>().unwrap() + 1));
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("migration.sql"), sql).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(1_100));
        };
        schema("users", "a: text()");
        generate_with_kit(&project, &step(&[]), 0);
        by_hand("ALTER TABLE users ADD COLUMN b text;\n");
        schema("people", "a: text(), b: text(), c: text()");
        let renamed = Step { edits: &[], renames: &[("table", &["public", "users"], &["public", "people"])] };
        generate_with_kit(&project, &renamed, 1);
        let repeated = project.path("drizzle").join(project.names("drizzle").pop().unwrap()).join("migration.sql");
        let sql = std::fs::read_to_string(&repeated).unwrap();
        let parts: Vec<&str> =
            sql.split("--> statement-breakpoint").filter(|it| !it.contains("\"b\"") && !it.contains("`b`")).collect();
        assert!(parts.len() == 2, "{sql}");
        std::fs::write(&repeated, parts.join("--> statement-breakpoint")).unwrap();
        by_hand("ALTER TABLE people ADD COLUMN d text;\n");
        schema("people", "a: text(), b: text(), c: text(), d: text()");

        assert!(project.run(&["check"]).1.contains("history/missing-snapshot"));
        let (_, said) = project.run(&["generate"]);
        assert!(said.contains("2 migrations without a snapshot") && said.contains("--repair"), "{said}");
        let (code, said) = project.run(&["generate", "--repair"]);
        assert!(
            code == 0 && said.matches("snapshot.json").count() == 3 && said.contains("nothing to generate"),
            "{said}"
        );
        let (code, said) = project.run(&["check"]);
        assert!(code == 0 && said.contains("in sync") && !said.contains("warning"), "{said}");
        let said = project.drizzle_kit_1(&["check"]);
        assert!(said.contains("Everything's fine"), "{said}");
        let said = project.drizzle_kit_1(&["generate"]);
        assert!(said.contains("No schema changes"), "{said}");
        let names = project.names("drizzle");
        let file = project.path("drizzle").join(&names[2]).join("snapshot.json");
        let third = std::fs::read_to_string(file).unwrap();
        let keys = third.matches("\"op\": \"").count();
        assert!(dialect == "sqlite" || (keys == 2 && third.contains("\"op\": \"rename\"")), "{third}");
        assert!(project.run(&["generate", "--repair"]).1.contains("nothing to generate"));
    }
}

fn edited(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in\n{text}");
        text.replace(from, to)
    })
}

fn take_turns(dialect: &str, start: &str, steps: &[Step], apply: impl Fn(usize, &Path) -> (i32, String)) {
    let project = Project::new(dialect, "");
    let beside = Project::new(dialect, "");
    [&project, &beside].iter().for_each(|it| it.link_packages("kit-1/node_modules"));
    let mut text = start.to_owned();
    for (position, step) in steps.iter().enumerate() {
        text = edited(&text, step.edits);
        for project in [&project, &beside] {
            project.write("schema.ts", &text);
        }
        copy(&project.path("drizzle"), &beside.path("drizzle"));
        let is_ours = position % 2 == 1;
        let (ours, kits) = if is_ours { (&project, &beside) } else { (&beside, &project) };
        generate_ours(ours, step, position);
        generate_with_kit(kits, step, position);
        let sql = newest(&project, "migration.sql");
        let (our_snapshot, kit_snapshot) = (newest(ours, "snapshot.json"), newest(kits, "snapshot.json"));
        assert_eq!(differences(&our_snapshot, &kit_snapshot), "", "step {position}: {sql}");
        let said = project.drizzle_kit_1(&["generate"]);
        assert!(said.contains("No schema changes"), "step {position}: {said}\n{sql}");
        let said = project.drizzle_kit_1(&["check"]);
        assert!(said.contains("Everything's fine"), "step {position}: {said}\n{sql}");
        let (code, said) = project.run(&["check"]);
        assert!(code == 0 && said.contains("in sync") && !said.contains("warning"), "step {position}: {said}\n{sql}");
        let (code, rows) = apply(position, &project.path("drizzle"));
        assert!(code == 0, "step {position}: {rows}\n{sql}");
        assert_eq!(rows.trim(), r#"[{"name":"ada"},{"name":"grace"}]"#, "step {position}:\n{sql}");
    }
}

fn generate_ours(project: &Project, step: &Step, position: usize) {
    let mut arguments = vec![String::from("generate"), String::from("--no-renames"), String::from("--name=step")];
    for (_, from, to) in step.renames {
        let path = |names: &[&str]| names.strip_prefix(&["public"]).unwrap_or(names).join(".");
        arguments.extend([String::from("--rename"), format!("{}={}", path(from), path(to))]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, said) = project.run(&arguments);
    assert_eq!(code, 0, "step {position}: {said}");
}

/// drizzle-kit asks about everything that may have been renamed.
fn generate_with_kit(project: &Project, step: &Step, position: usize) {
    let mut hints: Vec<Value> = Vec::new();
    hints.extend(
        step.renames.iter().map(|(kind, from, to)| json!({ "type": "rename", "kind": kind, "from": from, "to": to })),
    );
    for _ in 0..5 {
        let given = Value::from(hints.clone()).to_string();
        let said = project.drizzle_kit_1(&["generate", "--name=step", "--output=json", "--hints", &given]);
        if said.contains("EEXIST") {
            // It names folders by the second, and an earlier one has this one's.
            std::thread::sleep(Duration::from_secs(1));
            continue;
        }
        let answer: Value = serde_json::from_str(said.trim()).unwrap_or_else(|_| panic!("step {position}: {said}"));
        match answer["unresolved"].as_array() {
            Some(unresolved) if answer["status"] == "missing_hints" => {
                let hint = |it: &Value| json!({ "type": "create", "kind": it["kind"], "entity": it["entity"] });
                hints.extend(unresolved.iter().map(hint));
            }
            _ => {
                assert_eq!(answer["status"], "ok", "step {position}: {said}");
                return;
            }
        }
    }
    panic!("step {position}: drizzle-kit keeps asking");
}

/// What only the first of two snapshots holds, and only the second; each has an id of its own, and lists in an order of their own.
fn differences(ours: &str, kits: &str) -> String {
    let (ours, kits) = (items(ours), items(kits));
    let only = |side: &str, items: &[String], others: &[String]| -> String {
        items.iter().filter(|it| !others.contains(it)).map(|it| format!("only {side}: {it}\n")).collect()
    };
    only("ours", &ours, &kits) + &only("drizzle-kit's", &kits, &ours)
}

fn items(snapshot: &str) -> Vec<String> {
    let snapshot: Value = serde_json::from_str(snapshot).unwrap();
    let mut items = Vec::new();
    for (name, value) in snapshot.as_object().unwrap().iter().filter(|(name, _)| *name != "id") {
        let Some(list) = value.as_array() else {
            items.push(format!("{name} {value}"));
            continue;
        };
        for item in list {
            let mut item = item.clone();
            for nodes in ["reads", "writes", "sharedWrites"] {
                if let Some(nodes) = item.get_mut(nodes).and_then(Value::as_array_mut) {
                    nodes.sort_by_key(Value::to_string);
                }
            }
            let same = items.iter().filter(|it| it.starts_with(&format!("{name} {item}"))).count();
            items.push(format!("{name} {item} {}", if same == 0 { "" } else { "once more" }).trim_end().to_owned());
        }
    }
    items
}

fn newest(project: &Project, file: &str) -> String {
    let name = project.names("drizzle").pop().unwrap();
    std::fs::read_to_string(project.path("drizzle").join(name).join(file)).unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::remove_dir_all(to).ok();
    if !from.exists() {
        return;
    }
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let place = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &place),
            false => drop(std::fs::copy(entry.path(), place).unwrap()),
        }
    }
}

fn migrate(arguments: &[&std::ffi::OsStr]) -> (i32, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/kit-1");
    said(Command::new("node").current_dir(folder).arg("migrate.mjs").args(arguments).output().unwrap())
}
