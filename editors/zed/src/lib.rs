//! Starts the driftlens program for Zed, and hands on its settings. Knows no schema.

use zed_extension_api::serde_json::{json, Value};
use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

const PROGRAM: &str = "driftlens";
const NOT_FOUND: &str =
    "driftlens is neither on the PATH nor in node_modules/.bin: install it, or name it in the setting \
     lsp.driftlens.binary.path";
/// Where a project names the packages that npm puts below `node_modules/.bin`.
const MANIFEST: &str = "package.json";

struct Driftlens;

impl zed::Extension for Driftlens {
    fn new() -> Driftlens {
        Driftlens
    }

    /// What the settings name, else the PATH of the worktree, else the project's `node_modules/.bin`.
    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let configured = LspSettings::for_worktree(server.as_ref(), worktree)?.binary;
        let (path, arguments, env) = match configured {
            Some(binary) => (binary.path, binary.arguments, binary.env),
            None => (None, None, None),
        };
        let command =
            path.or_else(|| worktree.which(PROGRAM)).or_else(|| in_node_modules(worktree)).ok_or(NOT_FOUND)?;
        let mut environment = worktree.shell_env();
        environment.extend(env.unwrap_or_default());
        Ok(Command { command, args: arguments.unwrap_or_else(|| vec![String::from("lsp")]), env: environment })
    }

    fn language_server_initialization_options(
        &mut self,
        server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<Value>> {
        Ok(LspSettings::for_worktree(server.as_ref(), worktree)?.initialization_options)
    }

    fn language_server_workspace_configuration(
        &mut self,
        server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<Value>> {
        // The server asks for its section by name.
        let settings = LspSettings::for_worktree(server.as_ref(), worktree)?.settings;
        Ok(settings.map(|settings| json!({ PROGRAM: settings })))
    }
}

/// The program that the project itself depends on. An extension sees no files of a worktree but by their text, so package.json tells.
fn in_node_modules(worktree: &Worktree) -> Option<String> {
    let manifest: Value = zed::serde_json::from_str(&worktree.read_text_file(MANIFEST).ok()?).ok()?;
    let depends = |kind: &str| manifest.get(kind).is_some_and(|packages| packages.get(PROGRAM).is_some());
    let name = match zed::current_platform().0 {
        zed::Os::Windows => "driftlens.cmd",
        _ => PROGRAM,
    };
    let is_there = ["dependencies", "devDependencies", "optionalDependencies"].into_iter().any(depends);
    is_there.then(|| format!("{}/node_modules/.bin/{name}", worktree.root_path()))
}

zed::register_extension!(Driftlens);
