//! Makes a table again: SQLite's procedure of twelve steps (lang_altertable.html, section 7).
//! Whoever runs it turns foreign keys off before the transaction; the rows keep their rowids.

use std::collections::BTreeSet;

use super::hazards;
use crate::Step;
use crate::sqlite::name::{free, name, same, text};
use crate::sqlite::{Catalog, Column, Table};

/// The names of the rowid, where no column has them.
const ROWID: [&str; 3] = ["rowid", "_rowid_", "oid"];

/// How wide a list may be, and how much of its first line is taken.
const LINE_MAX: usize = 100;
const LIST_START: usize = 30;

/// The statements, but for indexes and triggers.
pub(super) fn rebuild(
    catalog: &Catalog,
    from: &Table,
    to: &Table,
    taken: &BTreeSet<String>,
) -> Vec<Step> {
    let new = free(&format!("new_{}", to.name), taken);
    let note = format!("{} is made again: no statement changes it in place", to.name);
    let mut steps = vec![Step::new(to.create(&new)).note(note)];
    let mut drop = Step::new(format!("DROP TABLE {}", name(&from.name)));
    match copy(from, to, &new) {
        Some(copy) => {
            let hazards = hazards::copied(catalog, from, to);
            steps.push(hazards.into_iter().fold(Step::new(copy), Step::hazard));
        }
        None => drop = drop.hazard(hazards::dropped_table(&from.name)),
    }
    if from.autoincrement() && to.autoincrement() {
        steps.push(Step::new(sequence(from, &new)));
    }
    steps.push(drop);
    steps.push(Step::new(format!("ALTER TABLE {} RENAME TO {}", name(&new), name(&to.name))));
    steps
}

/// Copies the rows; nothing when no column takes anything from them.
fn copy(from: &Table, to: &Table, new: &str) -> Option<String> {
    let mut pairs = Vec::new();
    pairs.extend(rowid(from, to));
    for column in to.columns.iter().filter(|column| column.generated.is_none()) {
        if let Some(value) = value(from, to, column) {
            pairs.push((name(&column.name), value));
        }
    }
    let (into, values): (Vec<String>, Vec<String>) = pairs.into_iter().unzip();
    if into.is_empty() {
        return None;
    }
    // A constraint with a conflict clause of its own would leave rows out.
    let conflict = if to.skips_rows() { " OR ABORT" } else { "" };
    Some(format!(
        "INSERT{conflict} INTO {} ({})\nSELECT {}\nFROM {}",
        name(new),
        wrapped(&into),
        wrapped(&values),
        name(&from.name)
    ))
}

/// What a column gets from a row that is there; none for its default.
fn value(from: &Table, to: &Table, column: &Column) -> Option<String> {
    let Some(old) = from.column(&column.name) else {
        let alias = to.rowid_alias().is_some_and(|alias| same(&alias.name, &column.name));
        return alias.then(|| rowid_name(from, from)).flatten();
    };
    let name = name(&old.name);
    let default = column.default.as_ref().filter(|default| !default.null);
    Some(match default {
        Some(default) if to.is_required(column) && !from.is_required(old) => {
            format!("coalesce({name}, {})", default.expression())
        }
        _ => name,
    })
}

/// The rowid, which other tables may know rows by, when no column of the new table is it.
fn rowid(from: &Table, to: &Table) -> Option<(String, String)> {
    if to.rowid_alias().is_some() || to.without_rowid {
        return None;
    }
    Some((rowid_name(to, from)?, rowid_name(from, to)?))
}

/// A name of the rowid that is no column of either.
fn rowid_name(table: &Table, other: &Table) -> Option<String> {
    let is_free = |name: &&str| table.column(name).is_none() && other.column(name).is_none();
    let name = ROWID.into_iter().find(is_free)?;
    (!table.without_rowid && !other.without_rowid).then(|| name.to_owned())
}

/// `AUTOINCREMENT` goes on where it was.
fn sequence(from: &Table, new: &str) -> String {
    format!(
        "UPDATE sqlite_sequence SET seq = old.seq\nFROM sqlite_sequence AS old\n\
         WHERE sqlite_sequence.name = {} AND old.name = {}",
        text(new),
        text(&from.name)
    )
}

/// A list on as many lines as it takes.
fn wrapped(items: &[String]) -> String {
    let mut list = String::new();
    let mut width = LIST_START;
    for (at, item) in items.iter().enumerate() {
        width += item.chars().count() + 2;
        if at > 0 {
            list.push(',');
        }
        if at > 0 && width > LINE_MAX {
            list.push_str("\n    ");
            width = item.chars().count() + 6;
        } else if at > 0 {
            list.push(' ');
        }
        list.push_str(item);
    }
    list
}
