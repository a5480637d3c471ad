//! The comparison itself.
//!
//! Invariant: each id on disk, and each name in the ledger that is not rolled back, gets a state.

use std::collections::{HashMap, HashSet, VecDeque};

use super::latest::{Attempt, latest};
use super::{Ahead, Edited, Failed, Renamed, Row, Survey, Unfinished};
use crate::{Checksum, Entry, History, Migration, MigrationId, Sealed, token_hash};

/// Compares disk, lock file and ledger; `rows` in the order they were begun. `lock_held` says
/// whether some deployer holds the lock now: it tells *running* from *failed*.
#[must_use]
pub fn survey(history: &History, rows: &[Row], lock_held: bool) -> Survey {
    let sides = Sides::of(history);
    let mut found = Survey::default();
    // applied or begun: not pending
    let mut begun = HashSet::new();
    let mut applied_ids = Vec::new();
    let mut strangers = Vec::new();
    for (row, attempt) in latest(rows) {
        let on_disk = sides.disk.get(row.name.as_str()).copied();
        match (attempt, on_disk) {
            (Attempt::Applied, Some(migration)) => {
                found.applied.push(row.clone());
                applied_ids.push(&migration.id);
                begun.insert(row.name.as_str());
                sides.judge(migration, row, &mut found);
            }
            (Attempt::Applied, None) => {
                found.applied.push(row.clone());
                if !sides.is_absent(&row.name) {
                    strangers.push(row);
                }
            }
            (Attempt::Unfinished, _) => {
                begun.insert(row.name.as_str());
                let list = if lock_held { &mut found.running } else { &mut found.failed };
                list.push(Unfinished { row: row.clone(), on_disk: on_disk.is_some() });
            }
            (Attempt::RolledBack, Some(migration)) => {
                found.rolled_back.push(Failed { id: migration.id.clone(), row: row.clone() });
            }
            (Attempt::RolledBack, None) => {}
        }
    }
    let mut pending: Vec<&Migration> =
        history.migrations.iter().filter(|one| !begun.contains(one.id.as_str())).collect();
    strangers.sort_by_cached_key(|row| sort_key(&row.name));
    found.renamed = sides.pair_renamed(&mut pending, &mut strangers);
    sides.place_strangers(&strangers, &mut found);
    found.out_of_order = sides.out_of_order(&pending, &applied_ids, &found);
    found.pending = pending.iter().map(|migration| migration.id.clone()).collect();
    let is_draft = |one: &&Migration| sides.sealed(&one.id).is_none();
    found.drafts =
        history.migrations.iter().filter(is_draft).map(|migration| migration.id.clone()).collect();
    in_history_order(&mut found);
    found
}

/// Disk and lock file by name.
struct Sides<'a> {
    history: &'a History,
    disk: HashMap<&'a str, &'a Migration>,
    lock: HashMap<&'a str, &'a Entry>,
}

impl<'a> Sides<'a> {
    fn of(history: &'a History) -> Self {
        let History { migrations, lock } = history;
        Self {
            history,
            disk: migrations.iter().map(|one| (one.id.as_str(), one)).collect(),
            lock: lock.entries.iter().map(|entry| (entry.id().as_str(), entry)).collect(),
        }
    }

    fn is_absent(&self, name: &str) -> bool {
        matches!(self.lock.get(name), Some(Entry::Absent(_)))
    }

    fn sealed(&self, id: &MigrationId) -> Option<&'a Sealed> {
        self.lock.get(id.as_str()).and_then(|entry| entry.as_sealed())
    }

    /// Whether an applied migration has another text now.
    fn judge(&self, migration: &Migration, row: &Row, found: &mut Survey) {
        let recorded = recorded(row);
        let is_disk = || {
            recorded == Some(migration.checksum)
                || recorded
                    .is_some_and(|sum| Checksum::of_variants(&migration.up.text).contains(&sum))
        };
        let edited = |cosmetic| Edited {
            id: migration.id.clone(),
            recorded: row.checksum.clone(),
            found: migration.checksum,
            cosmetic,
        };
        let Some(line) = self.sealed(&migration.id) else {
            if !is_disk() {
                found.edited.push(edited(false));
            }
            return;
        };
        let was = recorded.is_some_and(|sum| line.was.contains(&sum));
        let is_sealed = recorded == Some(line.sha256);
        if migration.checksum != line.sha256 {
            let equal =
                || token_hash(&migration.up.text, self.history.lock.syntax()) == line.tokens;
            found.edited.push(edited((is_sealed || was || is_disk()) && equal()));
        } else if was {
            found.restamp.push(migration.id.clone());
        } else if !is_sealed && !is_disk() {
            found.edited.push(edited(false));
        }
    }

    /// Takes out what is one migration under two names, first with first where texts are equal.
    fn pair_renamed(
        &self,
        pending: &mut Vec<&'a Migration>,
        strangers: &mut Vec<&'a Row>,
    ) -> Vec<Renamed> {
        if strangers.is_empty() {
            return Vec::new();
        }
        let mut by_text = HashMap::<Checksum, VecDeque<&Migration>>::new();
        for &migration in pending.iter() {
            let was = self.sealed(&migration.id).map_or(&[][..], |line| &line.was);
            let texts = [migration.checksum].into_iter().chain(was.iter().copied());
            for text in texts.chain(Checksum::of_variants(&migration.up.text)) {
                by_text.entry(text).or_default().push_back(migration);
            }
        }
        let mut taken = HashSet::new();
        let mut renamed = Vec::new();
        strangers.retain(|row| {
            let queue = recorded(row).and_then(|text| by_text.get_mut(&text));
            let free = queue.and_then(|queue| {
                std::iter::from_fn(|| queue.pop_front())
                    .find(|one| !taken.contains(one.id.as_str()))
            });
            if let Some(migration) = free {
                taken.insert(migration.id.as_str());
                renamed.push(Renamed { from: row.name.clone(), to: migration.id.clone() });
            }
            free.is_none()
        });
        pending.retain(|migration| !taken.contains(migration.id.as_str()));
        renamed
    }

    /// Tells what a newer release applied from what was lost.
    fn place_strangers(&self, strangers: &[&Row], found: &mut Survey) {
        let last = self.history.migrations.last().map(|migration| &migration.id);
        for &row in strangers {
            let id = row.name.parse::<MigrationId>();
            if last.is_some_and(|last| id.is_ok_and(|id| id > *last)) {
                found.ahead.push(Ahead { row: row.clone() });
            } else {
                found.missing.push(row.clone());
            }
        }
    }

    fn out_of_order(
        &self,
        pending: &[&Migration],
        applied: &[&MigrationId],
        found: &Survey,
    ) -> Vec<MigrationId> {
        // whatever is ahead sorts after all of the disk
        let all = !found.ahead.is_empty();
        let renamed = found.renamed.iter().map(|renamed| &renamed.to);
        let newest = applied.iter().copied().chain(renamed).max();
        let bound = |id: &MigrationId| self.sealed(id).is_none_or(|line| !line.order_any);
        pending
            .iter()
            .map(|migration| &migration.id)
            .filter(|id| (all || newest.is_some_and(|newest| *id < newest)) && bound(id))
            .cloned()
            .collect()
    }
}

fn recorded(row: &Row) -> Option<Checksum> {
    // CHAR columns are padded
    row.checksum.trim().parse().ok()
}

/// Ids in their order, then the names that are none.
fn sort_key(name: &str) -> Result<MigrationId, String> {
    name.parse().map_err(|_| name.to_owned())
}

/// Puts the lists that were filled in the order of the ledger into that of the history.
fn in_history_order(found: &mut Survey) {
    found.running.sort_by_cached_key(|one| sort_key(&one.row.name));
    found.failed.sort_by_cached_key(|one| sort_key(&one.row.name));
    found.rolled_back.sort_by(|first, second| first.id.cmp(&second.id));
    found.edited.sort_by(|first, second| first.id.cmp(&second.id));
    found.restamp.sort();
    found.renamed.sort_by(|first, second| first.to.cmp(&second.to));
}
