//! Columns of tables.

use serde::{Deserialize, Serialize};

use super::Member;
use super::change::{Change, Site};
use super::{Name, SequenceOptions};
use crate::Step;

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type with its modifiers: `character varying(200)`, `status[]`.
    pub type_name: String,
    /// Not the type's own: as SQL.
    pub collation: Option<String>,
    /// It is never null.
    pub not_null: bool,
    /// The expression of its default.
    pub default: Option<String>,
    /// The expression it is computed from.
    pub generated: Option<Generated>,
    /// It numbers itself.
    pub identity: Option<Identity>,
    /// Not the type's own: `EXTERNAL`.
    pub storage: Option<String>,
    /// Not the default: `lz4`.
    pub compression: Option<String>,
    /// The statistics target, when it is not the default.
    pub statistics: Option<i32>,
    /// `n_distinct=…`
    pub options: Vec<String>,
    /// It comes from a table that this one inherits from or is a partition of.
    pub inherited: bool,
    /// It is declared here too, when it is inherited.
    pub local: bool,
    /// Its comment.
    pub comment: Option<String>,
}

/// How a column is computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generated {
    /// From which expression.
    pub expression: String,
    /// It is kept in the row.
    pub stored: bool,
}

/// How a column numbers itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// A value that a statement gives is refused.
    pub always: bool,
    /// Its sequence's name.
    pub sequence: Name,
    /// Its sequence.
    pub options: SequenceOptions,
}

/// The statements that make one of the target.
pub(super) fn create(_site: &Site<'_>, _name: &Member) -> Vec<Step> {
    Vec::new()
}

/// The statements that drop one of the source.
pub(super) fn drop(_site: &Site<'_>, _name: &Member) -> Vec<Step> {
    Vec::new()
}

/// What makes one of the source one of the target.
pub(super) fn change(_site: &Site<'_>, _name: &Member) -> Change {
    Change::Same
}
