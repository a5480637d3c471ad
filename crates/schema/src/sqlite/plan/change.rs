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

    /// Views that change or go. Where columns are dropped in place, those that read them too, and
    /// those that cannot be read at all: SQLite reads every view then.
    fn views(&mut self) {
        let edits = self.edits_texts();
        loop {
            let goes = |view: &&View| {
                let wanted = self.to.view(&view.name);
                wanted.is_none_or(|wanted| wanted.canonical() != view.canonical())
                    || self.is_spelled_otherwise(&view.sql)
                    || (edits && (view.broken.is_some() || self.reads_gone_view(&view.sql)))
            };
            let staying = self.from.views.iter().filter(|view| self.stays_view(view));
            let gone: Vec<String> = staying.filter(goes).map(|view| fold(&view.name)).collect();
            if gone.is_empty() {
                return;
            }
            self.gone.extend(gone);
        }
    }

    fn reads_gone_view(&self, sql: &str) -> bool {
        let mentioned = mentioned(sql);
        let mut gone = self.from.views.iter().filter(|view| self.goes(&view.name));
        gone.any(|view| mentioned.contains(&fold(&view.name)))
    }

    /// The view stays as it is.
    pub(super) fn stays_view(&self, view: &View) -> bool {
        !self.goes(&view.name)
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
            && !(self.edits_texts() && self.reads_gone_view(&trigger.sql))
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
}
