//! Readers, each with its table.
