//! `CREATE TABLE`, as `SHOW CREATE TABLE` prints it.

use std::collections::BTreeMap;

use super::{Pieces, Source, Unread, clauses, column, options};
use crate::mysql::Table;

/// The collations of one table, which its text shows only in part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collations {
    /// What new columns of text get.
    pub table: String,
    /// Columns of text.
    pub columns: BTreeMap<String, String>,
}

impl Table {
    /// Reads the server's text of a table.
    ///
    /// # Errors
    /// A text that is not understood.
    pub fn read(text: &str, collations: &Collations, source: Source<'_>) -> Result<Self, Unread> {
        let syntax = source.server.syntax();
        let text = source.plain(text);
        let mut pieces = Pieces::new(&text, syntax);
        pieces.expect(&["CREATE", "TABLE"])?;
        let mut table =
            Self { name: pieces.name()?, collation: collations.table.clone(), ..Self::default() };
        for item in pieces.group()? {
            if item.peek().is_some_and(|piece| piece.is_name()) {
                let mut column = column::read(item, syntax)?;
                column.collation = collations.columns.get(&column.name).cloned();
                table.columns.push(column);
            } else {
                clauses::read(item, &mut table)?;
            }
        }
        options::read(pieces, syntax, &mut table)?;
        Ok(table)
    }
}
