//! What a proof tells beside its findings.

use std::collections::BTreeMap;

use xtask_db_lint::{Harm, Place};
use xtask_db_schema::Relation;

use crate::counted::counted;

/// What was tried, and what was not.
#[derive(Debug, Default)]
pub(crate) struct Proof {
    /// As given.
    pub(crate) revision: String,
    /// Queries with their place: each place counts.
    pub(crate) queries: usize,
    /// Migrations that the revision does not have.
    pub(crate) migrations: usize,
    /// Queries that were not tried, and why.
    pub(crate) unproved: Vec<Unproved>,
    /// By migration.
    pub(crate) harms: BTreeMap<String, Vec<Harm>>,
    /// The tables with the migrations that the revision has, where the others come after them.
    pub(crate) relations: Option<Vec<Relation>>,
    /// Texts of the files that findings are in.
    pub(crate) sources: BTreeMap<String, String>,
    /// Why nothing was tried.
    pub(crate) missing: Option<String>,
}

/// A query that was not tried.
#[derive(Debug)]
pub(crate) struct Unproved {
    pub(crate) place: Place,
    pub(crate) why: String,
}

impl Proof {
    /// One line.
    pub(crate) fn summary(&self) -> String {
        if let Some(why) = &self.missing {
            return format!("queries of {}: not tried, {why}", self.revision);
        }
        let tried = self.queries - self.unproved.len().min(self.queries);
        let queries = if tried == 1 { "1 query".to_owned() } else { format!("{tried} queries") };
        let migrations = counted(self.migrations, "migration");
        let harmed: usize = self.harms.values().map(Vec::len).sum();
        let came = if harmed == 0 { ": all as before" } else { "" };
        let left = match self.unproved.len() {
            0 => String::new(),
            left => format!(", {left} not"),
        };
        format!("{queries} of {} tried with {migrations}{left}{came}", self.revision)
    }
}
