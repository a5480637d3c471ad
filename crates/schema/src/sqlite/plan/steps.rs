//! The plan: what goes, then tables, then what is made on them.

use super::alter::Alter;
use super::change::{Change, Changes, VirtualChange};
use super::{hazards, order, rebuild, virtual_tables};
use crate::sqlite::name::name;
use crate::sqlite::{Catalog, Index};
use crate::{Plan, PlanOptions, SchemaError, Step};

/// The statements that lead from one catalog to another.
///
/// # Errors
/// A change that no statement makes.
pub fn plan(from: &Catalog, to: &Catalog, _options: &PlanOptions) -> Result<Plan, SchemaError> {
    refuse_unread(from, to)?;
    refuse_unread(to, from)?;
    let changes = Changes::of(from, to);
    changes.refuse_unread_index()?;
    let mut steps = Vec::new();
    changes.drop_what_reads(&mut steps);
    let (early, late) = changes.dropped();
    steps.extend(early);
    changes.create_tables(&mut steps);
    changes.change_tables(&mut steps);
    steps.extend(late);
    changes.create_what_reads(&mut steps);
    Ok(Plan { steps })
}

/// What is not modelled on one side must not be made or dropped because it is on the other.
fn refuse_unread(unread: &Catalog, read: &Catalog) -> Result<(), SchemaError> {
    let is_read = |name: &str| {
        read.table(name).is_some()
            || read.virtual_table(name).is_some()
            || read.index(name).is_some()
    };
    let found = unread.unmodelled.iter().find(|it| is_read(&it.name));
    found.map_or(Ok(()), |it| {
        Err(SchemaError::Refused {
            object: format!("{} {}", it.kind, it.name),
            reason: "its definition is not understood in one of the two schemas".to_owned(),
        })
    })
}

impl Changes<'_> {
    /// An index that is not understood goes with its table, and nobody knows how it comes back.
    fn refuse_unread_index(&self) -> Result<(), SchemaError> {
        let made_again = self.tables.iter().any(|change| matches!(change, Change::Rebuild(..)));
        let index = self.from.unmodelled.iter().find(|it| it.kind == "index");
        index.filter(|_| made_again).map_or(Ok(()), |index| {
            Err(SchemaError::Refused {
                object: format!("index {}", index.name),
                reason: "its definition is not understood, and a table must be made again"
                    .to_owned(),
            })
        })
    }

    /// Triggers, views and indexes that change or go. What belongs to a table that goes too is not
    /// named, unless its name is needed before.
    fn drop_what_reads(&self, steps: &mut Vec<Step>) {
        for trigger in &self.from.triggers {
            let goes_with_it = self.goes(&trigger.table) && !self.edits_texts();
            if !self.stays_trigger(trigger) && !goes_with_it {
                steps.push(Step::new(format!("DROP TRIGGER {}", name(&trigger.name))));
            }
        }
        let gone = self.from.views.iter().filter(|view| !self.stays_view(view)).collect();
        for view in order::views(gone).iter().rev() {
            steps.push(Step::new(format!("DROP VIEW {}", name(&view.name))));
        }
        for index in &self.from.indexes {
            let clash = self.to.table(&index.name).is_some()
                || self.to.virtual_table(&index.name).is_some();
            if !self.stays_index(index) && (clash || !self.goes(&index.table)) {
                steps.push(Step::new(format!("DROP INDEX {}", name(&index.name))));
            }
        }
    }

    /// Tables that go: first those whose name something else gets, the others when no view or
    /// trigger reads them any more.
    fn dropped(&self) -> (Vec<Step>, Vec<Step>) {
        let (mut early, mut late) = (Vec::new(), Vec::new());
        let tables = self.tables.iter().filter_map(|change| match change {
            Change::Drop(table) => Some(*table),
            _ => None,
        });
        for table in order::tables(tables.collect()).into_iter().rev() {
            let clash = self.to.virtual_table(&table.name).is_some();
            let step = Step::new(format!("DROP TABLE {}", name(&table.name)))
                .hazard(hazards::dropped_table(&table.name));
            if clash { early.push(step) } else { late.push(step) }
        }
        for change in &self.virtual_tables {
            let VirtualChange::Drop(table) = change else { continue };
            let clash = self.to.table(&table.name).is_some();
            let mut step = Step::new(format!("DROP TABLE {}", name(&table.name)));
            if !virtual_tables::is_index_of_another(table) {
                step = step.hazard(hazards::dropped_table(&table.name));
            }
            if clash { early.push(step) } else { late.push(step) }
        }
        (early, late)
    }

    fn create_tables(&self, steps: &mut Vec<Step>) {
        let tables = self.tables.iter().filter_map(|change| match change {
            Change::Create(table) => Some(*table),
            _ => None,
        });
        for table in order::tables(tables.collect()) {
            steps.push(Step::new(table.create(&table.name)));
        }
        for change in &self.virtual_tables {
            if let VirtualChange::Create(table) = change {
                steps.push(Step::new(table.create(&table.name)));
            }
        }
    }

    fn change_tables(&self, steps: &mut Vec<Step>) {
        let mut rebuilt = Vec::new();
        let taken = self.taken();
        for change in &self.tables {
            match change {
                Change::Alter(alter) => alter.steps(steps),
                Change::Rebuild(from, to) => {
                    rebuilt.extend(rebuild::rebuild(self.from, from, to, &taken))
                }
                Change::Create(_) | Change::Drop(_) => {}
            }
        }
        for change in &self.virtual_tables {
            if let VirtualChange::Replace(from, to) = change {
                rebuilt.extend(virtual_tables::replaced(self.to, from, to, &taken));
            }
        }
        if !rebuilt.is_empty() {
            let note = "else a rename fails on views and triggers that name a table that is away";
            steps.push(Step::new("PRAGMA legacy_alter_table = ON").note(note));
            steps.extend(rebuilt);
            steps.push(Step::new("PRAGMA legacy_alter_table = OFF"));
        }
    }

    fn index_step(&self, index: &Index) -> Step {
        let step = Step::new(index.create());
        let before = self.from.index(&index.name);
        let again = before.is_some_and(|before| before.canonical() == index.canonical());
        let tables = (self.from.table(&index.table), self.to.table(&index.table));
        let (Some(from), Some(to)) = tables else { return step };
        hazards::unique_index(from, to, index, again).into_iter().fold(step, Step::hazard)
    }

    fn create_what_reads(&self, steps: &mut Vec<Step>) {
        for index in &self.to.indexes {
            let there = self.from.index(&index.name).is_some_and(|index| self.stays_index(index));
            if !there {
                steps.push(self.index_step(index));
            }
        }
        let new =
            self.to.views.iter().filter(|view| {
                !self.from.view(&view.name).is_some_and(|there| self.stays_view(there))
            });
        for view in order::views(new.collect()) {
            steps.push(Step::new(view.create()));
        }
        for ignored in &self.from.ignored {
            if self.goes(&ignored.table) && self.to.has_relation(&ignored.table) {
                let note = format!("{} is ignored, and goes on as it was", ignored.name);
                steps.push(Step::new(&ignored.sql).note(note));
            }
        }
        for trigger in &self.to.triggers {
            let there =
                self.from.trigger(&trigger.name).is_some_and(|there| self.stays_trigger(there));
            if !there {
                steps.push(Step::new(trigger.create()));
            }
        }
    }
}

impl Alter<'_> {
    fn steps(&self, steps: &mut Vec<Step>) {
        let table = name(&self.from.name);
        for (old, new) in &self.spelled {
            let (old, new) = (name(&old.name), name(&new.name));
            let sql = format!("ALTER TABLE {table} RENAME COLUMN {old} TO {new}");
            steps.push(Step::new(sql));
        }
        for column in &self.added {
            let step = Step::new(format!("ALTER TABLE {table} ADD COLUMN {}", column.text));
            let hazard = hazards::added_column(self.from, self.to, column);
            steps.push(hazard.into_iter().fold(step, Step::hazard));
        }
        for column in &self.dropped {
            let sql = format!("ALTER TABLE {table} DROP COLUMN {}", name(&column.name));
            let hazards = hazards::dropped_column(self.from, column);
            steps.push(hazards.into_iter().fold(Step::new(sql), Step::hazard));
        }
    }
}
