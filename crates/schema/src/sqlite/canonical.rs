//! A catalog as it is compared: equal forms, equal schemas.

use std::collections::BTreeMap;

use serde::Serialize;

use super::name::fold;
use super::{Catalog, Index, Table, Trigger, View, VirtualTable};

/// Everything that counts, in an order that does not depend on how the objects came to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Canonical<'a> {
    tables: BTreeMap<String, TableForm<'a>>,
    virtual_tables: BTreeMap<String, (&'a str, &'a str)>,
    indexes: BTreeMap<String, (bool, &'a str)>,
    views: BTreeMap<String, (&'a str, Vec<&'a str>)>,
    triggers: BTreeMap<String, &'a str>,
}

/// A table as it is compared: the order of its columns and of its constraints does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct TableForm<'a> {
    /// Their names with their spelling, since rows are read by it.
    columns: BTreeMap<String, (&'a str, &'a str)>,
    constraints: Vec<&'a str>,
    strict: bool,
    without_rowid: bool,
}

impl Catalog {
    /// Everything that counts, in an order that does not depend on how the objects came to be.
    #[must_use]
    pub fn canonical(&self) -> Canonical<'_> {
        let tables = self.tables.iter().map(|table| (fold(&table.name), table.canonical()));
        let virtual_tables =
            self.virtual_tables.iter().map(|table| (fold(&table.name), table.canonical()));
        let indexes = self.indexes.iter().map(|index| (fold(&index.name), index.canonical()));
        let views = self.views.iter().map(|view| (fold(&view.name), view.canonical()));
        let triggers =
            self.triggers.iter().map(|trigger| (fold(&trigger.name), trigger.canonical()));
        Canonical {
            tables: tables.collect(),
            virtual_tables: virtual_tables.collect(),
            indexes: indexes.collect(),
            views: views.collect(),
            triggers: triggers.collect(),
        }
    }
}

impl Table {
    pub(super) fn canonical(&self) -> TableForm<'_> {
        let column = |column: &'_ super::Column| fold(&column.name);
        let columns = self.columns.iter().map(|it| (column(it), (&*it.name, &*it.form)));
        TableForm {
            columns: columns.collect(),
            constraints: self.constraint_forms(),
            strict: self.strict,
            without_rowid: self.without_rowid,
        }
    }

    /// The forms of its constraints in the order of their text.
    pub(super) fn constraint_forms(&self) -> Vec<&str> {
        let mut forms: Vec<&str> =
            self.constraints.iter().map(|constraint| constraint.form.as_str()).collect();
        forms.sort_unstable();
        forms
    }
}

impl VirtualTable {
    pub(super) fn canonical(&self) -> (&str, &str) {
        (&self.module, &self.form)
    }
}

impl Index {
    pub(super) fn canonical(&self) -> (bool, &str) {
        (self.unique, &self.form)
    }
}

impl View {
    pub(super) fn canonical(&self) -> (&str, Vec<&str>) {
        (&self.form, self.odd_columns())
    }
}

impl Trigger {
    pub(super) fn canonical(&self) -> &str {
        &self.form
    }
}
