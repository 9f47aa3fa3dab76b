//! Snapshots that are missing between those that drizzle-kit 1.0 wrote.

use std::path::Path;

use schema::{Dialect, Schema};
use serde_json::Value;
use source::{FilePath, MemoryFiles};

use crate::formats::{self, Addition, Folder, Format};

const SNAPSHOTS: [&str; 4] = [
    include_str!("../../../tests_data/drizzle_1/postgres_9_base.json"),
    include_str!("../../../tests_data/drizzle_1/postgres_9_custom.json"),
    include_str!("../../../tests_data/drizzle_1/postgres_9_diff.json"),
    include_str!("../../../tests_data/drizzle_1/postgres_9_renames.json"),
];

/// A folder of these migrations, those with a snapshot at its place.
fn folder(snapshots: &[Option<&str>]) -> (Folder, MemoryFiles) {
    let mut files = MemoryFiles::new("");
    for (number, text) in snapshots.iter().enumerate() {
        files.set(format!("/p/2025010112000{number}_x/migration.sql"), "select 1;");
        if let Some(text) = text {
            files.set(format!("/p/2025010112000{number}_x/snapshot.json"), *text);
        }
    }
    (read(Dialect::Postgres, &files), files)
}

fn read(dialect: Dialect, files: &MemoryFiles) -> Folder {
    formats::read(Format::Drizzle1, dialect, &FilePath::from(Path::new("/p")), files)
}

fn state(folder: &Folder, position: usize, files: &MemoryFiles) -> Schema {
    folder.read_snapshot(position, files).unwrap().unwrap()
}

fn rebuilt(folder: &Folder, states: &[(usize, Schema)], files: &MemoryFiles) -> Result<Addition, String> {
    let mut n_ids = 0;
    let mut new_id = || {
        n_ids += 1;
        format!("new-{n_ids}")
    };
    formats::rebuild_snapshots(folder, states, &mut new_id, files).map_err(|finding| finding.message.clone())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn what_follows_a_new_snapshot_says_the_same_as_before() {
    let [base, custom, diff, renames] = SNAPSHOTS.map(Some);
    let (folder, files) = folder(&[base, None, custom, diff, None, renames]);
    let last = state(&folder, 5, &files);
    // Nothing that schema files describe was made by hand.
    let states = vec![(1, state(&folder, 0, &files)), (4, state(&folder, 3, &files))];
    let addition = rebuilt(&folder, &states, &files).unwrap();
    let mut after = files.clone();
    let shown: Vec<(String, bool, Value)> = addition
        .files
        .iter()
        .map(|file| {
            after.set(&*file.path, file.text.as_str());
            let folder = file.path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
            (folder, file.replaces, json(&file.text))
        })
        .collect();
    let names: Vec<(&str, bool)> = shown.iter().map(|(name, replaces, _)| (name.as_str(), *replaces)).collect();
    let expected = [
        ("20250101120001_x", false),
        ("20250101120002_x", true),
        ("20250101120004_x", false),
        ("20250101120005_x", true),
    ];
    assert_eq!(names, expected);
    assert_eq!(
        (&shown[0].2["deltas"], &shown[0].2["prevIds"][0]),
        (&Value::Array(Vec::new()), &json(SNAPSHOTS[0])["id"])
    );
    assert_eq!((&shown[1].2["prevIds"][0], &shown[1].2["id"]), (&Value::from("new-1"), &json(SNAPSHOTS[1])["id"]));
    let deltas = |snapshot: &Value| -> Vec<String> {
        let mut deltas: Vec<String> = snapshot["deltas"].as_array().unwrap().iter().map(Value::to_string).collect();
        deltas.sort();
        deltas
    };
    assert_eq!(deltas(&shown[3].2), deltas(&json(SNAPSHOTS[3])));
    let again = read(Dialect::Postgres, &after);
    assert_eq!(again.diagnostics, []);
    assert_eq!(state(&again, 5, &after), last);
}

#[test]
fn what_was_made_by_hand_is_no_change_of_the_next_snapshot() {
    let [base, custom, diff, _] = SNAPSHOTS.map(Some);
    let (folder, files) = folder(&[base, custom, None, diff]);
    let wanted = state(&folder, 3, &files);
    let addition = rebuilt(&folder, &[(2, wanted.clone())], &files).unwrap();
    let texts: Vec<Value> = addition.files.iter().map(|file| json(&file.text)).collect();
    assert_eq!(texts[0]["deltas"].as_array().unwrap().len(), json(SNAPSHOTS[2])["deltas"].as_array().unwrap().len());
    assert_eq!((&texts[1]["deltas"], &texts[1]["footprints"]), (&Value::Array(Vec::new()), &Value::Array(Vec::new())));
}

#[test]
fn the_first_snapshot_becomes_one_of_changes_behind_a_new_one() {
    let (folder, files) = folder(&[None, Some(SNAPSHOTS[0])]);
    let addition = rebuilt(&folder, &[(0, Schema::new(Dialect::Postgres))], &files).unwrap();
    let mut after = files.clone();
    addition.files.iter().for_each(|file| after.set(&*file.path, file.text.as_str()));
    let kinds: Vec<Value> = addition.files.iter().map(|file| json(&file.text)["type"].clone()).collect();
    assert_eq!(kinds, ["base", "diff"]);
    assert_eq!(state(&read(Dialect::Postgres, &after), 1, &after), state(&folder, 1, &files));
}

#[test]
fn nothing_is_made_where_branches_were_joined() {
    let branch = |id: &str, previous: &str| {
        format!(r#"{{"version":"7","dialect":"sqlite","id":"{id}","prevIds":[{previous}],"ddl":[],"renames":[]}}"#)
    };
    let texts = [branch("a", ""), branch("b", r#""a""#), branch("c", r#""a""#), branch("d", r#""b","c""#)];
    let mut snapshots: Vec<Option<&str>> = texts.iter().map(|text| Some(text.as_str())).collect();
    snapshots.push(None);
    let (_, files) = folder(&snapshots);
    let folder = read(Dialect::Sqlite, &files);
    assert_eq!(
        rebuilt(&folder, &[(4, Schema::new(Dialect::Sqlite))], &files).unwrap_err(),
        "the snapshot of 20250101120002_x does not continue the one before it in the folder"
    );
}
