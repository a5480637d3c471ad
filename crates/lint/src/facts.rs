//! What is known beyond the text: the schema before the migrations, and counts of rows.
//!
//! Invariant: a rule never asks for SQL; it asks a [`Question`], and whoever answers writes the
//! SQL.

use xtask_db_schema::Relation;

use crate::{Harm, Name};

/// Something that only a database can count.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Question {
    /// Rows of a table; an estimate will do.
    Rows {
        /// The table.
        table: Name,
    },
    /// Rows in which a column has a value.
    Values {
        /// The table.
        table: Name,
        /// The column.
        column: String,
    },
    /// Rows in which a column is null.
    Nulls {
        /// The table.
        table: Name,
        /// The column.
        column: String,
    },
    /// Groups of rows that are equal in these columns, none of them null.
    Duplicates {
        /// The table.
        table: Name,
        /// The columns.
        columns: Vec<String>,
    },
    /// Rows whose columns refer to no row of the other table.
    Orphans {
        /// The table.
        table: Name,
        /// The referring columns.
        columns: Vec<String>,
        /// The table referred to.
        to: Name,
        /// Its columns; empty: its primary key.
        referenced: Vec<String>,
    },
    /// Rows for which a condition is false. The condition is the migration's own text.
    Violations {
        /// The table.
        table: Name,
        /// The condition, as the migration has it.
        condition: String,
    },
    /// Rows in which a column has this value.
    Holding {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// The value, as text.
        value: String,
    },
    /// Rows in which a column has more characters.
    Longer {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// Characters that remain.
        characters: u32,
    },
}

/// What is known beyond the text. Everything may be unknown.
pub trait Facts {
    /// Tables and views as they are before the first migration that is looked at.
    fn relations(&self) -> Option<&[Relation]> {
        None
    }

    /// The answer to a question; none when it is not known.
    fn count(&self, question: &Question) -> Option<u64> {
        let _ = question;
        None
    }

    /// What a migration does to the queries of the release that is running.
    fn harms(&self, migration: &str) -> &[Harm] {
        let _ = migration;
        &[]
    }
}

/// Nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFacts;

impl Facts for NoFacts {}
