//! Tables and views as those see them who read and write rows.

use super::Catalog;
use crate::{EnumType, Relation};

impl Catalog {
    /// Tables and views.
    #[must_use]
    pub fn relations(&self) -> Vec<Relation> {
        Vec::new()
    }

    /// Enum types.
    #[must_use]
    pub fn enums(&self) -> Vec<EnumType> {
        let one = |(name, found): (&super::Name, &super::Enum)| EnumType {
            schema: name.schema.clone(),
            name: name.name.clone(),
            values: found.values.clone(),
            comment: found.comment.clone(),
        };
        self.enums.iter().map(one).collect()
    }
}
