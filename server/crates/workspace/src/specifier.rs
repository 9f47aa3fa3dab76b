//! What can be told of an import specifier from its text alone.

use std::path::Path;

/// A specifier's package name and its subpath, which is empty for the package itself.
pub(crate) fn split(specifier: &str) -> (&str, &str) {
    let n_names = if specifier.starts_with('@') { 2 } else { 1 };
    match specifier.match_indices('/').nth(n_names - 1) {
        Some((slash, _)) => {
            let (name, subpath) = specifier.split_at_checked(slash).unwrap_or((specifier, ""));
            (name, subpath.trim_start_matches('/'))
        }
        None => (specifier, ""),
    }
}

/// `node:fs`, `bun:test`, `https://…`, `data:…`: nothing on the disk.
pub(crate) fn has_scheme(specifier: &str) -> bool {
    specifier
        .split_once(':')
        .is_some_and(|(scheme, _)| scheme.len() > 1 && scheme.chars().all(|it| it.is_ascii_alphanumeric()))
}

/// Whether npm would accept the name: an alias such as `@/db`, `~/db`, `$lib/db` is none.
pub(crate) fn is_package_name(specifier: &str) -> bool {
    let name = split(specifier).0;
    let is_part = |part: &str| {
        let mut characters = part.chars();
        characters.next().is_some_and(|it| it.is_ascii_alphanumeric() || it == '_' || it == '-')
            && characters.all(|it| it.is_ascii_alphanumeric() || "._-".contains(it))
    };
    match name.strip_prefix('@').map(|scoped| scoped.split_once('/')) {
        Some(Some((scope, name))) => is_part(scope) && is_part(name),
        Some(None) => false,
        None => is_part(name),
    }
}

/// The package that a path in `node_modules` belongs to.
pub(crate) fn installed_name(path: &Path) -> Option<String> {
    let text = path.to_str()?.replace('\\', "/");
    let (_, below) = text.rsplit_once("/node_modules/")?;
    Some(split(below).0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(specifier: &str, name: &str, subpath: &str, is_package: bool) {
        assert_eq!(split(specifier), (name, subpath));
        assert_eq!(is_package_name(specifier), is_package, "{specifier}");
    }

    #[test]
    fn a_specifier_splits_into_name_and_subpath() {
        check("@a/b/c/d", "@a/b", "c/d", true);
        check("a.js/b", "a.js", "b", true);
        check("a", "a", "", true);
    }

    #[test]
    fn an_alias_is_no_package_name() {
        check("@/db", "@/db", "", false);
        check("@a", "@a", "", false);
        check("~/db", "~", "db", false);
        check("$lib/db", "$lib", "db", false);
        check("", "", "", false);
    }
}
