//! What `driftlens rebase` says.

use analysis::{Conflict, object_words};
use history::formats::Addition;
use std::fmt::Write as _;

use super::short_path;

pub(crate) fn conflicts(conflicts: &[Conflict], onto: &str) -> String {
    let mut text = String::from("driftlens: both branches changed the same, and nothing was written\n");
    for Conflict { object, onto: (their_tag, theirs), local: (own_tag, own) } in conflicts {
        let _ = writeln!(text, "  {}", object_words(object));
        let _ = writeln!(text, "    {onto}: {their_tag} {theirs}");
        let _ = writeln!(text, "    here: {own_tag} {own}");
    }
    text.push_str("Take the migration of this branch out (its SQL, snapshot and journal entry), bring the schema files together, and run `driftlens generate`.\n");
    text
}

pub(crate) fn done(addition: &Addition, renamed: &[(String, String)], is_written: bool, in_progress: bool) -> String {
    let mut text = String::new();
    for (before, after) in renamed {
        let _ = match before == after {
            true => writeln!(text, "{before} stays, behind the others"),
            false => writeln!(text, "{before} is now {after}"),
        };
    }
    let (wrote, removed) = if is_written { ("wrote", "removed") } else { ("would write", "would remove") };
    for file in &addition.files {
        let _ = writeln!(text, "{wrote} {}", short_path(&file.path));
    }
    for file in &addition.removed {
        let _ = writeln!(text, "{removed} {}", short_path(file));
    }
    text.push_str("A database that ran a moved migration under its old name would run it again: set up a development database anew.\n");
    if is_written && in_progress {
        text.push_str("Then `git add` the folder, and let git go on.\n");
    }
    text
}
