//! What a resolution changes in the ledger: values in, values out.

use std::collections::BTreeSet;

use xtask_db_history::{Checksum, History, Migration, MigrationId, Row};

use crate::Error;

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wish<'a> {
    Applied(&'a MigrationId),
    RolledBack(&'a str),
    Through(&'a MigrationId),
    Renamed(&'a str, &'a MigrationId),
    /// Another tool applied these, each at that time.
    Adopt(&'a [(MigrationId, Option<String>)]),
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Write {
    /// A row for what is applied; the time is the server's text in UTC.
    Insert { name: String, checksum: Checksum, at: Option<String> },
    /// An unfinished row is done; its journal goes.
    Finish { row_id: String, steps: u32, checksum: Checksum },
    /// A row is given up; its journals go.
    RollBack { row_id: String },
    /// A row gets another name.
    Rename { row_id: String, name: String },
    /// An interrupted revert was undone by hand: its journal goes.
    KeepApplied { row_id: String },
    /// The kept down text goes with the name.
    MoveDown { old: String, new: String },
    /// The kept down text goes.
    ForgetDown { name: String },
}

/// All changes, and whose they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) writes: Vec<Write>,
    pub(super) changed: Vec<String>,
    pub(super) unchanged: Vec<String>,
}

/// What the ledger says about an id, its unfinished row before its applied one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State<'a> {
    None,
    RolledBack,
    Applied(&'a Row),
    Unfinished(&'a Row),
}

/// Plans a wish. `reverting` names the rows whose revert was interrupted.
pub(super) fn plan(
    history: &History,
    rows: &[Row],
    reverting: &BTreeSet<String>,
    wish: Wish<'_>,
) -> Result<Plan, Error> {
    let mut plan = Plan::default();
    match wish {
        Wish::Applied(id) => plan.applied(on_disk(history, id)?, rows, reverting),
        Wish::RolledBack(name) => plan.rolled_back(name, rows, reverting)?,
        Wish::Renamed(old, new) => plan.renamed(history, old, on_disk(history, new)?, rows)?,
        Wish::Through(id) => {
            on_disk(history, id)?;
            for migration in history.migrations.iter().filter(|m| m.id <= *id) {
                plan.baseline(migration, rows, None)?;
            }
        }
        Wish::Adopt(ids) => {
            for (id, at) in ids {
                plan.baseline(on_disk(history, id)?, rows, at.clone())?;
            }
        }
    }
    Ok(plan)
}

impl Plan {
    fn applied(&mut self, migration: &Migration, rows: &[Row], reverting: &BTreeSet<String>) {
        let name = migration.id.to_string();
        match state(rows, &name) {
            State::Applied(row) if reverting.contains(&row.row_id) => {
                self.writes.push(Write::KeepApplied { row_id: row.row_id.clone() });
            }
            State::Applied(_) => return self.unchanged.push(name),
            State::Unfinished(last) => {
                for row in unfinished(rows, &name).filter(|row| row.row_id != last.row_id) {
                    self.writes.push(Write::RollBack { row_id: row.row_id.clone() });
                }
                self.writes.push(Write::Finish {
                    row_id: last.row_id.clone(),
                    steps: last.steps,
                    checksum: migration.checksum,
                });
            }
            State::None | State::RolledBack => self.insert(migration, None),
        }
        self.changed.push(name);
    }

    fn rolled_back(
        &mut self,
        name: &str,
        rows: &[Row],
        reverting: &BTreeSet<String>,
    ) -> Result<(), Error> {
        match state(rows, name) {
            State::Unfinished(_) => {
                for row in unfinished(rows, name) {
                    self.writes.push(Write::RollBack { row_id: row.row_id.clone() });
                }
            }
            State::Applied(row) if reverting.contains(&row.row_id) => {
                self.writes.push(Write::RollBack { row_id: row.row_id.clone() });
                self.writes.push(Write::ForgetDown { name: name.to_owned() });
            }
            State::Applied(_) => {
                return Err(refused(name, "is applied and finished: revert it with `down`"));
            }
            State::RolledBack => {
                self.unchanged.push(name.to_owned());
                return Ok(());
            }
            State::None => return Err(refused(name, "is not in the ledger")),
        }
        self.changed.push(name.to_owned());
        Ok(())
    }

    fn renamed(
        &mut self,
        history: &History,
        old: &str,
        new: &Migration,
        rows: &[Row],
    ) -> Result<(), Error> {
        let name = new.id.to_string();
        let (before, after) = (state(rows, old), state(rows, &name));
        if before == State::None && matches!(after, State::Applied(_)) {
            self.unchanged.push(name);
            return Ok(());
        }
        if history.migrations.iter().any(|migration| migration.id.as_str() == old) {
            return Err(refused(old, "is on disk: it was not renamed"));
        }
        let row = match before {
            State::Applied(row) | State::Unfinished(row) => row,
            State::RolledBack => return Err(refused(old, "is not applied")),
            State::None => return Err(refused(old, "is not in the ledger")),
        };
        match after {
            State::Applied(_) => return Err(refused(&name, "is applied already")),
            State::Unfinished(_) => return Err(refused(&name, "is begun already")),
            State::None | State::RolledBack => {}
        }
        if !same_text(history, new, &row.checksum) {
            return Err(refused(&name, &format!("has another text than {old} had")));
        }
        for row in rows.iter().filter(|row| row.name == old) {
            let (row_id, name) = (row.row_id.clone(), name.clone());
            self.writes.push(Write::Rename { row_id, name });
        }
        self.writes.push(Write::MoveDown { old: old.to_owned(), new: name.clone() });
        self.changed.push(name);
        Ok(())
    }

    /// Applied before the tool came.
    fn baseline(
        &mut self,
        migration: &Migration,
        rows: &[Row],
        at: Option<String>,
    ) -> Result<(), Error> {
        let name = migration.id.to_string();
        if self.changed.contains(&name) {
            return Err(refused(&name, "is named twice"));
        }
        match state(rows, &name) {
            State::Applied(_) => self.unchanged.push(name),
            State::Unfinished(_) => {
                return Err(refused(&name, "is not finished: settle it with `resolve` first"));
            }
            State::None | State::RolledBack => {
                self.insert(migration, at);
                self.changed.push(name);
            }
        }
        Ok(())
    }

    fn insert(&mut self, migration: &Migration, at: Option<String>) {
        let (name, checksum) = (migration.id.to_string(), migration.checksum);
        self.writes.push(Write::Insert { name, checksum, at });
    }
}

/// What the ledger says about an id.
pub(super) fn state<'a>(rows: &'a [Row], name: &str) -> State<'a> {
    let own = || rows.iter().rev().filter(|row| row.name == name);
    let applied = |row: &&Row| row.finished_at.is_some() && row.rolled_back_at.is_none();
    if let Some(row) = unfinished(rows, name).next() {
        return State::Unfinished(row);
    }
    match (own().find(applied), own().next()) {
        (Some(row), _) => State::Applied(row),
        (None, Some(_)) => State::RolledBack,
        (None, None) => State::None,
    }
}

/// The unfinished rows of an id, newest first.
fn unfinished<'a>(rows: &'a [Row], name: &str) -> impl Iterator<Item = &'a Row> {
    let own = rows.iter().rev().filter(move |row| row.name == name);
    own.filter(|row| row.finished_at.is_none() && row.rolled_back_at.is_none())
}

fn same_text(history: &History, migration: &Migration, recorded: &str) -> bool {
    let same = |checksum: &Checksum| checksum.to_string().eq_ignore_ascii_case(recorded);
    let was = history.lock.sealed(&migration.id).map_or(&[][..], |sealed| &sealed.was);
    // Prisma records the bytes with the line ends of that checkout.
    same(&migration.checksum)
        || Checksum::of_variants(&migration.up.text).iter().chain(was).any(same)
}

pub(super) fn on_disk<'a>(history: &'a History, id: &MigrationId) -> Result<&'a Migration, Error> {
    history.get(id).ok_or_else(|| refused(id.as_str(), "is not on disk"))
}

pub(super) fn refused(id: &str, problem: &str) -> Error {
    Error::Id { id: id.to_owned(), problem: problem.to_owned() }
}

#[cfg(test)]
mod tests;
