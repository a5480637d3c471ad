//! What is in a database.

use serde::{Deserialize, Serialize};

use super::{Event, Routine, Sequence, Server, Table, Trigger, View};
use crate::Unmodelled;

/// The managed scope of a database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// Who printed the texts; none in an empty catalog that nobody read.
    pub server: Option<Server>,
    /// Sequences.
    pub sequences: Vec<Sequence>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Views.
    pub views: Vec<View>,
    /// Procedures and functions.
    pub routines: Vec<Routine>,
    /// Triggers.
    pub triggers: Vec<Trigger>,
    /// Events.
    pub events: Vec<Event>,
    /// What is there and not in the model.
    pub unmodelled: Vec<Unmodelled>,
}

impl Catalog {
    /// What is compared, in the order that does not depend on how the objects came to be.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let mut catalog = self.clone();
        catalog.server = None;
        catalog.unmodelled.clear();
        catalog.tables = self.tables.iter().map(Table::canonical).collect();
        for view in &mut catalog.views {
            view.columns.clear();
            view.needs.clear();
        }
        catalog.sequences.sort_by(|a, b| a.name.cmp(&b.name));
        catalog.tables.sort_by(|a, b| a.name.cmp(&b.name));
        catalog.views.sort_by(|a, b| a.name.cmp(&b.name));
        catalog.routines.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        catalog.triggers.sort_by(|a, b| a.group().cmp(&b.group()));
        catalog.events.sort_by(|a, b| a.name.cmp(&b.name));
        catalog
    }

    /// The table of a name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}
