//! What a statement does to what is known.

use super::model::{Check, Enum};
use super::{Col, ForeignKey, KnownIndex, State, Table};
use crate::Name;
use crate::read::{
    Column, Constraint, ConstraintKind, CreateTable, Does, EnumAction, Index, Kind, Reference,
};

impl State {
    /// The schema after a statement.
    pub(crate) fn apply(&mut self, kind: &Kind) {
        match kind {
            Kind::CreateTable(create) => self.create(create),
            Kind::AlterTable(alter) => {
                for action in &alter.actions {
                    self.alter(&alter.table, &action.does);
                }
            }
            Kind::DropTable(drop) => {
                for name in &drop.names {
                    self.tables.remove(name.key());
                }
            }
            Kind::RenameTables(pairs) => pairs.iter().for_each(|(from, to)| self.rename(from, to)),
            Kind::CreateIndex(create) => {
                let file = self.file;
                let known = KnownIndex { index: create.index.clone(), constraint: false, file };
                self.known(&create.table).indexes.push(known);
            }
            Kind::DropIndex(drop) => {
                for table in self.tables.values_mut() {
                    table.indexes.retain(|known| {
                        !known.index.name.as_ref().is_some_and(|name| drop.names.contains(name))
                    });
                }
            }
            Kind::CreateView(view) => {
                let reads = view.reads.iter().cloned().collect();
                let view = super::model::View { name: view.name.clone(), reads, file: self.file };
                self.views.insert(view.name.key().to_owned(), view);
            }
            Kind::DropView(drop) => drop.names.iter().for_each(|name| {
                self.views.remove(name.key());
            }),
            Kind::CreateTrigger(trigger) => {
                if let Some(table) = &trigger.table {
                    self.known(table).triggers.push(trigger.name.clone());
                }
            }
            Kind::DropTrigger(name) => {
                self.tables.values_mut().for_each(|table| table.triggers.retain(|one| one != name));
            }
            Kind::CreateEnum { name, values } => {
                let made = Enum { values: values.clone(), file: self.file };
                self.enums.insert(name.key().to_owned(), made);
            }
            Kind::AlterEnum { name, action } => self.alter_enum(name, action),
            Kind::DropType(drop) => drop.names.iter().for_each(|name| {
                self.enums.remove(name.key());
            }),
            Kind::CreateSchema(name) => {
                self.schemas.insert(name.key().to_owned(), self.file);
            }
            _ => {}
        }
    }

    /// The table, which is partly known when it was not seen before.
    fn known(&mut self, name: &Name) -> &mut Table {
        // not of this file, nor of any other
        self.tables
            .entry(name.key().to_owned())
            .or_insert_with(|| Table::empty(name, u32::MAX, true))
    }

    fn create(&mut self, create: &CreateTable) {
        if create.if_not_exists && self.tables.contains_key(create.name.key()) {
            return;
        }
        let mut table = Table::empty(&create.name, self.file, create.derived);
        table.strict = create.strict;
        table.without_rowid = create.without_rowid;
        for column in &create.columns {
            table.add_column(column, self.file);
        }
        for constraint in &create.constraints {
            table.add_constraint(constraint, self.file);
        }
        for index in &create.indexes {
            table.add_index(index.clone(), false, self.file);
        }
        self.tables.insert(create.name.key().to_owned(), table);
    }

    fn alter(&mut self, name: &Name, does: &Does) {
        match does {
            Does::RenameTable(to) => return self.rename(name, to),
            Does::SetSchema => return,
            _ => {}
        }
        let file = self.file;
        let table = self.known(name);
        match does {
            Does::AddColumn(column) => table.add_column(column, file),
            Does::DropColumn(column) => table.drop_column(column),
            Does::RenameColumn { from, to } => table.rename_column(from, to),
            Does::SetType { column, ty, .. } => {
                table.change(column, |found| found.ty = Some(ty.clone()));
            }
            Does::SetNotNull(column) => table.change(column, |found| found.not_null = true),
            Does::DropNotNull(column) => table.change(column, |found| found.not_null = false),
            Does::SetDefault(column) | Does::AddIdentity(column) => {
                table.change(column, |found| found.default = true);
            }
            Does::DropDefault(column) => table.change(column, |found| found.default = false),
            Does::Modify { column, to } => table.modify(column, to),
            Does::Add(constraint) => table.add_constraint(constraint, file),
            Does::AddIndex(index) => table.add_index(index.clone(), false, file),
            Does::Validate(name) => {
                for check in &mut table.checks {
                    check.valid |= check.name.as_ref() == Some(name);
                }
            }
            Does::DropConstraint(name) => table.drop_constraint(name),
            Does::DropPrimaryKey => table.primary_key.clear(),
            Does::DropIndex(name) => {
                table.indexes.retain(|known| known.index.name.as_ref() != Some(name));
            }
            _ => {}
        }
    }

    fn rename(&mut self, from: &Name, to: &Name) {
        let Some(mut table) = self.tables.remove(from.key()) else { return };
        table.name = to.clone();
        self.tables.insert(to.key().to_owned(), table);
        for table in self.tables.values_mut() {
            for key in table.foreign_keys.iter_mut().filter(|key| key.table == *from) {
                key.table = to.clone();
            }
        }
    }

    fn alter_enum(&mut self, name: &Name, action: &EnumAction) {
        if let EnumAction::RenameType(to) = action {
            return self.rename_enum(name, to);
        }
        let Some(known) = self.enums.get_mut(name.key()) else { return };
        match action {
            EnumAction::Add { value } => known.values.push(value.clone()),
            EnumAction::Rename { from, to } => {
                let renamed = known.values.iter_mut().filter(|value| *value == from);
                renamed.for_each(|value| value.clone_from(to));
            }
            EnumAction::RenameType(_) => {}
        }
    }
}

impl State {
    fn rename_enum(&mut self, from: &Name, to: &Name) {
        if let Some(known) = self.enums.remove(from.key()) {
            self.enums.insert(to.key().to_owned(), known);
        }
        let columns = self.tables.values_mut().flat_map(|table| &mut table.columns);
        for ty in columns.filter_map(|column| column.ty.as_mut()) {
            if ty.base == from.key() {
                to.key().clone_into(&mut ty.base);
            }
        }
    }
}

impl Table {
    fn add_column(&mut self, column: &Column, file: u32) {
        self.auto_increment |= column.auto_increment;
        if column.primary_key {
            self.primary_key.push(column.name.clone());
        }
        if column.unique {
            let columns = vec![Some(column.name.clone())];
            let name = Some(format!("{}_{}_key", self.name.key(), column.name));
            let index = Index { name, unique: true, columns, ..Index::default() };
            self.add_index(index, true, file);
        }
        if let Some(to) = &column.references {
            let columns = vec![column.name.clone()];
            let name = Some(format!("{}_{}_fkey", self.name.key(), column.name));
            self.add_foreign_key(name, columns, to);
        }
        if let Some(condition) = column.check.clone() {
            let name = Some(format!("{}_{}_check", self.name.key(), column.name));
            self.checks.push(Check { name, condition, valid: true });
        }
        self.columns.retain(|known| known.name != column.name);
        self.columns.push(Col::of(column, file));
    }

    fn add_foreign_key(&mut self, name: Option<String>, columns: Vec<String>, to: &Reference) {
        let (table, referenced) = (to.table.clone(), to.columns.clone());
        self.foreign_keys.push(ForeignKey { name, columns, table, referenced });
    }

    pub(super) fn add_index(&mut self, index: Index, constraint: bool, file: u32) {
        self.indexes.push(KnownIndex { index, constraint, file });
    }

    fn add_constraint(&mut self, constraint: &Constraint, file: u32) {
        let columns = &constraint.columns;
        let named = |end: &str| {
            let own = || format!("{}_{}_{end}", self.name.key(), columns.join("_"));
            Some(constraint.name.clone().unwrap_or_else(own))
        };
        match &constraint.kind {
            ConstraintKind::PrimaryKey { using_index } => {
                let own = || format!("{}_pkey", self.name.key());
                self.primary_key_name = Some(constraint.name.clone().unwrap_or_else(own));
                let of_index = using_index.as_ref().and_then(|name| self.index(name));
                let found = of_index.map(|known| known.index.columns.iter().flatten().cloned());
                self.primary_key = found.map_or_else(|| columns.clone(), Iterator::collect);
                let keys = self.primary_key.clone();
                for column in self.columns.iter_mut().filter(|one| keys.contains(&one.name)) {
                    column.not_null = true;
                }
            }
            ConstraintKind::Unique { using_index: None } => {
                let listed = columns.iter().cloned().map(Some).collect();
                let name = named("key");
                let index = Index { name, unique: true, columns: listed, ..Index::default() };
                self.add_index(index, true, file);
            }
            ConstraintKind::ForeignKey(to) => {
                let name = named("fkey");
                self.add_foreign_key(name, columns.clone(), to);
            }
            ConstraintKind::Check(condition) => {
                let (condition, valid) = (condition.clone(), !constraint.not_valid);
                let own = || format!("{}_check", self.name.key());
                let name = Some(constraint.name.clone().unwrap_or_else(own));
                self.checks.push(Check { name, condition, valid });
            }
            ConstraintKind::NotNull => {
                let keys = columns.clone();
                for column in self.columns.iter_mut().filter(|one| keys.contains(&one.name)) {
                    column.not_null = !constraint.not_valid;
                }
            }
            ConstraintKind::Unique { .. } | ConstraintKind::Exclude => {}
        }
    }

    fn drop_constraint(&mut self, name: &str) {
        self.foreign_keys.retain(|key| key.name.as_deref() != Some(name));
        self.checks.retain(|check| check.name.as_deref() != Some(name));
        self.indexes
            .retain(|known| !(known.constraint && known.index.name.as_deref() == Some(name)));
        if self.primary_key_name.as_deref() == Some(name) {
            self.primary_key.clear();
        }
    }

    fn drop_column(&mut self, column: &str) {
        self.columns.retain(|known| known.name != column);
        let uses = |names: &[String]| names.iter().any(|name| name == column);
        self.foreign_keys.retain(|key| !uses(&key.columns));
        self.indexes.retain(|known| !known.index.columns.contains(&Some(column.to_owned())));
        self.checks.retain(|check| !check.condition.has(column));
    }

    fn rename_column(&mut self, from: &str, to: &str) {
        let rename = |name: &mut String| {
            if name == from {
                to.clone_into(name);
            }
        };
        self.columns.iter_mut().for_each(|column| rename(&mut column.name));
        self.primary_key.iter_mut().for_each(rename);
        self.foreign_keys.iter_mut().flat_map(|key| &mut key.columns).for_each(rename);
        let indexed = self.indexes.iter_mut().flat_map(|known| &mut known.index.columns);
        indexed.flatten().for_each(rename);
    }

    fn modify(&mut self, old: &str, to: &Column) {
        self.rename_column(old, &to.name);
        let keeps = self.column(&to.name).map(|column| column.file);
        let changed = Col::of(to, keeps.unwrap_or(u32::MAX));
        match self.columns.iter_mut().find(|column| column.name == to.name) {
            Some(column) => *column = changed,
            None => self.columns.push(changed),
        }
    }

    /// Changes a column; of one that is not known only this becomes known, in a partial table.
    fn change(&mut self, name: &str, change: impl FnOnce(&mut Col)) {
        if let Some(column) = self.columns.iter_mut().find(|column| column.name == name) {
            change(column);
        }
    }
}

impl Col {
    fn of(column: &Column, file: u32) -> Self {
        Self {
            name: column.name.clone(),
            ty: column.ty.clone(),
            not_null: column.not_null || column.primary_key,
            default: column.fills_itself(),
            charset: column.charset.clone(),
            file,
        }
    }
}
