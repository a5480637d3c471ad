//! Hazards that more than one kind has, in the same words.

use crate::{Hazard, HazardKind};

/// Rows or values are gone.
pub(super) fn loss(object: &str, text: impl Into<String>, probe: String) -> Hazard {
    hazard(HazardKind::DataLoss, object, text, Some(probe))
}

/// It fails when there are such rows.
pub(super) fn fails(object: &str, text: impl Into<String>, probe: Option<String>) -> Hazard {
    hazard(HazardKind::Unexecutable, object, text, probe)
}

/// Every row is written again.
pub(super) fn rewrite(object: &str, table: &impl std::fmt::Display) -> Hazard {
    let text =
        "writes the whole table again; nobody reads or writes it meanwhile (ACCESS EXCLUSIVE)";
    hazard(HazardKind::Rewrite, object, text, Some(rows(table)))
}

/// Others wait.
pub(super) fn lock(object: &str, text: &str, table: &impl std::fmt::Display) -> Hazard {
    hazard(HazardKind::Lock, object, text, Some(rows(table)))
}

/// How many rows a table has.
pub(super) fn rows(table: &impl std::fmt::Display) -> String {
    format!("SELECT count(*) FROM {table}")
}

/// How many rows of a table fulfil a condition.
pub(super) fn rows_where(table: &impl std::fmt::Display, condition: &str) -> String {
    format!("SELECT count(*) FROM {table} WHERE {condition}")
}

fn hazard(
    kind: HazardKind,
    object: &str,
    text: impl Into<String>,
    probe: Option<String>,
) -> Hazard {
    Hazard { kind, object: object.to_owned(), text: text.into(), probe }
}
