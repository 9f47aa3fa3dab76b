//! What is wrong with a migrations folder: files, snapshots, order, branches. The runner's rules are those of drizzle-orm's
//! `readMigrationFiles`, the rest are those of drizzle-kit's `check`.

use std::collections::HashMap;

use schema::Dialect;
use source::{Diagnostic, Files, Location, codes};

use super::super::Migration;
use super::graph::{Graph, Node};
use super::listing::Member;
use super::snapshot;

/// Every finding, in the order of the folder.
pub(super) fn check(
    dialect: Dialect,
    migrations: &[Migration],
    members: &[Member],
    files: &dyn Files,
) -> Vec<Diagnostic> {
    let graph = Graph::read(migrations, files);
    let mut findings = missing_files(migrations, members);
    findings.extend(duplicates(&graph));
    findings.extend(graph.nodes.iter().flat_map(|node| links(node, &graph)));
    findings.extend(missing_snapshots(migrations));
    findings.extend(conflict(dialect, &graph, files));
    findings
}

fn missing_files(migrations: &[Migration], members: &[Member]) -> Vec<Diagnostic> {
    let missing = migrations.iter().zip(members).filter(|(_, member)| !member.has_sql);
    let finding = |(migration, _): (&Migration, &Member)| {
        let message = format!("{} has a snapshot but no migration.sql", migration.tag);
        Diagnostic::new(codes::MISSING_FILE, migration.listed_at.clone(), message).with_help(
            "The migrator skips the folder, while drizzle-kit takes its changes for made. Restore the file from version control, or delete the folder.",
        )
    };
    missing.map(finding).collect()
}

/// Two snapshots with one id: a folder that was copied.
fn duplicates(graph: &Graph) -> Vec<Diagnostic> {
    let mut seen: HashMap<&str, &Node> = HashMap::new();
    let mut findings = Vec::new();
    for node in &graph.nodes {
        if let Some(earlier) = seen.insert(&node.id, node) {
            let message = format!("the snapshot of {} has the id of that of {}", node.tag, earlier.tag);
            let help = "drizzle-kit takes the two for one and loses the earlier. Delete the folder that was copied, and generate its migration again.";
            let finding =
                Diagnostic::new(codes::DUPLICATE_ENTRY, Location::start_of(&node.file), message).with_help(help);
            findings.push(finding.with_related(Location::start_of(&earlier.file), "the other one"));
        }
    }
    findings
}

/// Snapshots continue what is there and stands before them.
fn links(node: &Node, graph: &Graph) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for id in &node.previous {
        let parent = graph.find(id).and_then(|position| graph.nodes.get(position));
        match parent {
            // A snapshot of changes alone cannot be read then, and the reading says so.
            None if node.is_diff => {}
            None => {
                let message = format!("the snapshot that {} continues is not in this folder", node.tag);
                let help = format!(
                    "Restore the folder whose snapshot has the id {id} from version control: a new database lacks what its migration made."
                );
                let location = Location::start_of(&node.file);
                findings.push(Diagnostic::new(codes::MISSING_SNAPSHOT, location, message).with_help(help));
            }
            Some(parent) if !stands_before(parent, node, graph) => {
                let message = format!("{} sorts before {}, which it continues", node.tag, parent.tag);
                let help =
                    format!("The migrator runs it first. Rename the folder so that it sorts after {}.", parent.tag);
                let finding =
                    Diagnostic::new(codes::OUT_OF_ORDER, Location::start_of(&node.file), message).with_help(help);
                findings.push(finding.with_related(Location::start_of(&parent.file), "what it continues"));
            }
            Some(_) => {}
        }
    }
    findings
}

fn stands_before(parent: &Node, node: &Node, graph: &Graph) -> bool {
    graph.find(&parent.id) < graph.find(&node.id)
}

/// One finding for all migrations without a snapshot that one with a snapshot follows; those at the end are `PARTLY_UNKNOWN`.
fn missing_snapshots(migrations: &[Migration]) -> Option<Diagnostic> {
    let last = migrations.iter().rposition(|migration| migration.snapshot.is_some())?;
    let mut missing = migrations.iter().take(last).filter(|migration| migration.snapshot.is_none());
    let first = missing.next()?;
    let rest: Vec<&Migration> = missing.collect();
    let message = match rest.len() {
        0 => format!("{} has no snapshot", first.tag),
        1 => format!("{} and one later migration have no snapshot", first.tag),
        others => format!("{} and {others} later migrations have no snapshot", first.tag),
    };
    let help = "The next snapshot was made without it: where the schema files hold what its SQL made, a later migration repeated it, and a new database fails there. \
                `drizzle-kit generate --custom` makes a migration for hand-written SQL together with its snapshot.";
    let finding = Diagnostic::new(codes::MISSING_SNAPSHOT, first.listed_at.clone(), message).with_help(help);
    Some(rest.into_iter().fold(finding, |finding, it| finding.with_related(it.listed_at.clone(), "no snapshot either")))
}

/// Branches that were generated beside each other and touch the same thing. Others are sound: drizzle-kit takes what they made
/// together for the state, and joins them with the next migration.
pub(super) fn conflict(dialect: Dialect, graph: &Graph, files: &dyn Files) -> Option<Diagnostic> {
    let conflict = snapshot::conflict(dialect, graph, files)?;
    let (earlier, later) = (graph.nodes.get(conflict.sides.0)?, graph.nodes.get(conflict.sides.1)?);
    let message = match conflict.on {
        Some(object) => format!("{} and {} are of two branches, and both change the {object}", earlier.tag, later.tag),
        None => format!("{} and {} have no first migration in common", earlier.tag, later.tag),
    };
    let help = "Two branches each generated a migration without the other, and what they leave depends on which runs first. `drizzle-kit generate` refuses to run until \
                this is resolved: delete the folder of the later one and generate it again.";
    let finding = Diagnostic::new(codes::BRANCH_CONFLICT, Location::start_of(&later.file), message).with_help(help);
    Some(finding.with_related(Location::start_of(&earlier.file), "the other branch"))
}
