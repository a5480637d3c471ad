//! The ledger's rows as one attempt per name.

use std::collections::HashMap;

use crate::Row;

/// How an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    Applied,
    /// Neither finished nor given up.
    Unfinished,
    RolledBack,
}

impl Attempt {
    pub(super) const fn of(row: &Row) -> Self {
        match (&row.rolled_back_at, &row.finished_at) {
            (Some(_), _) => Self::RolledBack,
            (None, Some(_)) => Self::Applied,
            (None, None) => Self::Unfinished,
        }
    }
}

/// The row that decides for each name, in the order of the ledger: the last one that was not
/// rolled back, else the last one. Prisma keeps the row of every attempt.
pub(super) fn latest(rows: &[Row]) -> Vec<(&Row, Attempt)> {
    let mut deciding = HashMap::<&str, usize>::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let live = |row: &Row| Attempt::of(row) != Attempt::RolledBack;
        let decides = deciding.entry(&row.name).or_insert(at);
        if live(row) || !live(&rows[*decides]) {
            *decides = at;
        }
    }
    let mut places: Vec<usize> = deciding.into_values().collect();
    places.sort_unstable();
    places.into_iter().map(|at| (&rows[at], Attempt::of(&rows[at]))).collect()
}
