//! What a person should know of a table's change, with queries that say how much it matters.

use super::probe;
use crate::sqlite::affinity::Affinity;
use crate::sqlite::name::{fold, name, same};
use crate::sqlite::{Catalog, Column, Index, Rule, Table};
use crate::{Hazard, HazardKind};

/// A hazard of an object.
fn hazard(kind: HazardKind, object: String, text: String, probe: Option<String>) -> Hazard {
    Hazard { kind, object, text, probe }
}

/// `users.email`, for people.
fn member(table: &Table, column: &Column) -> String {
    format!("{}.{}", table.name, column.name)
}

/// A table goes; a virtual one too.
pub(super) fn dropped_table(table: &str) -> Hazard {
    let probe = format!("SELECT count(*) FROM {}", name(table));
    let text = format!("the table {table} is dropped with its rows");
    hazard(HazardKind::DataLoss, table.to_owned(), text, Some(probe))
}

/// A column goes.
pub(super) fn dropped_column(table: &Table, column: &Column) -> Option<Hazard> {
    let lost = || {
        let object = member(table, column);
        let text = format!("the column {object} is dropped with its values");
        hazard(HazardKind::DataLoss, object, text, Some(probe::filled(table, column)))
    };
    column.generated.is_none().then(lost)
}

/// A column of a virtual table goes.
pub(super) fn dropped_virtual_column(table: &str, column: &str) -> Hazard {
    let probe = format!("SELECT count(*) FROM {} WHERE {} IS NOT NULL", name(table), name(column));
    let text = format!("the column {table}.{column} is dropped with its values");
    hazard(HazardKind::DataLoss, format!("{table}.{column}"), text, Some(probe))
}

/// The table is written again, row by row.
pub(super) fn rewritten(table: &Table) -> Hazard {
    let text = format!("every row of {} is written again while other writers wait", table.name);
    let probe = Some(probe::rows(table));
    hazard(HazardKind::Rewrite, table.name.clone(), text, probe)
}

/// A column comes that has no value for the rows that are there, or none that it takes.
pub(super) fn added_column(from: &Table, to: &Table, column: &Column) -> Option<Hazard> {
    let object = member(to, column);
    let default = column.default.as_ref().filter(|default| !default.null);
    let alias = to.rowid_alias().is_some_and(|alias| same(&alias.name, &column.name));
    let text = match default {
        _ if column.generated.is_some() => return computed_column(from, to, column),
        None if to.is_required(column) && !alias => {
            format!("{object} is required and has no default: fails when there are rows")
        }
        Some(default) if to.strict && !Affinity::of(to, column).takes(default) => {
            format!("the default of {object} may be of another type: fails when there are rows")
        }
        _ => return None,
    };
    Some(hazard(HazardKind::Unexecutable, object, text, Some(probe::rows(from))))
}

/// A column is computed that must not be null, or must be of its type.
fn computed_column(from: &Table, to: &Table, column: &Column) -> Option<Hazard> {
    let text = format!("fails when {} cannot have what is computed", member(to, column));
    let fails =
        || hazard(HazardKind::Unexecutable, member(to, column), text, Some(probe::rows(from)));
    (to.is_required(column) || to.strict).then(fails)
}

/// A unique index is built over rows that are there. `again`: it was there before.
pub(super) fn unique_index(from: &Table, to: &Table, index: &Index, again: bool) -> Option<Hazard> {
    let mut columns = index.columns.iter().flatten();
    let compares_anew = columns.any(|column| compares_anew(from, to, column));
    if !index.unique || (again && !compares_anew) {
        return None;
    }
    let plain: Option<Vec<String>> = index.columns.iter().cloned().collect();
    let probe = match plain.filter(|_| compares_anew && index.condition.is_none()) {
        Some(columns) => probe::repeated_columns(from, to, &columns),
        None => probe::repeated(from, &index.parts, index.condition.as_deref(), &index.columns)
            .filter(|_| !compares_anew),
    };
    let text = format!("the unique index {} fails when rows have the same values", index.name);
    Some(hazard(HazardKind::Unexecutable, index.name.clone(), text, probe))
}

/// Two values that differed may be equal in a column that is kept.
fn compares_anew(from: &Table, to: &Table, column: &str) -> bool {
    let (Some(old), Some(new)) = (from.column(column), to.column(column)) else { return false };
    let folded = |column: &Column| column.collation.as_deref().map(fold);
    Affinity::of(from, old) != Affinity::of(to, new) || folded(old) != folded(new)
}

/// What may go wrong when the rows of a table are copied into another one.
pub(super) fn copied(catalog: &Catalog, from: &Table, to: &Table) -> Vec<Hazard> {
    let mut hazards = Vec::new();
    for column in &from.columns {
        match to.column(&column.name) {
            None => hazards.extend(dropped_column(from, column)),
            Some(wanted) => hazards.extend(changed_column(from, to, column, wanted)),
        }
    }
    let added = to.columns.iter().filter(|column| from.column(&column.name).is_none());
    hazards.extend(added.filter_map(|column| added_column(from, to, column)));
    for rule in to.rules() {
        let compares_anew = match rule {
            Rule::PrimaryKey { columns, .. } | Rule::Unique { columns } => {
                columns.iter().any(|column| compares_anew(from, to, column))
            }
            Rule::Check { .. } | Rule::References { .. } => false,
        };
        if compares_anew || !from.rules().any(|there| says_the_same(there, rule)) {
            hazards.extend(new_rule(catalog, from, to, rule));
        }
    }
    hazards.push(rewritten(from));
    hazards
}

fn changed_column(from: &Table, to: &Table, old: &Column, new: &Column) -> Vec<Hazard> {
    let mut hazards = Vec::new();
    let object = || member(from, old);
    if old.generated.is_none() && new.generated.is_some() {
        let text = format!("the values of {} are replaced by computed ones", object());
        let probe = Some(probe::filled(from, old));
        hazards.push(hazard(HazardKind::DataLoss, object(), text, probe));
    }
    if new.generated.is_some() {
        let changes = old.form != new.form || from.strict != to.strict;
        hazards.extend(computed_column(from, to, new).filter(|_| changes));
        return hazards;
    }
    let alias = to.rowid_alias().is_some_and(|alias| same(&alias.name, &new.name));
    if to.is_required(new) && !from.is_required(old) && !alias {
        let default = new.default.as_ref().is_some_and(|default| !default.null);
        let (kind, text) = match default {
            true => (HazardKind::DataLoss, "is required: rows without a value get its default"),
            false => (HazardKind::Unexecutable, "is required: fails when a row has no value"),
        };
        let text = format!("{} {text}", object());
        hazards.push(hazard(kind, object(), text, Some(probe::empty(from, old))));
    }
    let (was, is) = (Affinity::of(from, old), Affinity::of(to, new));
    let strictly = to.strict && (was != is || !from.strict);
    let (kind, what, probe) = match strictly {
        true => {
            let probe = probe::of_other_type(from, old, is);
            (HazardKind::Unexecutable, "fails when a value is of another type", probe)
        }
        false => {
            let probe = probe::converted(from, old, is).filter(|_| was != is);
            (HazardKind::DataLoss, "has another type: values are converted to it", probe)
        }
    };
    if let Some(probe) = probe {
        hazards.push(hazard(kind, object(), format!("{} {what}", object()), Some(probe)));
    }
    hazards
}

/// Two constraints that rows satisfy together.
fn says_the_same(a: &Rule, b: &Rule) -> bool {
    let same_names =
        |a: &[String], b: &[String]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    match (a, b) {
        (
            Rule::PrimaryKey { columns: a, .. } | Rule::Unique { columns: a },
            Rule::PrimaryKey { columns: b, .. } | Rule::Unique { columns: b },
        ) => same_names(a, b),
        (
            Rule::References { columns: a, table: s, referenced: x },
            Rule::References { columns: b, table: t, referenced: y },
        ) => same_names(a, b) && same(s, t) && same_names(x, y),
        (a, b) => a == b,
    }
}

fn new_rule(catalog: &Catalog, from: &Table, to: &Table, rule: &Rule) -> Option<Hazard> {
    let shown = |columns: &[String]| format!("{} ({})", to.name, columns.join(", "));
    Some(match rule {
        Rule::PrimaryKey { columns, .. } | Rule::Unique { columns } => {
            let only_rowid = to.rowid_alias().is_some() && matches!(rule, Rule::PrimaryKey { .. });
            if only_rowid && columns.iter().any(|column| from.column(column).is_none()) {
                return None;
            }
            let probe = probe::repeated_columns(from, to, columns);
            let text = format!("{} fails when rows have the same values", shown(columns));
            hazard(HazardKind::Unexecutable, shown(columns), text, probe)
        }
        Rule::Check { expression } => {
            let object = format!("{} CHECK ({expression})", to.name);
            let text = format!("{object} fails when a row does not meet it");
            let probe = probe::unmet(from, expression);
            hazard(HazardKind::Unexecutable, object, text, probe)
        }
        Rule::References { columns, table, referenced } => {
            let text = format!("{} fails when a row refers to nothing", shown(columns));
            let probe = probe::orphans(catalog, from, columns, table, referenced);
            hazard(HazardKind::Unexecutable, shown(columns), text, probe)
        }
    })
}
