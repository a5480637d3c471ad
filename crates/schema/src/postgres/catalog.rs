//! What is in a database.

use serde::{Deserialize, Serialize};

use crate::{EnumType, Relation, Unmodelled};

/// The managed scope of a database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// What is there and not in the model.
    pub unmodelled: Vec<Unmodelled>,
}

impl Catalog {
    /// In the order that does not depend on how the objects came to be.
    #[must_use]
    pub fn canonical(&self) -> Self {
        self.clone()
    }

    /// Tables and views.
    #[must_use]
    pub fn relations(&self) -> Vec<Relation> {
        Vec::new()
    }

    /// Enum types.
    #[must_use]
    pub fn enums(&self) -> Vec<EnumType> {
        Vec::new()
    }
}
