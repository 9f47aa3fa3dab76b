//! Steps as text, from schemas as text.
