//! Tables: what is theirs beside columns, constraints and indexes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::change::{Change, Site};
use super::{Column, Constraint, Name};
use crate::Step;

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// In order.
    pub columns: Vec<Column>,
    /// By name.
    pub constraints: BTreeMap<String, Constraint>,
    /// Partitioned: `RANGE (created_at)`.
    pub partition_key: Option<String>,
    /// A partition.
    pub partition_of: Option<Partition>,
    /// Tables it inherits from, in order; empty for a partition.
    pub inherits: Vec<Name>,
    /// Not in the write-ahead log.
    pub unlogged: bool,
    /// Storage parameters as in `WITH (…)`, those of its TOAST table with `toast.` before them.
    pub options: Vec<String>,
    /// Not the default one.
    pub tablespace: Option<String>,
    /// Not the default one.
    pub access_method: Option<String>,
    /// Which row replication tells, when it is not the primary key.
    pub replica_identity: Option<ReplicaIdentity>,
    /// The index or constraint that CLUSTER goes by.
    pub clustered_on: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// Of which table a table is a part, and which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    /// The partitioned table.
    pub parent: Name,
    /// `FOR VALUES IN ('a')`, `DEFAULT`.
    pub bound: String,
}

/// Which row replication tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplicaIdentity {
    /// The whole row.
    Full,
    /// None.
    Nothing,
    /// That of a unique index or constraint of the table.
    Index(String),
}

impl Table {
    /// A column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// The statements that make one of the target.
pub(super) fn create(_site: &Site<'_>, _name: &Name) -> Vec<Step> {
    Vec::new()
}

/// The statements that drop one of the source.
pub(super) fn drop(_site: &Site<'_>, _name: &Name) -> Vec<Step> {
    Vec::new()
}

/// What makes one of the source one of the target.
pub(super) fn change(_site: &Site<'_>, _name: &Name) -> Change {
    Change::Same
}
