//! What is wrong with a migrations folder: files, order, numbers, branches. The runner's rules are those of drizzle-orm's
//! `migrate`: it takes the newest time in its ledger and runs the entries that are newer.

use std::collections::{HashMap, HashSet};

use source::{Diagnostic, FilePath, Files, Location, codes};

use super::folder::{Listing, WAY_BACK};
use super::journal::{Journal, JournalEntry};
use super::snapshot::Head;

/// Every finding, in the order of the journal, then of the files.
pub(super) fn check(journal: &Journal, folder: &Listing, files: &dyn Files) -> Vec<Diagnostic> {
    let mut findings = missing_files(journal, folder, files);
    findings.extend(duplicates(journal, folder));
    findings.extend(out_of_order(journal, folder));
    findings.extend(missing_snapshots(journal, folder));
    findings.extend(unlisted_files(journal, folder));
    findings.extend(branches(folder, files));
    findings.extend(folders_of_1_0(folder, files));
    findings
}

fn at(folder: &Listing, entry: &JournalEntry) -> Location {
    Location::new(&folder.journal, entry.span)
}

fn missing_files(journal: &Journal, folder: &Listing, files: &dyn Files) -> Vec<Diagnostic> {
    let listed: HashSet<&str> = folder.sql_files.iter().map(|entry| entry.name.as_str()).collect();
    let is_missing = |entry: &&JournalEntry| {
        let name = format!("{}.sql", entry.tag);
        !listed.contains(name.as_str()) && files.read_head(&folder.sql_file(&entry.tag), 1).is_err()
    };
    let finding = |entry: &JournalEntry| {
        let message = format!("the journal names {tag}, but there is no {tag}.sql", tag = entry.tag);
        Diagnostic::new(codes::MISSING_FILE, at(folder, entry), message).with_help(
            "The migrator stops at this entry, before it applies anything. Restore the file from version control, or take the entry out.",
        )
    };
    journal.entries.iter().filter(is_missing).map(finding).collect()
}

fn unlisted_files(journal: &Journal, folder: &Listing) -> Vec<Diagnostic> {
    let tags: HashSet<&str> = journal.entries.iter().map(|entry| entry.tag.as_str()).collect();
    let is_listed = |file: &&source::Entry| {
        let is_tag = |ending: &str| file.name.strip_suffix(ending).is_some_and(|tag| tags.contains(tag));
        is_tag(".sql") || is_tag(WAY_BACK)
    };
    let unlisted = folder.sql_files.iter().filter(|file| !is_listed(file));
    let finding = |file: &source::Entry| {
        let message = format!("the journal does not name {}, so the migrator never runs it", file.name);
        Diagnostic::new(codes::UNLISTED_FILE, Location::start_of(&file.path), message).with_help(
            "Restore its entry in meta/_journal.json, move its statements to a migration made by `drizzle-kit generate --custom`, or delete the file.",
        )
    };
    unlisted.map(finding).collect()
}

/// Two entries with one tag, or else with one number.
fn duplicates(journal: &Journal, folder: &Listing) -> Vec<Diagnostic> {
    let mut tags: HashMap<&str, &JournalEntry> = HashMap::new();
    let mut numbers: HashMap<u64, &JournalEntry> = HashMap::new();
    let mut findings = Vec::new();
    for entry in &journal.entries {
        let same_tag = tags.get(entry.tag.as_str()).copied();
        let same_number = numbers.get(&entry.idx).copied();
        let (earlier, message, help) = match (same_tag, same_number) {
            (Some(earlier), _) => (
                earlier,
                format!("the journal names {} twice", entry.tag),
                "A new database runs its statements twice, and the second run fails. Take one entry out.",
            ),
            (None, Some(earlier)) => (
                earlier,
                format!("{} has the number {} of {}", entry.tag, entry.idx, earlier.tag),
                "Two branches each added a migration. Both find the same snapshot, so the recorded state misses one of them: `driftlens rebase --onto BRANCH` puts one behind the other, or delete the later migration with its snapshot and generate it again.",
            ),
            (None, None) => {
                tags.insert(&entry.tag, entry);
                numbers.insert(entry.idx, entry);
                continue;
            }
        };
        tags.entry(&entry.tag).or_insert(entry);
        let finding = Diagnostic::new(codes::DUPLICATE_ENTRY, at(folder, entry), message).with_help(help);
        findings.push(finding.with_related(at(folder, earlier), "the earlier entry"));
    }
    findings
}

fn out_of_order(journal: &Journal, folder: &Listing) -> Vec<Diagnostic> {
    let mut newest: Option<&JournalEntry> = None;
    let mut findings = Vec::new();
    for entry in &journal.entries {
        match newest {
            Some(earlier) if entry.when <= earlier.when && entry.tag != earlier.tag => {
                let order = if entry.when == earlier.when { "as old as" } else { "older than" };
                let message = format!("{} is {order} {}, which stands before it", entry.tag, earlier.tag);
                let help = format!(
                    "The migrator runs only entries newer than the newest applied one: a database that holds {} skips this one silently. Set \"when\" to a time after {}.",
                    earlier.tag, earlier.when
                );
                let finding = Diagnostic::new(codes::OUT_OF_ORDER, at(folder, entry), message).with_help(help);
                findings.push(finding.with_related(at(folder, earlier), format!("its time is {}", earlier.when)));
            }
            _ => newest = Some(entry),
        }
    }
    findings
}

/// One finding for all entries without a snapshot: those that one with a snapshot follows, and those at the end.
fn missing_snapshots(journal: &Journal, folder: &Listing) -> Vec<Diagnostic> {
    let has_snapshot = |entry: &&JournalEntry| folder.snapshot_of(entry).is_some();
    let Some(last) = journal.entries.iter().rposition(|entry| has_snapshot(&entry)) else { return Vec::new() };
    let before: Vec<&JournalEntry> = journal.entries.iter().take(last).filter(|entry| !has_snapshot(entry)).collect();
    let after: Vec<&JournalEntry> = journal.entries.iter().skip(last + 1).collect();
    let help = "The next snapshot was made without it: where the schema files hold what its SQL made, a later migration repeated it, and a new database fails there. \
                Nothing is wrong where the SQL made only what schema files do not describe (functions, triggers, data).";
    let at_the_end = "Driftlens replays its SQL, but drizzle-kit compares with the last snapshot: its next `generate` repeats what the SQL made wherever the \
                      schema files have it. `driftlens generate --repair` makes the missing snapshots from the SQL.";
    let findings = [missing_snapshot(folder, &before, help), missing_snapshot(folder, &after, at_the_end)];
    findings.into_iter().flatten().collect()
}

fn missing_snapshot(folder: &Listing, missing: &[&JournalEntry], help: &str) -> Option<Diagnostic> {
    let (first, rest) = missing.split_first()?;
    let message = match rest.len() {
        0 => format!("{} has no snapshot", first.tag),
        1 => format!("{} and one later migration have no snapshot", first.tag),
        others => format!("{} and {others} later migrations have no snapshot", first.tag),
    };
    let finding = Diagnostic::new(codes::MISSING_SNAPSHOT, at(folder, first), message).with_help(help);
    Some(rest.iter().fold(finding, |finding, entry| finding.with_related(at(folder, entry), "no snapshot either")))
}

/// Snapshots that continue the same one: two branches generated migrations beside each other.
fn branches(folder: &Listing, files: &dyn Files) -> Vec<Diagnostic> {
    let mut children: HashMap<String, &FilePath> = HashMap::new();
    let mut findings = Vec::new();
    for file in &folder.snapshots {
        let previous_ids = Head::read(file, files).previous_ids.unwrap_or_default();
        let Some(previous) = previous_ids.into_iter().next().filter(|id| !id.is_empty()) else { continue };
        let Some(earlier) = children.get(&previous) else {
            children.insert(previous, file);
            continue;
        };
        let name = |file: &FilePath| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let message = format!("{} and {} continue the same snapshot", name(file), name(earlier));
        let help = "Two branches each generated a migration, and the later one does not know the earlier. `drizzle-kit generate` refuses to run until \
                    this is resolved: `driftlens rebase --onto BRANCH` puts one behind the other, or delete the later migration (its .sql file, snapshot and journal entry) and generate it again.";
        let finding = Diagnostic::new(codes::BRANCH_CONFLICT, Location::start_of(file), message).with_help(help);
        findings.push(finding.with_related(Location::start_of(earlier), "the other branch"));
    }
    findings
}

/// A folder of drizzle-kit 1.0 beside the journal: 0.x does not see it, and 1.0 refuses a folder with a journal.
fn folders_of_1_0(folder: &Listing, files: &dyn Files) -> Option<Diagnostic> {
    let file = folder.migration_of_1_0(files)?;
    let message =
        "this folder has migrations of drizzle-kit 1.0 beside the journal of 0.x: each runs its own and no other";
    let help = "drizzle-orm 0.x runs what meta/_journal.json lists, and 1.0 stops where it finds that file. Run `drizzle-kit up` of 1.0 to move all migrations, or delete this one.";
    let finding = Diagnostic::new(codes::UNSUPPORTED_FORMAT, Location::start_of(&file), message).with_help(help);
    Some(finding.with_related(Location::start_of(&folder.journal), "the journal"))
}
