//! What is known of tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::Name;
use crate::read::{Expr, Index, Type};

/// The tables and what hangs on them.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(super) tables: BTreeMap<String, Table>,
    pub(super) enums: BTreeMap<String, Enum>,
    /// Each name in a view's query, by the view's own.
    pub(super) views: BTreeMap<String, View>,
    /// Schemas, with their file.
    pub(super) schemas: BTreeMap<String, u32>,
    /// The number of the file; what has it was made there.
    pub(super) file: u32,
}

/// An enum type.
#[derive(Debug, Clone)]
pub(crate) struct Enum {
    pub(crate) values: Vec<String>,
    pub(super) file: u32,
}

/// A view.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) name: Name,
    pub(super) reads: BTreeSet<String>,
    pub(crate) file: u32,
}

/// A table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) name: Name,
    pub(crate) columns: Vec<Col>,
    pub(crate) primary_key: Vec<String>,
    pub(crate) primary_key_name: Option<String>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) checks: Vec<Check>,
    pub(crate) indexes: Vec<KnownIndex>,
    pub(crate) triggers: Vec<Name>,
    pub(crate) strict: bool,
    pub(crate) without_rowid: bool,
    pub(crate) auto_increment: bool,
    /// Not everything of it is known: it was there before what was read.
    pub(crate) partial: bool,
    pub(super) file: u32,
}

/// A column.
#[derive(Debug, Clone)]
pub(crate) struct Col {
    pub(crate) name: String,
    pub(crate) ty: Option<Type>,
    pub(crate) not_null: bool,
    pub(crate) default: bool,
    pub(crate) charset: Option<String>,
    pub(super) file: u32,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ForeignKey {
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<String>,
    pub(crate) table: Name,
    pub(crate) referenced: Vec<String>,
}

/// A check.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub(crate) name: Option<String>,
    pub(crate) condition: Expr,
    pub(crate) valid: bool,
}

/// An index or a unique key.
#[derive(Debug, Clone)]
pub(crate) struct KnownIndex {
    pub(crate) index: Index,
    /// It belongs to a constraint.
    pub(crate) constraint: bool,
    pub(super) file: u32,
}

impl View {
    /// Its query names the table, and the column when one is asked for.
    pub(crate) fn reads(&self, table: &Name, column: Option<&str>) -> bool {
        let own = table.key().rsplit('.').next().unwrap_or_default();
        let names_column = |column: &str| {
            let qualified = format!("{own}.{column}");
            [column, qualified.as_str(), "*"].iter().any(|name| self.reads.contains(*name))
        };
        self.name != *table && self.reads.contains(own) && column.is_none_or(names_column)
    }
}

impl State {
    /// What is made from here on is made in the next file.
    pub(crate) fn next_file(&mut self) {
        self.file += 1;
    }

    pub(crate) fn table(&self, name: &Name) -> Option<&Table> {
        self.tables.get(name.key())
    }

    pub(crate) fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.values()
    }

    /// Made in this file.
    pub(crate) fn is_new(&self, name: &Name) -> bool {
        self.table(name).is_some_and(|table| table.file == self.file)
            || self.views.get(name.key()).is_some_and(|view| view.file == self.file)
    }

    pub(crate) fn column(&self, table: &Name, column: &str) -> Option<&Col> {
        self.table(table)?.column(column)
    }

    /// Added in this file, to whatever table.
    pub(crate) fn is_new_column(&self, table: &Name, column: &str) -> bool {
        self.column(table, column).is_some_and(|column| column.file == self.file)
    }

    /// The table of an index, and the index.
    pub(crate) fn index(&self, name: &str) -> Option<(&Table, &KnownIndex)> {
        self.tables().find_map(|table| Some((table, table.index(name)?)))
    }

    /// Made in this file.
    pub(crate) const fn is_new_index(&self, index: &KnownIndex) -> bool {
        index.file == self.file
    }

    pub(crate) fn enum_values(&self, name: &str) -> Option<&[String]> {
        self.enums.get(name).map(|one| one.values.as_slice())
    }

    /// Made in this file.
    pub(crate) fn is_new_enum(&self, name: &Name) -> bool {
        self.enums.get(name.key()).is_some_and(|one| one.file == self.file)
    }

    pub(crate) fn views(&self) -> impl Iterator<Item = &View> {
        self.views.values()
    }

    /// Made in this file.
    pub(crate) fn is_new_schema(&self, name: &Name) -> bool {
        self.schemas.get(name.key()) == Some(&self.file)
    }

    /// Tables with a foreign key to this one.
    pub(crate) fn referring<'s>(&'s self, to: &'s Name) -> impl Iterator<Item = &'s Table> {
        self.tables().filter(move |table| {
            table.name != *to && table.foreign_keys.iter().any(|key| key.table == *to)
        })
    }
}

impl Table {
    pub(super) fn empty(name: &Name, file: u32, partial: bool) -> Self {
        Self {
            name: name.clone(),
            columns: Vec::new(),
            primary_key: Vec::new(),
            primary_key_name: None,
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            indexes: Vec::new(),
            triggers: Vec::new(),
            strict: false,
            without_rowid: false,
            auto_increment: false,
            partial,
            file,
        }
    }

    pub(crate) fn column(&self, name: &str) -> Option<&Col> {
        self.columns.iter().find(|column| column.name == name)
    }

    pub(crate) fn index(&self, name: &str) -> Option<&KnownIndex> {
        self.indexes.iter().find(|known| known.index.name.as_deref() == Some(name))
    }

    /// A check that was validated says that a column has no null.
    pub(crate) fn is_checked_not_null(&self, column: &str) -> bool {
        let says = |check: &Check| check.valid && check.condition.not_null_of() == Some(column);
        self.checks.iter().any(says)
    }
}
