//! Every case in `tests/specs/plan/postgres/*.md`.
