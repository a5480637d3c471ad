//! What becomes of each object.

use std::collections::BTreeSet;

use super::alter::{Alter, in_place};
use crate::sqlite::name::{fold, same};
use crate::sqlite::{Catalog, Index, Table, Trigger, View, VirtualTable};

/// What becomes of a table.
pub(super) enum Change<'a> {
    /// It is new.
    Create(&'a Table),
    /// It goes.
    Drop(&'a Table),
    /// It is changed in place.
    Alter(Alter<'a>),
    /// It is made again under another name, which takes its place.
    Rebuild(&'a Table, &'a Table),
}

/// What becomes of a virtual table.
pub(super) enum VirtualChange<'a> {
    Create(&'a VirtualTable),
    Drop(&'a VirtualTable),
    Replace(&'a VirtualTable, &'a VirtualTable),
}

/// The difference of two catalogs.
pub(super) struct Changes<'a> {
    pub(super) from: &'a Catalog,
    pub(super) to: &'a Catalog,
    pub(super) tables: Vec<Change<'a>>,
    pub(super) virtual_tables: Vec<VirtualChange<'a>>,
    /// Tables and views that go with what belongs to them, folded.
    gone: BTreeSet<String>,
}

impl<'a> Changes<'a> {
    pub(super) fn of(from: &'a Catalog, to: &'a Catalog) -> Self {
        let mut changes = Self {
            from,
            to,
            tables: Vec::new(),
            virtual_tables: Vec::new(),
            gone: BTreeSet::new(),
        };
        changes.tables();
        changes.virtual_tables();
        changes.views();
        changes
    }

    fn tables(&mut self) {
        let (from, to) = (self.from, self.to);
        let editable = !from.has_loose_strings() && !to.has_loose_strings();
        for table in &from.tables {
            let Some(wanted) = to.table(&table.name) else {
                self.gone.insert(fold(&table.name));
                self.tables.push(Change::Drop(table));
                continue;
            };
            if table.canonical() == wanted.canonical() {
                continue;
            }
            if let Some(alter) = in_place(editable, table, wanted) {
                self.tables.push(Change::Alter(alter));
            } else {
                self.gone.insert(fold(&table.name));
                self.tables.push(Change::Rebuild(table, wanted));
            }
        }
        let new = to.tables.iter().filter(|table| from.table(&table.name).is_none());
        self.tables.extend(new.map(Change::Create));
    }

    fn virtual_tables(&mut self) {
        let (from, to) = (self.from, self.to);
        for table in &from.virtual_tables {
            match to.virtual_table(&table.name) {
                None => self.virtual_tables.push(VirtualChange::Drop(table)),
                Some(wanted) if table.canonical() == wanted.canonical() => {}
                Some(wanted) => self.virtual_tables.push(VirtualChange::Replace(table, wanted)),
            }
        }
        let new =
            to.virtual_tables.iter().filter(|table| from.virtual_table(&table.name).is_none());
        self.virtual_tables.extend(new.map(VirtualChange::Create));
    }

    fn views(&mut self) {
        let gone = self.from.views.iter().filter(|view| !self.stays_view(view));
        let gone: Vec<String> = gone.map(|view| fold(&view.name)).collect();
        self.gone.extend(gone);
    }

    /// The view stays as it is.
    pub(super) fn stays_view(&self, view: &View) -> bool {
        self.to.view(&view.name).is_some_and(|wanted| wanted.canonical() == view.canonical())
    }

    /// The index stays as it is, and so does its table.
    pub(super) fn stays_index(&self, index: &Index) -> bool {
        let wanted = self.to.index(&index.name);
        !self.goes(&index.table)
            && wanted.is_some_and(|wanted| wanted.canonical() == index.canonical())
    }

    /// The trigger stays as it is, and so does its table or view.
    pub(super) fn stays_trigger(&self, trigger: &Trigger) -> bool {
        let wanted = self.to.trigger(&trigger.name);
        !self.goes(&trigger.table)
            && wanted.is_some_and(|wanted| {
                wanted.canonical() == trigger.canonical() && same(&wanted.table, &trigger.table)
            })
    }

    /// A table or a view goes, and with it what belongs to it.
    pub(super) fn goes(&self, name: &str) -> bool {
        self.gone.contains(&fold(name))
    }

    /// Every name that one of the two catalogs has.
    pub(super) fn taken(&self) -> BTreeSet<String> {
        let mut taken = BTreeSet::new();
        for catalog in [self.from, self.to] {
            taken.extend(catalog.tables.iter().map(|it| fold(&it.name)));
            taken.extend(catalog.virtual_tables.iter().map(|it| fold(&it.name)));
            taken.extend(catalog.indexes.iter().map(|it| fold(&it.name)));
            taken.extend(catalog.views.iter().map(|it| fold(&it.name)));
        }
        taken
    }

    /// A statement that renames a table reads every view and trigger that is left, and fails on
    /// the names of a table that is not there at the time.
    pub(super) fn others_are_read(&self) -> bool {
        self.from.views.iter().any(|view| self.stays_view(view))
            || self.from.triggers.iter().any(|trigger| self.stays_trigger(trigger))
    }
}
