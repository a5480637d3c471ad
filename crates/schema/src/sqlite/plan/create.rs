//! The statement that makes a table.

use crate::sqlite::form::qualifies;
use crate::sqlite::layout::laid_out;
use crate::sqlite::name::name;
use crate::sqlite::table::Table;
use crate::sqlite::tokens::Cursor;

impl Table {
    /// The statement that makes it, under any name. `users.id` in its own expressions becomes
    /// `id`: under another name it would be no column.
    pub(in crate::sqlite) fn create(&self, table: &str) -> String {
        let mut cursor = Cursor::new(&self.sql);
        while cursor.peek().is_some() && !cursor.sees_symbol("(") {
            cursor.next();
        }
        let tokens = cursor.tokens();
        let mut at = cursor.at();
        let mut copied = tokens.get(at).map_or(0, |token| token.start);
        let mut items = String::new();
        while at < tokens.len() {
            if qualifies(tokens, at, &self.name) {
                items.push_str(&self.sql[copied..tokens[at].start]);
                copied = tokens[at + 1].end;
            }
            at += 1;
        }
        items.push_str(&self.sql[copied..]);
        format!("CREATE TABLE {} {}", name(table), laid_out(&items))
    }
}
