//! Makes the model of what the server says.
//!
//! Invariant: a table that this crate reads otherwise than the server is named as not modelled.

use std::collections::{BTreeMap, BTreeSet};

use super::form::Names;
use super::name::{fold, same, unquoted};
use super::read_table::read_table;
use super::table::{Generated, Table};
use super::tokens::tokens;
use super::{Catalog, Index, Trigger, View, ViewColumn, VirtualTable};
use crate::Unmodelled;

/// A row of `sqlite_schema`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    /// `table`, `index`, `view`, `trigger`; `virtual` for a virtual table.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The table it belongs to.
    pub table: String,
    /// The statement that makes it.
    pub sql: String,
}

/// A row of `pragma_table_xinfo`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnFact {
    /// Its name.
    pub name: String,
    /// Its type.
    pub type_name: String,
    /// It is NOT NULL.
    pub not_null: bool,
    /// It has a default.
    pub default: bool,
    /// Its place in the primary key, from 1; 0: it is not part of it.
    pub key: u32,
    /// 0; 1 for a hidden column of a virtual table; 2 and 3 for virtual and stored generated ones.
    pub hidden: u32,
}

/// What the server says beside the statements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The columns of tables and views, by name.
    pub columns: BTreeMap<String, Vec<ColumnFact>>,
    /// Views and virtual tables that cannot be read, and what the server says about it.
    pub broken: BTreeMap<String, String>,
}

impl Catalog {
    /// The catalog of these objects. Tables about which there are no facts are taken as read.
    #[must_use]
    pub fn read(objects: &[Object], facts: &Facts) -> Self {
        let mut catalog = Self::default();
        for object in objects {
            match object.kind.as_str() {
                "table" => catalog.read_table(object, facts),
                "virtual" => catalog.read_virtual(object, facts),
                "view" => catalog.read_view(object, facts),
                "trigger" => {
                    let trigger = Trigger::read(&object.name, &object.table, &object.sql);
                    catalog.triggers.push(trigger);
                }
                _ => {}
            }
        }
        // After the tables: an index is read with the columns of its table.
        for object in objects.iter().filter(|object| object.kind == "index") {
            catalog.read_index(object);
        }
        catalog.sort();
        catalog
    }

    fn read_table(&mut self, object: &Object, facts: &Facts) {
        match read_table(&object.sql).filter(|table| agrees(table, facts)) {
            Some(table) => self.tables.push(Table { name: object.name.clone(), ..table }),
            None => self.name_unmodelled("table", &object.name),
        }
    }

    fn read_virtual(&mut self, object: &Object, facts: &Facts) {
        if facts.broken.contains_key(&object.name) {
            self.name_unmodelled("virtual table of a module that is not there", &object.name);
            return;
        }
        let columns = facts.columns.get(&object.name).map(Vec::as_slice).unwrap_or_default();
        let shown = columns.iter().filter(|column| column.hidden == 0);
        let names = shown.map(|column| column.name.clone()).collect();
        match VirtualTable::read(&object.sql, names) {
            Some(table) => {
                self.virtual_tables.push(VirtualTable { name: object.name.clone(), ..table });
            }
            None => self.name_unmodelled("virtual table", &object.name),
        }
    }

    fn read_view(&mut self, object: &Object, facts: &Facts) {
        let broken = facts.broken.get(&object.name).cloned();
        if let Some(problem) = &broken {
            self.name_unmodelled("broken view", &format!("{} ({problem})", object.name));
        }
        let column = |column: &ColumnFact| ViewColumn {
            name: column.name.clone(),
            type_name: column.type_name.clone(),
        };
        let columns = facts.columns.get(&object.name).map(Vec::as_slice).unwrap_or_default();
        let columns = columns.iter().map(column).collect();
        self.views.push(View::read(&object.name, &object.sql, columns, broken));
    }

    fn read_index(&mut self, object: &Object) {
        let names = self.table(&object.table).map(|table| Names {
            table: table.name.clone(),
            columns: table.columns.iter().map(|column| fold(&column.name)).collect(),
        });
        match names.and_then(|names| Index::read(&object.sql, &names)) {
            Some(index) => self.indexes.push(Index { name: object.name.clone(), ..index }),
            None => self.name_unmodelled("index", &object.name),
        }
    }

    fn name_unmodelled(&mut self, kind: &str, name: &str) {
        self.unmodelled.push(Unmodelled { kind: kind.to_owned(), name: name.to_owned() });
    }

    fn sort(&mut self) {
        self.tables.sort_by_key(|table| fold(&table.name));
        self.virtual_tables.sort_by_key(|table| fold(&table.name));
        self.indexes.sort_by_key(|index| fold(&index.name));
        self.views.sort_by_key(|view| fold(&view.name));
        self.triggers.sort_by_key(|trigger| fold(&trigger.name));
        self.unmodelled.sort();
    }
}

/// Whether the server sees the table as it was read here.
fn agrees(table: &Table, facts: &Facts) -> bool {
    let Some(said) = facts.columns.get(&table.name) else { return true };
    let key: BTreeSet<String> = table.primary_key().iter().map(|name| fold(name)).collect();
    let same_column = |(column, fact): (&super::Column, &ColumnFact)| {
        let hidden = match column.generated {
            None => 0,
            Some(Generated::Virtual) => 2,
            Some(Generated::Stored) => 3,
        };
        let alias = table.rowid_alias().is_some_and(|alias| same(&alias.name, &column.name));
        column.name == fact.name
            && letters(&column.type_name) == letters(&fact.type_name)
            && hidden == fact.hidden
            && column.default.is_some() == fact.default
            && key.contains(&fold(&column.name)) == (fact.key > 0)
            && (alias || table.is_required(column) == fact.not_null)
    };
    table.columns.len() == said.len() && table.columns.iter().zip(said).all(same_column)
}

/// A type but for its spelling: some versions keep quotes, comments and spaces, others do not.
fn letters(type_name: &str) -> String {
    let words = tokens(type_name).into_iter().map(|token| fold(&unquoted(token.text, token.kind)));
    words.collect()
}
