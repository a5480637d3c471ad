//! A virtual table: a module, and arguments that only the module understands.

use serde::{Deserialize, Serialize};

use super::name::{fold, name};
use super::tokens::Cursor;

/// A virtual table. Its shadow tables are its own business and not listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VirtualTable {
    /// Its name.
    pub name: String,
    /// The statement that makes it, as SQLite keeps it.
    pub sql: String,
    /// Its module, folded: `fts5`.
    pub module: String,
    /// Its arguments without the whitespace between their tokens; case and quotes are the module's.
    pub form: String,
    /// Those that can be read with `*`, in order; none when the module is not there.
    pub columns: Vec<String>,
}

impl VirtualTable {
    /// The table that a statement makes; none when it is not understood.
    pub(super) fn read(sql: &str, columns: Vec<String>) -> Option<Self> {
        let mut cursor = Cursor::new(sql);
        if !cursor.eat(&["CREATE", "VIRTUAL", "TABLE"]) {
            return None;
        }
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        let table = cursor.name()?;
        if !cursor.eat(&["USING"]) {
            return None;
        }
        let module = fold(&cursor.name()?);
        let arguments: Vec<&str> =
            cursor.tokens()[cursor.at()..].iter().map(|token| token.text).collect();
        let form = arguments.join(" ");
        Some(Self { name: table, sql: sql.to_owned(), module, form, columns })
    }

    /// The statement that makes it, under any name.
    pub(super) fn create(&self, table: &str) -> String {
        let mut cursor = Cursor::new(&self.sql);
        while cursor.next().is_some_and(|token| !token.is_word("USING")) {}
        let rest = cursor.text(cursor.at()..cursor.tokens().len());
        format!("CREATE VIRTUAL TABLE {} USING {rest}", name(table))
    }

    /// The value of an option, `content='notes'`, without its quotes.
    pub(super) fn option(&self, key: &str) -> Option<String> {
        let cursor = Cursor::new(&self.sql);
        let tokens = cursor.tokens();
        let at =
            tokens.windows(2).position(|pair| pair[0].is_word(key) && pair[1].is_symbol("="))?;
        tokens.get(at + 2)?.name()
    }
}
