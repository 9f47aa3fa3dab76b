//! What an action, a lens, a command or a preview is about: a project, and the answers about renames. It travels through the client
//! as JSON; whatever of it is missing has a meaning.

use crate::from_proto::file_path;
use crate::state::State;
use analysis::{Analysis, Project, RenameAnswers};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use tower_lsp::lsp_types::Url;

/// Of the arguments' shape. Higher ones are refused: their meaning is not known.
const VERSION: u32 = 1;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Wanted {
    version: u32,
    /// The configuration file; None for every project with pending changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// The position in the file.
    index: usize,
    renames: Vec<(String, String)>,
    nothing_else: bool,
}

impl Wanted {
    pub(crate) fn new(project: &Project, answers: &RenameAnswers) -> Wanted {
        Wanted {
            version: VERSION,
            source: Some(project.source().display().to_string()),
            index: project.id.index,
            renames: answers.renames.clone(),
            nothing_else: answers.nothing_else,
        }
    }

    pub(crate) fn from_json(value: Value) -> Result<Wanted, String> {
        if value.is_null() {
            return Ok(Wanted::default());
        }
        let wanted: Wanted =
            serde_json::from_value(value).map_err(|error| format!("these arguments are not understood: {error}"))?;
        match wanted.version {
            0 | VERSION => Ok(wanted),
            other => Err(format!("arguments of version {other} are not known; this server knows version {VERSION}")),
        }
    }

    /// The first of a command's arguments; without one, every project is meant.
    pub(crate) fn from_arguments(arguments: Vec<Value>) -> Result<Wanted, String> {
        Wanted::from_json(arguments.into_iter().next().unwrap_or_default())
    }

    pub(crate) fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// True where a project is named.
    pub(crate) fn is_of_one(&self) -> bool {
        self.source.is_some()
    }

    /// The project that is named, else those with pending changes.
    pub(crate) fn projects(&self, analysis: &Analysis) -> Result<Vec<Arc<Project>>, String> {
        let Some(source) = &self.source else {
            return Ok(analysis.projects.iter().filter(|project| !project.pending.is_empty()).cloned().collect());
        };
        let from_uri = Url::parse(source).ok().and_then(|uri| file_path(&uri));
        let source = from_uri.map_or_else(|| source.clone(), |path| path.display().to_string());
        let is_named = |project: &&Arc<Project>| {
            project.source().display().to_string() == source && project.id.index == self.index
        };
        let project = analysis.projects.iter().find(is_named).ok_or("the project is no longer open")?;
        Ok(vec![project.clone()])
    }

    /// What was answered, and the renames that are remembered.
    pub(crate) fn answers(&self, state: &State, project: &Project) -> RenameAnswers {
        RenameAnswers {
            renames: self.renames.clone(),
            nothing_else: self.nothing_else,
            ..state.remembered_renames(project)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn missing_arguments_have_a_meaning_and_unknown_ones_are_refused() {
        for arguments in [vec![], vec![Value::Null], vec![json!({})], vec![json!({"version": 1, "later": true})]] {
            assert!(Wanted::from_arguments(arguments).unwrap().source.is_none());
        }
        let error = Wanted::from_json(json!({"version": 2})).unwrap_err();
        assert_eq!(error, "arguments of version 2 are not known; this server knows version 1");
        assert!(Wanted::from_json(json!(7)).is_err());
    }
}
