//! Snapshots for migrations that have none: each continues the one before it, and the one after it continues the new one.

use schema::Schema;
use source::{Diagnostic, FilePath, Files, Location, codes};

use super::add::{NO_SNAPSHOT, pretty};
use super::folder::Listing;
use super::snapshot::{self, Head};
use crate::formats::Folder;
use crate::formats::addition::{AddedFile, Addition};

/// The files that give the migrations at these positions their snapshots, in the order of the journal. `new_id` makes a UUID.
pub(in crate::formats) fn rebuild(
    folder: &Folder,
    states: &[(usize, Schema)],
    new_id: &mut dyn FnMut() -> String,
    files: &dyn Files,
) -> Result<Addition, Box<Diagnostic>> {
    let listing = Listing::read(&folder.path, files)
        .map_err(|error| Box::new(crate::formats::unreadable_folder(&folder.path, &error)))?;
    let mut made: Vec<AddedFile> = Vec::new();
    let mut relinked: Vec<AddedFile> = Vec::new();
    // The snapshot before, and whether its id is new.
    let mut previous = (NO_SNAPSHOT.to_owned(), false);
    let mut last_name = String::new();
    for (position, migration) in folder.migrations.iter().enumerate() {
        let state = states.iter().find(|(it, _)| *it == position).map(|(_, state)| state);
        match (&migration.snapshot, state) {
            (None, None) => {}
            (None, Some(state)) => {
                let prefix = migration.tag.split_once('_').map_or(migration.tag.as_str(), |(prefix, _)| prefix);
                let path = listing.in_meta(&format!("{prefix}_snapshot.json"));
                in_order(&path, &mut last_name)?;
                if listing.snapshots.contains(&path) || made.iter().any(|file| file.path == path) {
                    let message = format!(
                        "the snapshot of {} would be {prefix}_snapshot.json, which another migration has",
                        migration.tag
                    );
                    let finding = Diagnostic::new(codes::DUPLICATE_ENTRY, migration.listed_at.clone(), message);
                    return Err(Box::new(
                        finding.with_help("Give the migration a number of its own first. Nothing was written."),
                    ));
                }
                let id = new_id();
                let text = pretty(&snapshot::write(state, &id, &previous.0));
                made.push(AddedFile { path, text, replaces: false });
                previous = (id, true);
            }
            (Some(file), _) => {
                in_order(file, &mut last_name)?;
                let head = Head::read(file, files);
                let then = head.previous_ids.into_iter().flatten().next();
                if let (true, Some(then)) = (previous.1, then) {
                    relinked.push(continuing(file, &then, &previous.0, files)?);
                }
                previous = (head.id.unwrap_or_default(), false);
            }
        }
    }
    made.extend(relinked);
    Ok(Addition { tag: String::from("snapshots"), files: made, removed: Vec::new() })
}

/// drizzle-kit takes the snapshot whose name sorts last for the recorded state.
fn in_order(path: &FilePath, last: &mut String) -> Result<(), Box<Diagnostic>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if name <= *last {
        let message = format!("the snapshot {name} would not sort behind {last}, which the journal lists before it");
        let finding = Diagnostic::new(codes::OUT_OF_ORDER, Location::start_of(path), message);
        return Err(Box::new(finding.with_help(
            "drizzle-kit takes the last snapshot by name for the recorded state. Bring the journal into the order of the names first. Nothing was written.",
        )));
    }
    *last = name;
    Ok(())
}

/// A snapshot that continues another one than before; the rest of its text stays.
fn continuing(file: &FilePath, then: &str, now: &str, files: &dyn Files) -> Result<AddedFile, Box<Diagnostic>> {
    let cannot = |what: String| {
        let finding = Diagnostic::new(codes::UNREADABLE_SNAPSHOT, Location::start_of(file), what);
        Box::new(finding.with_help("Restore it from version control. Nothing was written."))
    };
    let text = files.read_large(file).map_err(|error| cannot(format!("the snapshot {error}")))?;
    let place = text.find("\"prevId\"").and_then(|key| Some(key + text.get(key..)?.find(&format!("\"{then}\""))?));
    let place = place.ok_or_else(|| cannot(String::from("the snapshot does not say which one it continues")))?;
    let mut new_text = text;
    new_text.replace_range(place + 1..place + 1 + then.len(), now);
    Ok(AddedFile { path: file.clone(), text: new_text, replaces: true })
}
