//! Of one column.

use super::fit::{Fit, fit};
use super::table::count;
use super::types::Type;
use crate::mysql::plan::{ColumnChange, is_convertible};
use crate::mysql::{Column, Table, write};
use crate::{Hazard, HazardKind};

/// A column that was kept is computed.
const COMPUTED: &str = "the values are computed from now on: those there are go";

/// What one change of a column may lose, or fail at.
pub(super) fn of_column(table: &Table, change: ColumnChange<'_>) -> Vec<Hazard> {
    match change {
        ColumnChange::Dropped(column) if column.generated.is_none() => {
            vec![lost(table, column, "the column is dropped with its values")]
        }
        ColumnChange::Dropped(_) => Vec::new(),
        ColumnChange::Again(from, to) => again(table, from, to),
        ColumnChange::Added(column) => added(table, column).into_iter().collect(),
        ColumnChange::Changed(from, to) => changed(table, from, to),
    }
}

/// What was only computed is lost when it should be kept, what was kept when it is computed.
fn again(table: &Table, from: &Column, to: &Column) -> Vec<Hazard> {
    let converts = is_convertible(&from.data_type, &to.data_type);
    let told = match (from.generated.is_some(), to.generated.is_some()) {
        (true, true) => return Vec::new(),
        (true, false) => "what was computed is not kept: the column is made anew".to_owned(),
        (false, true) => COMPUTED.to_owned(),
        (false, false) if converts => return Vec::new(),
        (false, false) => format!(
            "no {} becomes a {}: the column is made anew without its values",
            from.data_type, to.data_type
        ),
    };
    [lost(table, from, &told)].into_iter().chain(added(table, to)).collect()
}

fn hazard(kind: HazardKind, table: &Table, column: &Column, text: String, probe: String) -> Hazard {
    Hazard { kind, object: format!("{}.{}", table.name, column.name), text, probe: Some(probe) }
}

fn lost(table: &Table, column: &Column, text: &str) -> Hazard {
    let has_value = format!("{} IS NOT NULL", write::name(&column.name));
    let condition = column.nullable.then_some(has_value.as_str());
    let probe = count(&table.name, condition);
    hazard(HazardKind::DataLoss, table, column, text.to_owned(), probe)
}

/// A required column without a default: rows that are there get the zero of its type.
fn added(table: &Table, column: &Column) -> Option<Hazard> {
    let valued = column.nullable
        || column.default.is_some()
        || column.auto_increment
        || column.generated.is_some();
    if valued {
        return None;
    }
    let text = match zero(&column.data_type) {
        Some(zero) => format!("rows that are there get {zero}, since there is no default"),
        None => "fails when there are rows: required, without a default".to_owned(),
    };
    Some(hazard(HazardKind::Unexecutable, table, column, text, count(&table.name, None)))
}

/// What the server puts in; none where strict mode refuses it.
fn zero(data_type: &str) -> Option<String> {
    Some(match Type::read(data_type) {
        Type::Integer(..) | Type::Decimal(..) | Type::Float(_) => "0".to_owned(),
        Type::Chars(_) | Type::Text(_) | Type::Bytes(_) | Type::Set(_) => "''".to_owned(),
        Type::Enum(values) => values.into_iter().next()?,
        Type::Date | Type::Moment(..) | Type::Other(_) => return None,
    })
}

fn changed(table: &Table, from: &Column, to: &Column) -> Vec<Hazard> {
    let mut found = Vec::new();
    if to.generated.is_some() {
        if from.generated.is_none() {
            found.push(lost(
                table,
                from,
                "the values are computed from now on: those there are go",
            ));
        }
        return found;
    }
    let name = write::name(&from.name);
    if from.nullable && !to.nullable {
        let text = "fails when a row has no value: the column becomes required".to_owned();
        let probe = count(&table.name, Some(&format!("{name} IS NULL")));
        found.push(hazard(HazardKind::Unexecutable, table, to, text, probe));
    }
    let (text, condition) = match fit(from, to) {
        Fit::All => return found,
        Fit::Unless(condition) => {
            let text = "values that do not fit are refused in strict mode and cut without it";
            (text.to_owned(), condition)
        }
        Fit::Converted => {
            let text = format!("values are converted from {} to {}", from.data_type, to.data_type);
            (text, format!("{name} IS NOT NULL"))
        }
    };
    let probe = count(&table.name, Some(&condition));
    found.push(hazard(HazardKind::DataLoss, table, to, text, probe));
    found
}
