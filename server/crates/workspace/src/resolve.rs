//! What an import specifier leads to: relative paths, tsconfig paths, package imports, workspace packages.
//!
//! `oxc_resolver` knows Node's and TypeScript's rules; added here is what source that was never built or installed needs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use oxc_resolver::{ResolveOptions, ResolverGeneric, TsConfig, TsconfigDiscovery};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use source::{FilePath, Resolution};

use crate::overlay::Overlay;
use crate::package_entry;
use crate::packages::Packages;
use crate::resolver_files::ResolverFiles;
use crate::specifier::{has_scheme, installed_name, is_package_name, split};
use crate::tsconfig::Ownership;

const EXTENSIONS: [&str; 9] = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];
const EXTENSION_ALIASES: [(&str, &[&str]); 4] = [
    (".js", &[".ts", ".tsx", ".js"]),
    (".jsx", &[".tsx", ".jsx"]),
    (".mjs", &[".mts", ".mjs"]),
    (".cjs", &[".cts", ".cjs"]),
];

/// Module resolution whose answers are kept until `forget`.
pub(crate) struct Resolver {
    overlay: Arc<Overlay>,
    memory: RwLock<Arc<Memory>>,
}

/// All that was learnt since the last `forget`. A resolution under way keeps the one that it began with.
struct Memory {
    packages: Arc<Packages>,
    as_written: ResolverGeneric<ResolverFiles>,
    nearest: ResolverGeneric<ResolverFiles>,
    known: RwLock<FxHashMap<FilePath, FxHashMap<Box<str>, Resolution>>>,
    n_resolved: AtomicUsize,
}

impl Resolver {
    pub(crate) fn new(overlay: Arc<Overlay>) -> Resolver {
        let memory = RwLock::new(Arc::new(Memory::new(&overlay)));
        Resolver { overlay, memory }
    }

    /// Every answer may be another one now.
    pub(crate) fn forget(&self) {
        *self.memory.write() = Arc::new(Memory::new(&self.overlay));
    }

    /// The kept answer, or a new one.
    pub(crate) fn resolve(&self, importer: &Path, specifier: &str) -> Resolution {
        let memory = self.memory.read().clone();
        memory.resolve(importer, specifier)
    }

    /// As `resolve`, for when nobody says what changes: an answer that the disk can contradict is checked.
    pub(crate) fn resolve_checked(&self, importer: &Path, specifier: &str) -> Resolution {
        let memory = self.memory.read().clone();
        let resolution = memory.resolve(importer, specifier);
        let is_doubtful = match &resolution {
            Resolution::File(path) => !memory.packages.is_file(path),
            Resolution::Package(_) => false,
            Resolution::NotFound(_) => true,
        };
        // The first answer of a memory is as new as any.
        if !is_doubtful || memory.n_resolved.load(Ordering::Relaxed) <= 1 {
            return resolution;
        }
        self.forget();
        self.resolve(importer, specifier)
    }
}

impl Memory {
    fn new(overlay: &Arc<Overlay>) -> Memory {
        let packages = Arc::new(Packages::new(overlay.clone()));
        let resolver = |ownership| {
            let files = ResolverFiles { overlay: overlay.clone(), packages: packages.clone(), ownership };
            ResolverGeneric::new_with_file_system(files, options())
        };
        let (as_written, nearest) = (resolver(Ownership::AsWritten), resolver(Ownership::Nearest));
        Memory { packages, as_written, nearest, known: RwLock::default(), n_resolved: AtomicUsize::new(0) }
    }

    fn resolve(&self, importer: &Path, specifier: &str) -> Resolution {
        if let Some(known) = self.known.read().get(importer).and_then(|known| known.get(specifier)) {
            self.n_resolved.fetch_add(1, Ordering::Relaxed);
            return known.clone();
        }
        let resolution = self.look_up(importer, specifier);
        self.n_resolved.fetch_add(1, Ordering::Relaxed);
        let mut known = self.known.write();
        known.entry(FilePath::from(importer)).or_default().insert(specifier.into(), resolution.clone());
        resolution
    }

    fn look_up(&self, importer: &Path, specifier: &str) -> Resolution {
        if has_scheme(specifier) {
            return Resolution::Package(split(specifier).0.to_owned());
        }
        let is_relative = specifier.starts_with('.') || specifier.starts_with('/');
        let found = self.as_written.resolve_file(importer, specifier);
        // A file that no tsconfig.json includes still gets the aliases of the nearest one, as it does when drizzle-kit runs it.
        let found = if is_relative { found } else { found.or_else(|_| self.nearest.resolve_file(importer, specifier)) };
        match found {
            Ok(found) => self.classify(importer, specifier, found.path()),
            Err(_) if is_relative => not_found_relative(importer, specifier),
            Err(_) if specifier.starts_with('#') => self.package_import(importer, specifier),
            Err(_) => self.bare(importer, specifier),
        }
    }

    fn classify(&self, importer: &Path, specifier: &str, path: &Path) -> Resolution {
        if path.components().any(|component| component.as_os_str() == "node_modules") {
            return match installed_name(path) {
                // An alias may lead into node_modules: the folder there says which package it is.
                Some(name) if !specifier.starts_with(&name) => Resolution::Package(name),
                _ => self.bare(importer, specifier),
            };
        }
        let is_declaration = [".d.ts", ".d.mts", ".d.cts"].iter().any(|end| path.to_string_lossy().ends_with(end));
        if is_declaration && !specifier.contains(".d") {
            return match is_package_name(specifier) {
                true => Resolution::Package(split(specifier).0.to_owned()),
                false => Resolution::NotFound(format!("only declarations without code: {}", path.display())),
            };
        }
        let is_source =
            path.extension().is_some_and(|it| ["ts", "tsx", "mts", "cts", "json"].iter().any(|ext| it == *ext));
        let is_file = |path: &Path| self.packages.is_file(path);
        let is_own = specifier.starts_with('.');
        let source = if is_source || is_own { None } else { package_entry::source_of(path, &is_file) };
        Resolution::File(FilePath::from(source.as_deref().unwrap_or(path)))
    }

    /// A package of the workspace, one that is installed or missing, or an alias that leads nowhere.
    fn bare(&self, importer: &Path, specifier: &str) -> Resolution {
        let (name, subpath) = split(specifier);
        let directory = importer.parent().unwrap_or(importer);
        let Some(folder) = self.packages.folder(directory, name) else {
            return match self.aliased(importer, specifier) {
                Some(tried) => not_found(&tried),
                None if is_package_name(specifier) => Resolution::Package(name.to_owned()),
                None => Resolution::NotFound(format!("no tsconfig.json above the file has a path for `{specifier}`")),
            };
        };
        let manifest = self.packages.json(&folder.join("package.json")).unwrap_or_default();
        match package_entry::entry(&folder, &manifest, subpath, &|path| self.packages.is_file(path)) {
            Ok(path) => Resolution::File(FilePath::from(path)),
            Err(tried) => not_found(&tried),
        }
    }

    /// `#name` whose target was not built.
    fn package_import(&self, importer: &Path, specifier: &str) -> Resolution {
        let folder = importer.ancestors().skip(1).find(|above| self.packages.is_file(&above.join("package.json")));
        let found = folder.and_then(|folder| {
            let manifest = self.packages.json(&folder.join("package.json"))?;
            package_entry::import(folder, &manifest, specifier, &|path| self.packages.is_file(path))
        });
        match (found, self.aliased(importer, specifier)) {
            (Some(Ok(path)), _) => Resolution::File(FilePath::from(path)),
            (Some(Err(tried)), _) | (None, Some(tried)) => not_found(&tried),
            (None, None) => Resolution::NotFound(format!("no package.json above the file imports `{specifier}`")),
        }
    }

    /// Where the `paths` of a tsconfig.json send the specifier; None where they do not name it, or name everything.
    fn aliased(&self, importer: &Path, specifier: &str) -> Option<Vec<PathBuf>> {
        [&self.as_written, &self.nearest].iter().find_map(|resolver| {
            let tsconfig = resolver.find_tsconfig(importer).ok()??;
            names(&tsconfig, specifier).then(|| tsconfig.resolve_path_alias_or_base_url(specifier))
        })
    }
}

fn options() -> ResolveOptions {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    ResolveOptions {
        tsconfig: Some(TsconfigDiscovery::Auto),
        extensions: owned(&EXTENSIONS),
        extension_alias: EXTENSION_ALIASES.iter().map(|(from, to)| ((*from).to_owned(), owned(to))).collect(),
        condition_names: owned(&["source", "development", "node", "import", "require", "default"]),
        main_fields: owned(&["source", "module", "main", "types"]),
        builtin_modules: false,
        // Files keep the spelling of the folder that the user opened; links in `node_modules` are followed in `Packages`.
        symlinks: false,
        ..ResolveOptions::default()
    }
}

fn names(tsconfig: &TsConfig, specifier: &str) -> bool {
    let keys = tsconfig.compiler_options.paths.iter().flat_map(|paths| paths.keys());
    keys.filter(|key| *key != "*").any(|key| match key.split_once('*') {
        Some((prefix, suffix)) => specifier.strip_prefix(prefix).is_some_and(|rest| rest.ends_with(suffix)),
        None => key == specifier,
    })
}

fn not_found_relative(importer: &Path, specifier: &str) -> Resolution {
    let directory = importer.parent().unwrap_or(importer);
    not_found(&[crate::Disk::normalize(&directory.join(specifier)).to_path_buf()])
}

fn not_found(tried: &[PathBuf]) -> Resolution {
    let mut paths: Vec<_> = tried.iter().map(|path| path.display().to_string()).collect();
    paths.dedup();
    Resolution::NotFound(format!(
        "tried {}, with the extensions {} and as a folder with an index file",
        paths.join(", "),
        EXTENSIONS.join(" ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Writes the files (`path` or `path=text`), and resolves each import of `importer`: a path is a file, `npm:x` a package, `-` nothing.
    fn check(files: &[&str], importer: &str, imports: &[(&str, &str)]) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for file in files {
            let (path, text) = file.split_once('=').unwrap_or((file, ""));
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            match text.strip_prefix("-> ") {
                #[cfg(unix)]
                Some(target) => std::os::unix::fs::symlink(target, path).unwrap(),
                _ => fs::write(path, text).unwrap(),
            }
        }
        let resolver = Resolver::new(Arc::default());
        for (specifier, expected) in imports {
            let found = match resolver.resolve_checked(&root.join(importer), specifier) {
                Resolution::File(path) => path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(),
                Resolution::Package(name) => format!("npm:{name}"),
                Resolution::NotFound(_) => "-".to_owned(),
            };
            assert_eq!(found, *expected, "{specifier}");
        }
    }

    #[test]
    fn relative_imports_try_extensions_aliases_and_indexes() {
        check(
            &[
                "src/a.ts",
                "src/b.tsx",
                "src/c.mts",
                "src/d/index.ts",
                "src/e.json",
                "src/f.js",
                "src/g.ts",
                "src/g/index.ts",
            ],
            "src/main.ts",
            &[
                ("./a", "src/a.ts"),
                ("./a.js", "src/a.ts"),
                ("./a.ts", "src/a.ts"),
                ("./b.js", "src/b.tsx"),
                ("./b.jsx", "src/b.tsx"),
                ("./c.mjs", "src/c.mts"),
                ("./d", "src/d/index.ts"),
                ("../src/d/", "src/d/index.ts"),
                ("./e.json", "src/e.json"),
                ("./f.js", "src/f.js"),
                ("./g", "src/g.ts"),
                ("./none", "-"),
            ],
        );
    }

    #[test]
    fn tsconfig_paths_are_followed_through_extends() {
        check(
            &[
                "tsconfig.json={ // aliases\n \"extends\": [\"./base.json\", \"./.svelte-kit/tsconfig.json\", \"@tsconfig/none\"],\n \"include\": [\"src\"], }",
                "base.json={\"compilerOptions\": {\"baseUrl\": \".\", \"paths\": {\"@/*\": [\"./src/*\"], \"$db\": [\"src/db/index.ts\"]}}}",
                "src/db/index.ts",
                "src/a.ts",
            ],
            "src/a.ts",
            &[
                ("@/db", "src/db/index.ts"),
                ("@/a.js", "src/a.ts"),
                ("$db", "src/db/index.ts"),
                ("src/a", "src/a.ts"),
                ("@/none", "-"),
                ("~/none", "-"),
                ("./none", "-"),
                ("./db", "src/db/index.ts"),
                ("zod", "npm:zod"),
            ],
        );
    }

    #[test]
    fn a_file_that_no_tsconfig_includes_has_the_aliases_of_the_nearest() {
        check(
            &[
                "tsconfig.json={\"include\": [\"src\"], \"compilerOptions\": {\"paths\": {\"@/*\": [\"./src/*\"], \"@lib/*\": [\"./lib/*\"]}}}",
                "src/a.ts",
                "db/schema.ts",
            ],
            "db/schema.ts",
            &[("@/a", "src/a.ts"), ("@lib/none", "-"), ("@lib2/x", "npm:@lib2/x")],
        );
    }

    #[test]
    fn project_references_share_their_aliases() {
        check(
            &[
                "tsconfig.json={\"files\": [], \"references\": [{\"path\": \"./tsconfig.app.json\"}, {\"path\": \"./none.json\"}]}",
                "tsconfig.app.json={\"include\": [\"src\"], \"compilerOptions\": {\"paths\": {\"@/*\": [\"./src/*\"]}}}",
                "src/a.ts",
                "src/b.ts",
            ],
            "src/b.ts",
            &[("@/a", "src/a.ts")],
        );
    }

    #[test]
    fn package_imports_are_found_built_or_not() {
        check(
            &[
                "package.json={\"imports\": {\"#db/*\": \"./src/db/*.ts\", \"#built/*\": {\"types\": \"./dist/*.d.ts\", \"default\": \"./dist/*.js\"}}}",
                "src/db/a.ts",
                "src/b.ts",
            ],
            "src/main.ts",
            &[("#db/a", "src/db/a.ts"), ("#built/b", "src/b.ts"), ("#built/none", "-"), ("#none", "-")],
        );
    }

    #[test]
    fn workspace_packages_are_found_without_an_install() {
        let manifest = "\"exports\": {\".\": {\"types\": \"./dist/index.d.ts\", \"default\": \"./dist/index.js\"}, \"./*\": \"./dist/*.js\"}}";
        let database = format!("packages/db/package.json={{\"name\": \"@acme/db\", {manifest}");
        for root in [
            "pnpm-workspace.yaml=packages:\n  - 'packages/*'\n  - apps/**\n",
            "package.json={\"workspaces\": {\"packages\": [\"./packages/*\"]}}",
        ] {
            check(
                &[
                    root,
                    &database,
                    "packages/db/src/index.ts",
                    "packages/db/src/schema/users.ts",
                    "apps/web/package.json={\"name\": \"web\"}",
                ],
                "apps/web/src/main.ts",
                &[
                    ("@acme/db", "packages/db/src/index.ts"),
                    ("@acme/db/schema/users", "packages/db/src/schema/users.ts"),
                    ("@acme/db/none", "-"),
                    ("@acme/other/x", "npm:@acme/other"),
                ],
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_package_is_source_and_an_installed_one_is_not() {
        check(
            &[
                "shared/package.json={\"name\": \"shared\", \"main\": \"./lib/index.js\"}",
                "shared/src/index.ts",
                "app/node_modules/.pnpm/zod/node_modules/zod/package.json={\"name\": \"zod\", \"main\": \"index.js\"}",
                "app/node_modules/.pnpm/zod/node_modules/zod/index.js",
                "app/node_modules/shared=-> ../../shared",
                "app/node_modules/zod=-> .pnpm/zod/node_modules/zod",
            ],
            "app/src/main.ts",
            &[("shared", "shared/src/index.ts"), ("zod", "npm:zod"), ("zod/v4/core", "npm:zod")],
        );
    }

    #[test]
    fn packages_lose_their_subpath_and_builtins_are_packages() {
        check(
            &["package.json={}"],
            "a.ts",
            &[
                ("drizzle-orm/pg-core", "npm:drizzle-orm"),
                ("@neondatabase/serverless/x", "npm:@neondatabase/serverless"),
                ("node:fs/promises", "npm:node:fs"),
                ("fs/promises", "npm:fs"),
                ("bun:sqlite", "npm:bun:sqlite"),
                ("", "-"),
                ("@/x", "-"),
            ],
        );
    }

    #[test]
    fn a_file_that_appears_or_goes_is_noticed_without_being_told() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (importer, path) = (root.join("a.ts"), root.join("b.ts"));
        let resolver = Resolver::new(Arc::default());
        for _ in 0..3 {
            assert!(matches!(resolver.resolve_checked(&importer, "./b"), Resolution::NotFound(_)));
            fs::write(&path, "").unwrap();
            assert_eq!(resolver.resolve_checked(&importer, "./b"), Resolution::File(FilePath::from(path.as_path())));
            fs::remove_file(&path).unwrap();
        }
    }
}
