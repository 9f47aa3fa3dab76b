//! Renaming a table or column in the database: its name in the schema files, not what the code calls it.

use languages::Desired;
use languages::drizzle::{NameLiteral, Reader, name_literal, word_in_sql};
use schema::{Name, ObjectKind, ObjectPath, Schema};
use source::{EditedFiles, FilePath, Files, Location, Span};
use std::collections::BTreeSet;
use std::path::Path;

use super::edit::{FileEdit, edited};
use crate::configuration::{DesiredSource, ProjectConfig, ProjectId};
use crate::project::Project;
use crate::{Analysis, words};

/// A renamed object of a project: the name it had and the one it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    pub project: ProjectId,
    pub from: ObjectPath,
    pub to: ObjectPath,
}

/// What came of a wish to rename.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renaming {
    /// No name of a table or column stands there.
    NoName,
    /// A sentence.
    Refused(String),
    Edits {
        edits: Vec<FileEdit>,
        renamed: Vec<Renamed>,
        /// SQL text that has the old name as a word and is not edited: it may mean the object.
        left: Option<Location>,
    },
}

/// The name under the cursor that can be renamed: its place between the quotes, and itself.
pub fn rename_place(analysis: &Analysis, file: &FilePath, offset: u32) -> Option<(Span, String)> {
    let target = target(analysis, file, offset)?;
    Some((target.span, target.name))
}

/// The edits that give what stands under the cursor another name in the database. They are tried: only where the schema files then
/// say the same of everything but the name, the answer is edits.
pub fn rename(analysis: &Analysis, file: &FilePath, offset: u32, new_name: &str, files: &dyn Files) -> Renaming {
    let Some(target) = target(analysis, file, offset) else { return Renaming::NoName };
    if let Some(sentence) = not_a_name(new_name) {
        return Renaming::Refused(sentence);
    }
    let mut edits: Vec<FileEdit> = Vec::new();
    for place in &target.places {
        let Some(source) = analysis.text(&place.file) else { return Renaming::NoName };
        let Some(text) = spelled(place.span.text(&source.text), &target.name, new_name) else {
            return Renaming::Refused(format!("`{}` is spelled in a way that is not understood", target.name));
        };
        edits.push(FileEdit { file: place.file.clone(), span: place.span, text });
    }
    let mut renamed = Vec::new();
    let mut left = None;
    for (project, objects) in &target.objects {
        let (Some(config), Some(desired)) = (&project.config, project.desired.as_deref()) else { continue };
        let pairs: Vec<(ObjectPath, ObjectPath)> =
            objects.iter().map(|from| (from.clone(), with_name(from, new_name))).collect();
        if let Some((_, taken)) = pairs.iter().find(|(_, to)| desired.schema.contains(to)) {
            return Renaming::Refused(format!("there is a {} already", words::object(taken)));
        }
        let after = read_again(analysis, config, &edits, files);
        if after.is_none_or(|after| names(&after.schema) != names_after(&desired.schema, &pairs)) {
            return Renaming::Refused(format!(
                "with `{new_name}` the schema files would not say the same of everything else: rename it by hand"
            ));
        }
        left = left.or_else(|| left_behind(analysis, config, desired, &target.name, &edits));
        let id = &project.id;
        renamed.extend(pairs.into_iter().map(|(from, to)| Renamed { project: id.clone(), from, to }));
    }
    Renaming::Edits { edits, renamed, left }
}

/// What is to be renamed.
struct Target<'a> {
    name: String,
    /// Under the cursor.
    span: Span,
    /// Every place that has the name, the one under the cursor included.
    places: Vec<Location>,
    objects: Vec<(&'a Project, Vec<ObjectPath>)>,
}

fn target<'a>(analysis: &'a Analysis, file: &FilePath, offset: u32) -> Option<Target<'a>> {
    let in_drizzle = || {
        let literal = name_literal(file, &analysis.text(file)?.text, offset)?;
        let named = |project: &'a Project| Some((project, declared_by(project, file, &literal)));
        let projects = analysis.projects.iter().filter_map(|project| named(project));
        let objects: Vec<_> = projects.filter(|(_, objects)| !objects.is_empty()).collect();
        let places = vec![Location::new(file, literal.span)];
        (!objects.is_empty()).then(|| Target { name: literal.name.to_string(), span: literal.span, places, objects })
    };
    let is_sql = file.extension().is_some_and(|extension| extension == "sql");
    if is_sql { in_sql(analysis, file, offset) } else { in_drizzle() }
}

/// The tables and columns that have their name from this string; a column of a spread belongs to every table that has the spread.
fn declared_by(project: &Project, file: &FilePath, literal: &NameLiteral) -> Vec<ObjectPath> {
    let at = Location::new(file, literal.declared);
    let Some(desired) = project.desired.as_deref() else { return Vec::new() };
    let mut found: Vec<ObjectPath> = desired
        .origins
        .iter()
        .filter(|(path, origin)| {
            let is_there = match origin.related.first() {
                Some(related) => related.location == at,
                None => origin.focus == at,
            };
            is_there && is_renamed(path.kind) && path.last_name() == &*literal.name
        })
        .map(|(path, _)| path.clone())
        .collect();
    found.sort();
    found
}

fn in_sql<'a>(analysis: &'a Analysis, file: &FilePath, offset: u32) -> Option<Target<'a>> {
    let is_read = |project: &&Project| project.desired.as_ref().is_some_and(|desired| desired.files.contains(file));
    let mut projects = analysis.projects.iter().map(|project| project.as_ref()).filter(is_read);
    let (project, used) = projects.find_map(|project| Some((project, project.use_at(file, offset)?)))?;
    let object = Some(&used.object).filter(|object| is_renamed(object.kind))?;
    let mut places: Vec<Location> = project.uses_of(object).map(|used| used.location.clone()).collect();
    places.sort();
    places.dedup();
    let name = object.last_name().to_owned();
    Some(Target { name, span: used.location.span, places, objects: vec![(project, vec![object.clone()])] })
}

fn is_renamed(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Table | ObjectKind::Column)
}

fn not_a_name(name: &str) -> Option<String> {
    let is_wrong = |character: char| character.is_control() || matches!(character, '\'' | '"' | '`' | '\\' | '$');
    if name.trim().is_empty() {
        return Some(String::from("a name is needed"));
    }
    name.chars().any(is_wrong).then(|| format!("`{name}` holds a character that a name in a schema file is not given"))
}

/// The new name in the manner of the old: between quotes that stand already, with quotes of its own, or plain.
fn spelled(written: &str, old: &str, new: &str) -> Option<String> {
    if written == old {
        return Some(new.to_owned());
    }
    for quote in ['"', '`'] {
        if written.strip_prefix(quote).and_then(|inner| inner.strip_suffix(quote)) == Some(old) {
            return Some(format!("{quote}{new}{quote}"));
        }
    }
    // PostgreSQL folds what is not quoted.
    written.eq_ignore_ascii_case(old).then(|| new.to_owned())
}

fn with_name(object: &ObjectPath, new_name: &str) -> ObjectPath {
    match &object.part {
        Some(_) => ObjectPath { part: Some(new_name.to_owned()), ..object.clone() },
        None => ObjectPath { name: Name::new(object.name.namespace.clone(), new_name), ..object.clone() },
    }
}

fn read_again(analysis: &Analysis, config: &ProjectConfig, edits: &[FileEdit], files: &dyn Files) -> Option<Desired> {
    let texts = edits.iter().filter_map(|edit| {
        let source = analysis.text(&edit.file)?;
        Some((edit.file.clone(), edited(&edit.file, &source.text, edits).into()))
    });
    let edited_files = EditedFiles::new(files, texts.collect());
    match &config.desired {
        DesiredSource::Drizzle(drizzle) => Some(Reader::new().read_schema(drizzle, &edited_files)),
        DesiredSource::Sql { files, .. } => Some(languages::sql::read_schema(config.dialect, files, &edited_files)),
        DesiredSource::None => None,
    }
}

type Names = BTreeSet<(Name, Option<String>)>;

/// Tables and their columns.
fn names(schema: &Schema) -> Names {
    let mut names = Names::new();
    for (name, table) in &schema.tables {
        names.insert((name.clone(), None));
        names.extend(table.columns.keys().map(|column| (name.clone(), Some(column.clone()))));
    }
    names
}

fn names_after(schema: &Schema, renamed: &[(ObjectPath, ObjectPath)]) -> Names {
    let after = |(mut table, mut column): (Name, Option<String>)| {
        for (from, to) in renamed {
            if from.name == table && from.part.is_some() && from.part == column {
                column.clone_from(&to.part);
            } else if from.name == table && from.part.is_none() {
                table = to.name.clone();
                break;
            }
        }
        (table, column)
    };
    names(schema).into_iter().map(after).collect()
}

/// The first place of the schema files where SQL text has the old name and stays as it is.
fn left_behind(
    analysis: &Analysis,
    config: &ProjectConfig,
    desired: &Desired,
    old_name: &str,
    edits: &[FileEdit],
) -> Option<Location> {
    let is_drizzle = matches!(config.desired, DesiredSource::Drizzle(_));
    desired.read_files.iter().find_map(|file| {
        let text = &analysis.text(file)?.text;
        let span = match is_drizzle {
            true if text.contains("sql") && text.contains(old_name) => word_in_sql(file, text, old_name)?,
            true => return None,
            false => in_sql_text(file, text, old_name, desired, edits)?,
        };
        Some(Location::new(file, span))
    })
}

/// A word outside of comments that is no place the reader knows a name at: an expression.
fn in_sql_text(file: &Path, text: &str, old_name: &str, desired: &Desired, edits: &[FileEdit]) -> Option<Span> {
    let spans = languages::word_offsets(text, old_name).map(|start| Span::new(start, start + old_name.len()));
    let is_comment = |span: &Span| {
        let before = text.get(..span.start as usize).unwrap_or_default();
        before.rsplit('\n').next().is_some_and(|line| line.contains("--"))
    };
    let mut unknown = spans.filter(|span| !is_comment(span)).filter(|span| {
        let is_used = |used: &languages::Use| *used.location.file == *file && used.location.span.contains(*span);
        let is_edited = |edit: &FileEdit| *edit.file == *file && edit.span.contains(*span);
        !edits.iter().any(is_edited) && !desired.origins.uses().any(is_used)
    });
    unknown.next()
}
