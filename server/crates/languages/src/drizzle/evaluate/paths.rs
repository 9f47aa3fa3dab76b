//! `node:path`, `node:url` and `import.meta`, as far as configurations use them to name files.

use std::path::{Component, Path, PathBuf};

use source::{FilePath, Location};

use super::interpreter::Interpreter;
use super::value::{Native, Value};

/// The modules that are known without being read.
pub(super) fn module_of(package: &str) -> Option<&'static str> {
    match package {
        "node:path" | "path" | "node:path/posix" | "path/posix" => Some("path"),
        "node:url" | "url" => Some("url"),
        "node:process" | "process" => Some("process"),
        _ => None,
    }
}

/// `__dirname` and `__filename`; None for every other name.
pub(super) fn file_name(name: &str, file: &FilePath) -> Option<Value> {
    match name {
        "__dirname" => Some(Value::string(folder_of(file))),
        "__filename" => Some(Value::string(file.display().to_string())),
        _ => None,
    }
}

/// `import.meta.name`.
pub(super) fn meta(name: &str, file: &FilePath) -> Value {
    match name {
        "url" => Value::string(format!("file://{}", file.display())),
        "dirname" => Value::string(folder_of(file)),
        "filename" => Value::string(file.display().to_string()),
        _ => Value::Undefined,
    }
}

/// `path.join(…)` and the like; None for a function that is not known.
pub(super) fn call(interpreter: &Interpreter<'_>, name: &str, arguments: &[Value], at: &Location) -> Option<Value> {
    let texts: Option<Vec<&str>> = arguments.iter().map(|argument| argument.as_str().map(|text| &**text)).collect();
    let Some(texts) = texts else {
        return Some(interpreter.unknown("a part of this path is not a string", at.clone()));
    };
    let first = texts.first().copied().unwrap_or_default();
    Some(Value::string(match name {
        "path.join" => normal(&texts.join("/")),
        "path.resolve" => {
            texts.iter().fold(folder_of(&at.file), |base, part| normal_path(&Path::new(&base).join(part)))
        }
        "path.dirname" => Path::new(first).parent().map(|parent| parent.display().to_string()).unwrap_or_default(),
        "path.normalize" => normal(first),
        "path.basename" => {
            Path::new(first).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        }
        "path.relative" => relative(&texts, &at.file)?,
        "path.isAbsolute" => return Some(Value::Boolean(Path::new(first).is_absolute())),
        "url.fileURLToPath" => first.strip_prefix("file://").unwrap_or(first).to_owned(),
        "url.pathToFileURL" => format!("file://{first}"),
        // drizzle-kit is run where its configuration is.
        "process.cwd" => folder_of(&at.file),
        _ => return None,
    }))
}

/// `new URL(relative, base)` of two files.
pub(super) fn url(arguments: &[Value]) -> Option<Value> {
    let base = arguments.get(1)?.as_str()?.strip_prefix("file://")?.to_owned();
    let joined = Path::new(&base).parent()?.join(&**arguments.first()?.as_str()?);
    Some(Value::string(format!("file://{}", normal_path(&joined))))
}

/// The name a native function is known by.
pub(super) fn native(module: &str, name: &str) -> Value {
    let full = if matches!(name, "*" | "default") { module.to_owned() } else { format!("{module}.{name}") };
    Value::Native(Native::Global(full.into()))
}

/// `path.relative(from, to)`; None where the two share nothing.
fn relative(texts: &[&str], file: &FilePath) -> Option<String> {
    let base = folder_of(file);
    let whole =
        |text: Option<&&str>| PathBuf::from(normal_path(&Path::new(&base).join(text.copied().unwrap_or_default())));
    let (from, to) = (whole(texts.first()), whole(texts.get(1)));
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let upward = from.components().skip(shared).map(|_| Component::ParentDir);
    let path: PathBuf = upward.chain(to.components().skip(shared)).collect();
    (shared > 0).then(|| path.display().to_string())
}

fn folder_of(file: &FilePath) -> String {
    file.parent().map(|parent| parent.display().to_string()).unwrap_or_default()
}

fn normal(text: &str) -> String {
    normal_path(Path::new(text))
}

/// `.` and `..` taken out where something stands before them.
fn normal_path(path: &Path) -> String {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out.display().to_string()
}
