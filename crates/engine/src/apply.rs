//! Runs the statements of one migration.
