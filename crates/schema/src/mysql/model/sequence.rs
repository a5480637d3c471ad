//! A sequence of MariaDB.

use serde::{Deserialize, Serialize};

/// A sequence. Where it stands is data and not in the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Its name.
    pub name: String,
    /// `start with 1 minvalue 1 …`, as the server prints it.
    pub definition: String,
    /// `InnoDB`.
    pub engine: String,
}
