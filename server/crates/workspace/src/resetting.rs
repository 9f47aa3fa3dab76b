//! Sets a development database up anew.

use std::collections::BTreeSet;

use analysis::{Project, Pushing, RenameAnswers, known_desired, push};
use database::{Connection, Error};
use history::Script;
use schema::{Dialect, ObjectKey, ObjectKind, ObjectPath, Schema};

use crate::{Disk, Environment, ledger_of};

/// The system's own, which nobody drops.
const SYSTEM: [&str; 3] = ["pg_catalog", "information_schema", "pg_toast"];

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Reset {
    /// It is what the schema files say, and so many migrations are marked as applied.
    SetUp { n_steps: usize, n_marked: usize },
    /// It is empty: the folder is to be applied now.
    Emptied,
    /// What the schema files say cannot be planned, as a sentence; nothing was changed.
    Impossible(String),
    /// A statement failed; nothing was changed.
    Failed { error: Error, sql: Option<String> },
}

/// What is emptied: the namespaces that the schema files or the migrations are about, of those that the database has.
pub fn emptied_namespaces(project: &Project, environment: &Environment, live: &Schema) -> Vec<String> {
    if live.dialect == Dialect::Sqlite {
        return Vec::new();
    }
    let desired = project.desired.as_ref().map(|desired| &desired.schema);
    let filter = environment.filter_for(desired);
    let mut wanted: BTreeSet<String> = filter.namespaces.iter().flatten().cloned().collect();
    let pictures = desired.into_iter().chain(project.history.as_ref().map(|history| &history.replayed));
    wanted.extend(pictures.flat_map(|schema| &schema.namespaces).cloned());
    wanted.insert(live.dialect.default_namespace().to_owned());
    let is_there = |name: &String| name == live.dialect.default_namespace() || live.namespaces.contains(name);
    wanted.retain(|name| is_there(name) && !SYSTEM.contains(&name.as_str()));
    wanted.into_iter().collect()
}

/// What hand-written SQL in the migrations makes and no schema file names: the schema files alone would not bring it back. An extension that the
/// database has is not among it, for it stays.
pub fn made_only_by_migrations(project: &Project, live: &Schema) -> Vec<ObjectPath> {
    let (Some(history), Some(desired)) = (&project.history, &project.desired) else { return Vec::new() };
    let desired = &desired.schema;
    let mut found: Vec<ObjectPath> = history.unmanaged.iter().map(|it| it.object.clone()).collect();
    let replayed = &history.replayed;
    let opaque = replayed.opaque.keys().filter(|key| !desired.opaque.contains_key(*key));
    found.extend(opaque.map(|key| ObjectKey::Opaque(key.clone()).path()));
    let extensions = replayed.extensions.keys().filter(|name| !desired.extensions.contains_key(*name));
    found.extend(extensions.map(|name| ObjectKey::Extension(name.clone()).path()));
    found.retain(|path| path.kind != ObjectKind::Extension || !live.extensions.contains_key(&path.name.name));
    found.sort();
    found.dedup();
    found
}

/// Empties the database. Then, unless the folder is to be applied (`via_migrations`), makes what the schema files say and marks all migrations
/// as applied. One transaction: all of it or nothing.
pub async fn reset(
    connection: &mut Connection,
    project: &Project,
    environment: &Environment,
    namespaces: &[String],
    via_migrations: bool,
) -> Reset {
    if let Err(error) = connection.begin().await {
        return Reset::Failed { error, sql: None };
    }
    let mut sql = None;
    let done = inside(connection, project, environment, namespaces, via_migrations, &mut sql).await;
    let is_kept = matches!(done, Ok(Reset::SetUp { .. } | Reset::Emptied));
    let ended = connection.end(is_kept).await;
    match (done, ended) {
        (Err(error), _) => Reset::Failed { error, sql },
        (Ok(done @ Reset::Impossible(_)), _) | (Ok(done), Ok(())) => done,
        (Ok(_), Err(error)) => Reset::Failed { error, sql: None },
    }
}

async fn inside(
    connection: &mut Connection,
    project: &Project,
    environment: &Environment,
    namespaces: &[String],
    via_migrations: bool,
    sql: &mut Option<String>,
) -> Result<Reset, Error> {
    let Some(history) = project.history.as_deref() else {
        return Ok(Reset::Impossible(String::from("it has no migrations folder")));
    };
    let ledger = ledger_of(history, environment);
    connection.empty(namespaces, &ledger).await?;
    if via_migrations {
        return Ok(Reset::Emptied);
    }
    let mut desired = match known_desired(project) {
        Ok(desired) => desired.clone(),
        Err(_) => {
            return Ok(Reset::Impossible(String::from(
                "not all of the schema files is known; `driftlens check` says where",
            )));
        }
    };
    environment.filter_for(Some(&desired)).apply(&mut desired);
    // Nobody reads what is empty: an index needs no care, and all can be one transaction.
    for table in desired.tables.values_mut() {
        for index in std::sync::Arc::make_mut(table).indexes.values_mut() {
            index.concurrently = None;
        }
    }
    let mut live = connection.catalog().await?.schema;
    environment.filter_for(Some(&desired)).apply(&mut live);
    let answers = RenameAnswers { nothing_else: true, ..RenameAnswers::default() };
    let plan = match push(project, &desired, &live, &answers, &Disk::new()) {
        Pushing::Plan(plan) => plan.steps,
        Pushing::Nothing => Vec::new(),
        Pushing::Impossible(why) => return Ok(Reset::Impossible(why)),
        Pushing::Questions(_) | Pushing::Refused(_) => {
            return Ok(Reset::Impossible(String::from(
                "the answers file cannot be used; `driftlens generate` says why",
            )));
        }
    };
    for step in &plan {
        if let Err(error) = connection.execute(&step.sql).await {
            *sql = Some(step.sql.clone());
            return Err(error);
        }
    }
    let scripts: Vec<Script> = (0..history.steps.len()).filter_map(|position| history.script(position).ok()).collect();
    connection.record(&ledger, &scripts).await?;
    Ok(Reset::SetUp { n_steps: plan.len(), n_marked: scripts.len() })
}
