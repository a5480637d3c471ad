//! Periods of MariaDB.

use crate::SchemaError;
use crate::mysql::{Period, Table, write};

/// The clause that drops a period. The one of the versions goes with its columns.
pub(super) fn drop(period: &Period) -> Option<String> {
    (!period.is_system()).then(|| format!("DROP PERIOD FOR {}", write::name(&period.name)))
}

/// A table that keeps versions is not given other columns for their times (4134).
pub(super) fn refuse(from: &Table, to: &Table) -> Result<(), SchemaError> {
    let of_versions = |table: &Table| table.periods.iter().find(|one| one.is_system()).cloned();
    let (before, after) = (of_versions(from), of_versions(to));
    if !from.versioned || after.is_none() || before == after {
        return Ok(());
    }
    Err(SchemaError::Refused {
        object: format!("table {}", to.name),
        reason: "the columns of its versions cannot change: drop the versioning in a migration \
                 before, which loses its history"
            .to_owned(),
    })
}
