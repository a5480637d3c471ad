//! What becomes of each object.

use std::collections::BTreeSet;

use super::alter::{Alter, in_place};
use super::order::mentioned;
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
        let wanted = self.to.view(&view.name);
        wanted.is_some_and(|wanted| wanted.canonical() == view.canonical())
            && !self.is_spelled_otherwise(&view.sql)
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
            && !self.is_spelled_otherwise(&trigger.sql)
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

    /// A column is dropped or spelled otherwise in place, for which SQLite reads every text that
    /// there is at the time.
    pub(super) fn edits_texts(&self) -> bool {
        self.alters().any(|alter| !alter.dropped.is_empty() || !alter.spelled.is_empty())
    }

    fn alters(&self) -> impl Iterator<Item = &Alter<'a>> {
        self.tables.iter().filter_map(|change| match change {
            Change::Alter(alter) => Some(alter),
            _ => None,
        })
    }

    /// A name in a text is one whose spelling changes under it.
    fn is_spelled_otherwise(&self, sql: &str) -> bool {
        let mut spelled = self.alters().flat_map(|alter| &alter.spelled).peekable();
        if spelled.peek().is_none() {
            return false;
        }
        let mentioned = mentioned(sql);
        spelled.any(|(column, _)| mentioned.contains(&fold(&column.name)))
    }

    /// A statement that renames a table reads the views and triggers that are there, and fails on
    /// the name of a table that is away at the time.
    pub(super) fn others_are_read(&self) -> bool {
        let rebuilt: Vec<&str> = self.rebuilt().collect();
        let mut views = self.from.views.iter().filter(|view| self.stays_view(view));
        let there = |trigger: &&Trigger| {
            self.stays_trigger(trigger) || (self.goes(&trigger.table) && !self.edits_texts())
        };
        // Its own go with a table.
        let reads = |trigger: &Trigger| rebuilt.iter().any(|name| !same(name, &trigger.table));
        (!rebuilt.is_empty() && views.next().is_some())
            || self.from.triggers.iter().filter(there).any(reads)
    }

    fn rebuilt(&self) -> impl Iterator<Item = &str> {
        let tables = self.tables.iter().filter_map(|change| match change {
            Change::Rebuild(table, _) => Some(table.name.as_str()),
            _ => None,
        });
        tables.chain(self.virtual_tables.iter().filter_map(|change| match change {
            VirtualChange::Replace(table, _) => Some(table.name.as_str()),
            _ => None,
        }))
    }
}
