//! Folders in, history out.
