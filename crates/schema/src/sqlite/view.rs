//! Views and triggers: texts that SQLite reads again whenever they are used.

use serde::{Deserialize, Serialize};

use super::form::body_form;
use super::name::{is_plain, name};
use super::tokens::Cursor;

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Its name.
    pub name: String,
    /// The statement that makes it, as SQLite keeps it.
    pub sql: String,
    /// What comes after its name, in the form in which views are compared.
    pub form: String,
    /// In order; none when it cannot be read.
    pub columns: Vec<ViewColumn>,
    /// Why it cannot be read.
    pub broken: Option<String>,
}

/// A column of a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewColumn {
    /// Its name.
    pub name: String,
    /// The type of the column it shows; empty: none.
    pub type_name: String,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// Its table or view.
    pub table: String,
    /// The statement that makes it, as SQLite keeps it.
    pub sql: String,
    /// What comes after its name, in the form in which triggers are compared.
    pub form: String,
}

impl View {
    pub(super) fn read(
        name: &str,
        sql: &str,
        columns: Vec<ViewColumn>,
        broken: Option<String>,
    ) -> Self {
        let (_, rest) = after_name(sql, "VIEW");
        let form = body_form(rest, true);
        Self { name: name.to_owned(), sql: sql.to_owned(), form, columns, broken }
    }

    /// The statement that makes it, under a name of its own.
    pub(super) fn create(&self) -> String {
        let (joint, rest) = after_name(&self.sql, "VIEW");
        format!("CREATE VIEW {}{joint}{rest}", name(&self.name))
    }

    /// Names of columns that are the text of an expression, and so change with its spelling.
    pub(super) fn odd_columns(&self) -> Vec<&str> {
        let odd = |name: &&str| !is_plain(name);
        let mut names: Vec<&str> =
            self.columns.iter().map(|column| column.name.as_str()).filter(odd).collect();
        names.sort_unstable();
        names
    }
}

impl Trigger {
    pub(super) fn read(name: &str, table: &str, sql: &str) -> Self {
        let (_, rest) = after_name(sql, "TRIGGER");
        Self {
            name: name.to_owned(),
            table: table.to_owned(),
            sql: sql.to_owned(),
            form: body_form(rest, false),
        }
    }

    /// The statement that makes it.
    pub(super) fn create(&self) -> String {
        let (joint, rest) = after_name(&self.sql, "TRIGGER");
        format!("CREATE TRIGGER {}{joint}{rest}", name(&self.name))
    }
}

/// What stands between a name and the rest, and the rest. Everything, when there is no such word.
fn after_name<'a>(sql: &'a str, kind: &str) -> (&'static str, &'a str) {
    let mut cursor = Cursor::new(sql);
    while cursor.next().is_some_and(|token| !token.is_word(kind)) {}
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    let Some(token) = cursor.next() else { return (" ", sql) };
    let rest = &sql[token.end..];
    if rest.starts_with('(') { ("", rest) } else { (" ", rest.trim()) }
}
