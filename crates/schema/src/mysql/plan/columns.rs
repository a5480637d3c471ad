//! The clauses of `ALTER TABLE` for columns. Their order counts.
//!
//! The server applies the clauses from left to right to a list that starts with the columns that
//! stay where they are (`mysql_prepare_alter_table`), so each `AFTER` names a column that has its
//! place already.

use crate::mysql::model::same_name;
use crate::mysql::{Column, Server, Table, write};

use super::again::is_made_again;

/// What becomes of a column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ColumnChange<'a> {
    /// It is dropped.
    Dropped(&'a Column),
    /// It is new.
    Added(&'a Column),
    /// It changes, or moves only.
    Changed(&'a Column, &'a Column),
    /// It cannot become what it should be: dropped and added.
    Again(&'a Column, &'a Column),
}

/// A clause for each column that changes.
pub(super) fn columns<'a>(
    from: &'a Table,
    to: &'a Table,
    server: Server,
) -> Vec<(ColumnChange<'a>, String)> {
    let mut clauses = Vec::new();
    for column in &from.columns {
        let drop = || format!("DROP COLUMN {}", write::name(&column.name));
        match to.column(&column.name) {
            None => clauses.push((ColumnChange::Dropped(column), drop())),
            Some(after) if is_made_again(column, after) => {
                clauses.push((ColumnChange::Again(column, after), drop()));
            }
            Some(_) => {}
        }
    }
    let stay = staying(from, to);
    for (at, column) in to.columns.iter().enumerate() {
        let place = match at.checked_sub(1).map(|before| &to.columns[before]) {
            None => " FIRST".to_owned(),
            Some(before) => format!(" AFTER {}", write::name(&before.name)),
        };
        let text = write::column(column, &to.collation, server.syntax());
        let moved = !stay.contains(&at);
        let before = from.column(&column.name);
        let last = at + 1 == to.columns.len();
        let made_again = before.is_some_and(|before| is_made_again(before, column));
        match before.filter(|_| !made_again) {
            None => {
                let place = if last { "" } else { &place };
                let clause = format!("ADD COLUMN {text}{place}");
                clauses.push((ColumnChange::Added(column), clause));
            }
            Some(before) if before.name != column.name => {
                let place = if moved { &place } else { "" };
                let old = write::name(&before.name);
                let clause = format!("CHANGE COLUMN {old} {text}{place}");
                clauses.push((ColumnChange::Changed(before, column), clause));
            }
            Some(before) if before != column || moved => {
                let place = if moved { &place } else { "" };
                let clause = format!("MODIFY COLUMN {text}{place}");
                clauses.push((ColumnChange::Changed(before, column), clause));
            }
            Some(_) => {}
        }
    }
    clauses
}

/// The places in the new order of the columns that need not move: the longest run of columns
/// that have the same order before and after.
fn staying(from: &Table, to: &Table) -> Vec<usize> {
    let old_place = |column: &Column| {
        let found = from.columns.iter().position(|old| same_name(&old.name, &column.name))?;
        (!is_made_again(&from.columns[found], column)).then_some(found)
    };
    let places: Vec<(usize, usize)> = to
        .columns
        .iter()
        .enumerate()
        .filter_map(|(at, column)| Some((at, old_place(column)?)))
        .collect();
    longest_rising(&places)
}

/// Of pairs (new place, old place) the new places of a longest run whose old places rise.
fn longest_rising(places: &[(usize, usize)]) -> Vec<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(places.len());
    for (at, (_, old)) in places.iter().enumerate() {
        let before = (0..at).filter(|&other| places[other].1 < *old);
        let longest = before.max_by_key(|&other| (best[other].0, std::cmp::Reverse(other)));
        best.push((longest.map_or(1, |other| best[other].0 + 1), longest));
    }
    let ends = (0..places.len()).max_by_key(|&at| (best[at].0, std::cmp::Reverse(at)));
    let mut run = Vec::new();
    let mut next = ends;
    while let Some(at) = next {
        run.push(places[at].0);
        next = best[at].1;
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, expected: &str) {
        let table = |names: &str| Table {
            columns: names
                .split_whitespace()
                .map(|name| Column {
                    name: name.to_owned(),
                    data_type: "int".to_owned(),
                    ..Column::default()
                })
                .collect(),
            ..Table::default()
        };
        let (from, to) = (table(from), table(to));
        let clauses = columns(&from, &to, Server::default());
        let clauses: Vec<String> = clauses.into_iter().map(|(_, clause)| clause).collect();
        assert_eq!(clauses.join(", "), expected);
    }

    #[test]
    fn columns_come_in_order() {
        check("a b", "a b", "");
        check("a b", "a b c", "ADD COLUMN c int");
        check("a b", "c a b", "ADD COLUMN c int FIRST");
        check("a b c", "a c", "DROP COLUMN b");
        check("a b c", "a c b", "MODIFY COLUMN b int AFTER c");
        check("a b c d", "d a b c", "MODIFY COLUMN d int FIRST");
        check("a b c d", "b c d a", "MODIFY COLUMN a int AFTER d");
        check("a b", "A b", "CHANGE COLUMN a A int");
        check("a b", "x y b", "DROP COLUMN a, ADD COLUMN x int FIRST, ADD COLUMN y int AFTER x");
    }
}
