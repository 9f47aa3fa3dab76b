//! The project on disk: detection, configuration files, module resolution, watching.
