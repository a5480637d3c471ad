//! Columns of one table.

use super::found::guess;
use super::likeness::of_names;
use crate::mysql::plan::is_convertible;
use crate::mysql::{Column, Table};
use crate::{Guess, RenameKind};

/// Less alike ones are not told.
const LEAST: u32 = 60;
/// Columns of two types must be this alike in their names.
const NAME_LEAST: u32 = 60;

/// Columns that are gone and new ones that may be the same.
pub(super) fn guesses(from: &Table, to: &Table) -> Vec<Guess> {
    let mut found = Vec::new();
    for old in from.columns.iter().filter(|column| to.column(&column.name).is_none()) {
        for new in to.columns.iter().filter(|column| from.column(&column.name).is_none()) {
            if let Some(likeness) = likeness(from, to, old, new) {
                found.push(guess(
                    RenameKind::Column,
                    Some(&from.name),
                    &old.name,
                    &new.name,
                    likeness,
                ));
            }
        }
    }
    found
}

/// Type 40, the other attributes 15, neighbours 15, name 30.
fn likeness(from: &Table, to: &Table, old: &Column, new: &Column) -> Option<u8> {
    if old.generated.is_some() || new.generated.is_some() {
        return None;
    }
    let name = u32::from(of_names(&old.name, &new.name));
    let same_type = old.data_type == new.data_type && old.collation == new.collation;
    if !same_type && (name < NAME_LEAST || !is_convertible(&old.data_type, &new.data_type)) {
        return None;
    }
    let attributes = match () {
        () if old.attributes == new.attributes => 15,
        () if old.nullable == new.nullable => 8,
        () => 0,
    };
    let neighbours = 10 * u32::from(beside(from, old, true) == beside(to, new, true))
        + 5 * u32::from(beside(from, old, false) == beside(to, new, false));
    let sum = if same_type { 40 } else { 20 } + attributes + neighbours + name * 30 / 100;
    u8::try_from(sum).ok().filter(|_| sum >= LEAST)
}

/// The column before or behind another one.
fn beside<'a>(table: &'a Table, column: &Column, before: bool) -> Option<&'a str> {
    let place = table.columns.iter().position(|other| other.name == column.name)?;
    let other = if before { place.checked_sub(1)? } else { place + 1 };
    table.columns.get(other).map(|column| column.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, expected: &str) {
        let table = |text: &str| Table {
            name: "t".to_owned(),
            columns: text
                .split(", ")
                .map(|column| {
                    let (name, data_type) = column.split_once(' ').unwrap();
                    Column {
                        name: name.to_owned(),
                        data_type: data_type.to_owned(),
                        nullable: true,
                        ..Column::default()
                    }
                })
                .collect(),
            ..Table::default()
        };
        let mut all = guesses(&table(from), &table(to));
        all.sort_by_key(|guess| std::cmp::Reverse(guess.likeness));
        let shown: Vec<String> =
            all.iter().map(|guess| format!("{} {}", guess.rename, guess.likeness)).collect();
        assert_eq!(shown.join(", "), expected, "{from} -> {to}");
    }

    #[test]
    fn a_column_with_another_name_is_told() {
        check("id int, username text", "id int, user_name text", "t.username=user_name 100");
        check("id int, title text", "id int, headline text", "t.title=headline 79");
        check("id int, age int", "id int, ages bigint", "t.age=ages 75");
        check("id int, age int", "id int, note text", "");
        check("id int, a int, b int", "id int, c int, d int", "t.a=c 65, t.b=d 60");
    }
}
