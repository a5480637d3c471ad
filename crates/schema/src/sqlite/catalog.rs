//! What is in a database.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::form::is_loose;
use super::name::{fold, same};
use super::tokens::tokens;
use super::{Index, Object, Table, Trigger, View, VirtualTable};
use crate::Unmodelled;

/// The managed scope of a database, each kind in the order of its names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// Tables.
    pub tables: Vec<Table>,
    /// Virtual tables.
    pub virtual_tables: Vec<VirtualTable>,
    /// Indexes with a statement of their own.
    pub indexes: Vec<Index>,
    /// Views.
    pub views: Vec<View>,
    /// Triggers.
    pub triggers: Vec<Trigger>,
    /// Indexes and triggers that the scope ignores, on tables that it does not. They are not
    /// compared, and made again with their table.
    pub ignored: Vec<Object>,
    /// What is there and not in the model.
    pub unmodelled: Vec<Unmodelled>,
}

impl Catalog {
    /// A table by name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| same(&table.name, name))
    }

    /// A virtual table by name.
    #[must_use]
    pub fn virtual_table(&self, name: &str) -> Option<&VirtualTable> {
        self.virtual_tables.iter().find(|table| same(&table.name, name))
    }

    /// There is a table or view of this name.
    pub(super) fn has_relation(&self, name: &str) -> bool {
        self.table(name).is_some() || self.view(name).is_some()
    }

    /// An index by name.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| same(&index.name, name))
    }

    /// A view by name.
    #[must_use]
    pub fn view(&self, name: &str) -> Option<&View> {
        self.views.iter().find(|view| same(&view.name, name))
    }

    /// A trigger by name.
    #[must_use]
    pub fn trigger(&self, name: &str) -> Option<&Trigger> {
        self.triggers.iter().find(|trigger| same(&trigger.name, name))
    }

    /// Some text has a string in double quotes, or what may be one.
    pub(super) fn has_loose_strings(&self) -> bool {
        let names = self.names();
        let bodies = self.views.iter().map(|view| &view.sql);
        let mut bodies = bodies.chain(self.triggers.iter().map(|trigger| &trigger.sql));
        let loose = |sql: &String| {
            let tokens = tokens(sql);
            let known = |at: usize| tokens[at].name().is_some_and(|it| names.contains(&fold(&it)));
            (0..tokens.len()).any(|at| is_loose(&tokens, at) && !known(at))
        };
        self.tables.iter().any(|table| table.loose_strings)
            || self.indexes.iter().any(|index| index.loose_strings)
            || bodies.any(loose)
    }

    /// What a name in a view or trigger may stand for, folded.
    fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::from(["new".to_owned(), "old".to_owned(), "rowid".to_owned()]);
        for table in &self.tables {
            names.insert(fold(&table.name));
            names.extend(table.columns.iter().map(|column| fold(&column.name)));
        }
        for table in &self.virtual_tables {
            names.insert(fold(&table.name));
            names.extend(table.columns.iter().map(|column| fold(column)));
        }
        for view in &self.views {
            names.insert(fold(&view.name));
            names.extend(view.columns.iter().map(|column| fold(&column.name)));
        }
        names.extend(self.triggers.iter().map(|trigger| fold(&trigger.name)));
        names
    }
}
