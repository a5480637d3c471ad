//! An index that has a statement of its own.

use serde::{Deserialize, Serialize};

use super::form::{Names, Role, form, has_loose};
use super::name::{name, unquoted};
use super::tokens::{Cursor, Token};

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// The statement that makes it, as SQLite keeps it.
    pub sql: String,
    /// What comes after its name, in the form in which indexes are compared.
    pub form: String,
    /// `UNIQUE`.
    pub unique: bool,
    /// What it sorts by; none for an expression.
    pub columns: Vec<Option<String>>,
    /// What it sorts by, as written but for comments.
    pub parts: String,
    /// The condition of a partial index, as written but for comments.
    pub condition: Option<String>,
    /// It has a string in double quotes.
    pub loose_strings: bool,
}

impl Index {
    /// The index that a statement makes; none when it is not understood.
    pub(super) fn read(sql: &str, names: &Names) -> Option<Self> {
        let mut cursor = Cursor::new(sql);
        if !cursor.eat(&["CREATE"]) {
            return None;
        }
        let unique = cursor.eat(&["UNIQUE"]);
        if !cursor.eat(&["INDEX"]) {
            return None;
        }
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        let index = cursor.name()?;
        let after_name = cursor.at();
        if !cursor.eat(&["ON"]) {
            return None;
        }
        let table = cursor.name()?;
        let after_table = cursor.at();
        let group = cursor.group()?;
        let parts = group.start + 1..group.end - 1;
        let condition = cursor.eat(&["WHERE"]).then(|| cursor.at());
        let end = cursor.tokens().len();
        if condition.is_none() && cursor.at() != end {
            return None;
        }
        let mut roles = vec![Role::Expression; end];
        roles[after_table - 1] = Role::Name;
        let tokens = &cursor.tokens()[after_name..];
        Some(Self {
            name: index,
            form: form(tokens, &roles[after_name..], names),
            loose_strings: has_loose(tokens, &roles[after_name..], names),
            unique,
            columns: columns(&cursor.tokens()[parts.clone()]),
            parts: cursor.said(parts),
            condition: condition.map(|at| cursor.said(at..end)),
            table,
            sql: sql.to_owned(),
        })
    }

    /// The statement that makes it, under a name of its own.
    pub(super) fn create(&self) -> String {
        let mut cursor = Cursor::new(&self.sql);
        while cursor.next().is_some_and(|token| !token.is_word("INDEX")) {}
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        cursor.next();
        let rest = cursor.text(cursor.at()..cursor.tokens().len());
        let unique = if self.unique { "UNIQUE " } else { "" };
        format!("CREATE {unique}INDEX {} {rest}", name(&self.name))
    }
}

/// The column of each part, where it is one.
fn columns(tokens: &[Token<'_>]) -> Vec<Option<String>> {
    let mut depth = 0_usize;
    let parts = tokens.split(|token| {
        depth += usize::from(token.is_symbol("("));
        depth -= usize::from(token.is_symbol(")")).min(depth);
        depth == 0 && token.is_symbol(",")
    });
    let column = |part: &[Token<'_>]| {
        let (first, rest) = part.split_first()?;
        let words = ["ASC", "DESC", "COLLATE"];
        let sole = rest.first().is_none_or(|next| words.iter().any(|word| next.is_word(word)));
        sole.then(|| first.name().map(|_| unquoted(first.text, first.kind))).flatten()
    };
    parts.map(column).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn check(sql: &str, expected: &str) {
        let columns = BTreeSet::from(["a".to_owned(), "b".to_owned()]);
        let names = Names { table: "t".to_owned(), columns };
        let index = Index::read(sql, &names).unwrap_or_else(|| panic!("not read: {sql}"));
        let columns: Vec<&str> =
            index.columns.iter().map(|column| column.as_deref().unwrap_or("-")).collect();
        let shown = format!("{} [{}] {}", index.form, columns.join(" "), index.create());
        assert_eq!(shown, expected, "{sql}");
    }

    #[test]
    fn indexes() {
        check("CREATE INDEX i ON t(a)", "on t ( a ) [a] CREATE INDEX i ON t(a)");
        check(
            "CREATE UNIQUE INDEX \"I x\" ON \"T\"(\"A\" COLLATE NOCASE DESC, lower([b]), (a)) \
             WHERE \"b\" = \"x\"",
            "on t ( a collate nocase desc , lower ( b ) , ( a ) ) where b = 'x' [A - -] \
             CREATE UNIQUE INDEX \"I x\" ON \"T\"(\"A\" COLLATE NOCASE DESC, lower([b]), (a)) \
             WHERE \"b\" = \"x\"",
        );
    }
}
