//! What an import specifier leads to: relative paths, tsconfig paths, package imports, workspace packages.
