//! Changes that `ALTER TABLE` makes in place, and the conditions of each (src/alter.c).

use crate::Graph;
use crate::sqlite::name::{fold, same};
use crate::sqlite::tokens::tokens;
use crate::sqlite::{Column, Generated, Rule, Table};
use xtask_db_sql::{Dialect, Syntax, TokenKind, lex};

/// A table that is changed in place.
pub(super) struct Alter<'a> {
    pub(super) from: &'a Table,
    pub(super) to: &'a Table,
    /// Columns whose name is spelled otherwise.
    pub(super) spelled: Vec<(&'a Column, &'a Column)>,
    /// In the order in which they can be added.
    pub(super) added: Vec<&'a Column>,
    /// In the order in which they can be dropped.
    pub(super) dropped: Vec<&'a Column>,
}

/// How the change of a table is made in place; none when the table must be made again. With
/// `editable` no text of the schema has a string in double quotes.
pub(super) fn in_place<'a>(editable: bool, from: &'a Table, to: &'a Table) -> Option<Alter<'a>> {
    let frame = (from.strict, from.without_rowid) == (to.strict, to.without_rowid)
        && from.constraint_forms() == to.constraint_forms();
    if !frame {
        return None;
    }
    let mut spelled = Vec::new();
    for column in &from.columns {
        let Some(wanted) = to.column(&column.name) else { continue };
        if column.form != wanted.form {
            return None;
        }
        if column.name != wanted.name {
            spelled.push((column, wanted));
        }
    }
    let added = to.columns.iter().filter(|column| from.column(&column.name).is_none());
    let added: Vec<&Column> = added.collect();
    let dropped = from.columns.iter().filter(|column| to.column(&column.name).is_none());
    let dropped: Vec<&Column> = dropped.collect();
    // DROP COLUMN and RENAME COLUMN put single quotes around every string of the schema that is
    // written in double ones: the texts would no longer be those of the schema file.
    let edits_texts = !dropped.is_empty() || !spelled.is_empty();
    if (edits_texts && !editable)
        || !added.iter().all(|column| can_be_added(column))
        || !dropped.iter().all(|column| can_be_dropped(column))
        || cuts_a_comment(from, &dropped)
    {
        return None;
    }
    let added = ordered(&added, false)?;
    let dropped = ordered(&dropped, true)?;
    Some(Alter { from, to, spelled, added, dropped })
}

/// `ALTER TABLE ADD COLUMN` takes it, and gives the rows that are there what a new row gets.
fn can_be_added(column: &Column) -> bool {
    let mut refers = false;
    for rule in &column.rules {
        match rule {
            Rule::PrimaryKey { .. } | Rule::Unique { .. } => return false,
            Rule::References { .. } => refers = true,
            Rule::Check { .. } => {}
        }
    }
    let default = column.default.as_ref().filter(|default| !default.null);
    column.generated != Some(Generated::Stored)
        && default.is_none_or(|default| default.literal && !refers)
}

fn can_be_dropped(column: &Column) -> bool {
    let key = |rule: &Rule| matches!(rule, Rule::PrimaryKey { .. } | Rule::Unique { .. });
    !column.rules.iter().any(key)
}

/// SQLite finds the comma before a last column by going back through the text, comments too.
fn cuts_a_comment(table: &Table, dropped: &[&Column]) -> bool {
    let last = table.columns.last();
    let drops_last = dropped.iter().any(|column| last.is_some_and(|last| last == *column));
    let comment = |token: &xtask_db_sql::Token| {
        token.kind == TokenKind::Comment && table.sql[token.span.range()].contains(',')
    };
    drops_last && lex(&table.sql, Syntax::of(Dialect::Sqlite)).iter().any(comment)
}

/// Columns so that each comes after those it names; before them with `reverse`. None when they
/// name each other.
fn ordered<'a>(columns: &[&'a Column], reverse: bool) -> Option<Vec<&'a Column>> {
    let mut graph = Graph::default();
    for column in columns {
        graph.node(fold(&column.name));
    }
    for column in columns {
        for token in tokens(&column.form) {
            if let Some(named) = token.name() {
                let (own, named) = (fold(&column.name), fold(&named));
                let (first, then) = if reverse { (own, named) } else { (named, own) };
                graph.edge(&then, first);
            }
        }
    }
    let order = graph.order().ok()?;
    let column = |name: &String| columns.iter().find(|column| same(&column.name, name)).copied();
    Some(order.iter().filter_map(column).collect())
}
