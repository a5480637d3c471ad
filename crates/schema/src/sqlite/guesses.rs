//! Renames that may be meant. Each object is in one guess at most, and what is not much alike is
//! not guessed: a wrong rename loses data too.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::name::{fold, same};
use super::{Catalog, Column, Table};
use crate::{Guess, Rename, RenameKind};

/// What is less alike is not guessed, of 100.
const LIKENESS_MIN: u32 = 60;
/// How much of two tables must be equal, of 100.
const SHARED_MIN: u32 = 60;

/// Renames that may be meant, best first.
#[must_use]
pub fn guesses(from: &Catalog, to: &Catalog) -> Vec<Guess> {
    let mut guesses = tables(from, to);
    let renamed: Vec<(&Table, &Table)> = guesses
        .iter()
        .filter_map(|guess| Some((from.table(&guess.rename.from)?, to.table(&guess.rename.to)?)))
        .collect();
    let kept = from.tables.iter().filter_map(|table| Some((table, to.table(&table.name)?)));
    let columns: Vec<Guess> =
        kept.chain(renamed).flat_map(|(from, to)| columns(from, to)).collect();
    guesses.extend(columns);
    guesses.sort_by_key(|guess| Reverse(guess.likeness));
    guesses
}

fn tables(from: &Catalog, to: &Catalog) -> Vec<Guess> {
    let gone = from.tables.iter().filter(|table| to.table(&table.name).is_none());
    let new: Vec<&Table> =
        to.tables.iter().filter(|table| from.table(&table.name).is_none()).collect();
    let mut pairs = Vec::new();
    for old in gone {
        for new in &new {
            if let Some(likeness) = table_likeness(old, new) {
                pairs.push((likeness, old.name.as_str(), new.name.as_str()));
            }
        }
    }
    best(pairs, RenameKind::Table, None)
}

/// Two tables are alike by the columns that both have as they are.
fn table_likeness(old: &Table, new: &Table) -> Option<u32> {
    let as_it_is =
        |column: &&Column| new.column(&column.name).is_some_and(|other| other.form == column.form);
    let shared = old.columns.iter().filter(as_it_is).count();
    let all = old.columns.len() + new.columns.len() - shared;
    let shared_percent = percent(shared, all);
    let name = name_likeness(&old.name, &new.name);
    // A lone key is in every table.
    let enough = shared > 1 || name >= 50;
    let likeness = (shared_percent * 7 + name * 3) / 10;
    (enough && shared_percent >= SHARED_MIN && likeness >= LIKENESS_MIN).then_some(likeness)
}

fn columns(from: &Table, to: &Table) -> Vec<Guess> {
    let gone = from.columns.iter().filter(|column| to.column(&column.name).is_none());
    let new: Vec<&Column> =
        to.columns.iter().filter(|column| from.column(&column.name).is_none()).collect();
    let mut pairs = Vec::new();
    for old in gone {
        for new in &new {
            if let Some(likeness) = column_likeness(from, old, to, new) {
                pairs.push((likeness, old.name.as_str(), new.name.as_str()));
            }
        }
    }
    best(pairs, RenameKind::Column, Some(&from.name))
}

/// Two columns of one type are alike by definition, place and name.
fn column_likeness(from: &Table, old: &Column, to: &Table, new: &Column) -> Option<u32> {
    if !same(&old.type_name, &new.type_name) || old.generated != new.generated {
        return None;
    }
    let place = |table: &Table, column: &Column| {
        table.columns.iter().position(|other| other.name == column.name)
    };
    let same_place = place(from, old) == place(to, new);
    let name = name_likeness(&old.name, &new.name);
    let same_form = old.form == new.form;
    let likeness = 40 + 20 * u32::from(same_form) + 10 * u32::from(same_place) + name * 3 / 10;
    (likeness >= LIKENESS_MIN && (same_place || name >= 30)).then_some(likeness)
}

/// The pairs with the greatest likeness in which no name comes twice.
fn best(
    mut pairs: Vec<(u32, &str, &str)>,
    kind: RenameKind,
    parent: Option<&String>,
) -> Vec<Guess> {
    pairs.sort_by_key(|(likeness, ..)| Reverse(*likeness));
    let (mut gone, mut new) = (BTreeSet::new(), BTreeSet::new());
    let mut guesses = Vec::new();
    for (likeness, from, to) in pairs {
        if gone.contains(from) || new.contains(to) {
            continue;
        }
        gone.insert(from);
        new.insert(to);
        let (from, to) = (from.to_owned(), to.to_owned());
        let rename = Rename { kind, schema: None, parent: parent.cloned(), from, to };
        guesses.push(Guess { rename, likeness: u8::try_from(likeness).unwrap_or(100) });
    }
    guesses
}

/// How many pairs of neighbouring letters two names share, of 100.
fn name_likeness(a: &str, b: &str) -> u32 {
    let letters = |name: &str| {
        let letters: Vec<char> = fold(name).chars().filter(|c| c.is_alphanumeric()).collect();
        letters.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>()
    };
    let (a, mut b) = (letters(a), letters(b));
    let all = a.len() + b.len();
    let mut shared = 0;
    for pair in a {
        if let Some(at) = b.iter().position(|other| *other == pair) {
            b.swap_remove(at);
            shared += 2;
        }
    }
    percent(shared, all)
}

fn percent(part: usize, all: usize) -> u32 {
    let percent = (part * 100).checked_div(all).unwrap_or_default();
    u32::try_from(percent).unwrap_or(100)
}

#[cfg(test)]
mod tests {

    use crate::sqlite::tests::catalog;

    fn check(from: &str, to: &str, expected: &str) {
        let guesses = super::guesses(&catalog(from), &catalog(to));
        let shown: Vec<String> =
            guesses.iter().map(|it| format!("{} {}", it.rename, it.likeness)).collect();
        assert_eq!(shown.join("; "), expected, "{from} -> {to}");
    }

    #[test]
    fn columns_that_are_alike() {
        let users = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, age INT)";
        check(users, users, "");
        check(
            users,
            "CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT NOT NULL, age INT)",
            "users.email=mail 95",
        );
        check(
            users,
            "CREATE TABLE users (id INTEGER PRIMARY KEY, age INT, mail_address TEXT NOT NULL)",
            "users.email=mail_address 72",
        );
        check(users, "CREATE TABLE users (id INTEGER PRIMARY KEY, age INT, score REAL)", "");
        check(users, "CREATE TABLE users (id INTEGER PRIMARY KEY, age INT, z TEXT NOT NULL)", "");
    }

    #[test]
    fn tables_that_are_alike() {
        check(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)",
            "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT)",
            "users=people 70",
        );
        check(
            "CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT, email TEXT)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, mail TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY)",
            "",
        );
        check(
            "CREATE TABLE a (id INTEGER PRIMARY KEY)",
            "CREATE TABLE z (id INTEGER PRIMARY KEY)",
            "",
        );
        check("CREATE TABLE a (x INT, y INT)", "CREATE TABLE z (x TEXT, y TEXT)", "");
    }
}
