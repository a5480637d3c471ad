//! A schema that can be taken apart.

use std::fmt::Write as _;

/// Statements in an order in which they run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema(pub Vec<Statement>);

/// `CREATE TABLE t (` items `) STRICT`, or one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// Before the parenthesis, or the whole statement; without a semicolon.
    pub head: String,
    /// Columns and constraints.
    pub items: Vec<String>,
    /// After the parenthesis.
    pub tail: String,
}

impl Statement {
    /// A statement that is not taken apart.
    #[must_use]
    pub fn plain(sql: impl Into<String>) -> Self {
        Self { head: sql.into(), ..Self::default() }
    }
}

impl Schema {
    /// The text that makes it.
    #[must_use]
    pub fn sql(&self) -> String {
        let mut sql = String::new();
        for Statement { head, items, tail } in &self.0 {
            let _ = match items.is_empty() {
                true => writeln!(sql, "{head};"),
                false => writeln!(sql, "{head} (\n  {}\n){tail};", items.join(",\n  ")),
            };
        }
        sql
    }

    /// Every schema that is this one less a statement or an item, the largest cuts first.
    pub fn smaller(&self) -> impl Iterator<Item = Self> {
        let whole = (0..self.0.len()).map(|at| {
            let mut less = self.clone();
            less.0.remove(at);
            less
        });
        let places = self.0.iter().enumerate();
        let items = places.flat_map(|(at, statement)| {
            // An empty list of items is another statement.
            let count = if statement.items.len() > 1 { statement.items.len() } else { 0 };
            (0..count).map(move |item| (at, item))
        });
        let part = items.map(|(at, item)| {
            let mut less = self.clone();
            less.0[at].items.remove(item);
            less
        });
        whole.chain(part)
    }
}
