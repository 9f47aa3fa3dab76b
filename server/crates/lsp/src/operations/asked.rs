//! Which project and which database a command is about. Whatever a client leaves out has a meaning, or an error says what to name.

use crate::from_proto::file_path;
use crate::live_watch::environment_of;
use crate::migration_edit::unsaved;
use crate::state::State;
use crate::wanted::Wanted;
use analysis::{Analysis, Project, ProjectId};
use serde_json::Value;
use std::sync::Arc;
use tower_lsp::lsp_types::Url;
use workspace::{Operation, Work};

#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) operation: Operation,
    /// Once it is known, always this one.
    id: Option<ProjectId>,
    /// A configuration file, or what people call the project.
    name: Option<String>,
    wanted: Wanted,
    environment: Option<String>,
}

impl Asked {
    /// One object, everything in it optional: `project` (a path, a URI, a name, or an object as for the other commands), `environment`, and
    /// what the other commands take.
    pub(crate) fn from_arguments(operation: Operation, arguments: Vec<Value>) -> Result<Asked, String> {
        let argument = arguments.into_iter().next().unwrap_or_default();
        let text = |key: &str| {
            let found = argument.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
            found.map(str::to_owned)
        };
        let environment = text("environment");
        let object = argument.get("project").filter(|project| project.is_object()).cloned();
        let is_named_twice = argument.get("source").is_some_and(Value::is_string);
        let name = text("project").filter(|_| !is_named_twice);
        let wanted = Wanted::from_json(object.unwrap_or(argument))?;
        Ok(Asked { operation, id: None, name, wanted, environment })
    }

    /// Looks at files: not on the server's own threads. The second time it is the same project, as it is then.
    pub(crate) fn work(&mut self, state: &State, analysis: &Analysis) -> Result<Work, String> {
        let project = self.project(analysis)?;
        self.id = Some(project.id.clone());
        if let Some(file) = unsaved(state, &project, self.operation) {
            return Err(format!("save {file} first: what is done to a database is made of what is saved"));
        }
        let preferred = state.live.allowed_environment()?;
        let environment = environment_of(&project, self.environment.as_deref().or(preferred.as_deref()))?;
        let answers = self.wanted.answers(state, &project);
        Ok(Work { operation: self.operation, project, environment, answers })
    }

    pub(crate) fn is_about(&self, project: &ProjectId) -> bool {
        self.id.as_ref() == Some(project)
    }

    pub(super) fn is_same_project(&self, other: &Asked) -> bool {
        self.id == other.id
    }

    fn project(&self, analysis: &Analysis) -> Result<Arc<Project>, String> {
        let all = &analysis.projects;
        if let Some(id) = &self.id {
            let found = all.iter().find(|project| project.id == *id);
            return found.cloned().ok_or_else(|| String::from("the project is no longer open"));
        }
        if let Some(name) = &self.name {
            let path = Url::parse(name).ok().and_then(|uri| file_path(&uri)).map(|path| path.display().to_string());
            let path = path.as_ref().unwrap_or(name);
            let is_it = |project: &&Arc<Project>| {
                project.source().display().to_string() == *path
                    || project.label() == *name
                    || project.name.as_ref() == Some(name)
            };
            return only(all.iter().filter(is_it), || format!("there is no project `{name}`"));
        }
        if self.wanted.is_of_one() {
            return only(self.wanted.projects(analysis)?.iter(), || String::from("the project is no longer open"));
        }
        let can = |project: &&Arc<Project>| match self.operation {
            Operation::Push => project.desired.is_some(),
            Operation::Migrate => project.history.is_some(),
        };
        let mut possible: Vec<&Arc<Project>> = all.iter().filter(can).collect();
        if possible.len() > 1 && self.operation == Operation::Push {
            possible.retain(|project| !project.pending.is_empty());
        }
        only(possible.into_iter(), || format!("there is no project to {}", self.operation.as_str()))
    }
}

/// The only one there is.
fn only<'p>(
    mut found: impl Iterator<Item = &'p Arc<Project>>,
    none: impl FnOnce() -> String,
) -> Result<Arc<Project>, String> {
    let Some(first) = found.next() else { return Err(none()) };
    let others: Vec<String> = found.map(|project| project.label()).collect();
    if others.is_empty() {
        return Ok(first.clone());
    }
    Err(format!("which project? Name one of {}, {}", first.label(), others.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arguments_may_be_missing_and_are_understood_in_every_shape() {
        let asked = |arguments| Asked::from_arguments(Operation::Push, arguments).unwrap();
        for arguments in
            [vec![], vec![Value::Null], vec![json!({})], vec![json!({"project": null, "environment": " "})]]
        {
            let asked = asked(arguments);
            assert!(asked.name.is_none() && asked.environment.is_none() && !asked.wanted.is_of_one());
        }
        let named = asked(vec![json!({"project": "/a/drizzle.config.ts", "environment": "dev"})]);
        assert_eq!((named.name.as_deref(), named.environment.as_deref()), (Some("/a/drizzle.config.ts"), Some("dev")));
        let both = asked(vec![json!({"version": 1, "source": "/a/b.ts", "index": 1, "project": "/a/b.ts"})]);
        assert!(both.name.is_none() && both.wanted.is_of_one());
        assert!(asked(vec![json!({"project": {"source": "/a/b.ts"}})]).wanted.is_of_one());
        assert!(Asked::from_arguments(Operation::Push, vec![json!({"version": 2})]).is_err());
    }
}
