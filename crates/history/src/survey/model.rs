//! Random histories against a slow model, which looks at one id at a time and searches all the
//! rest again for each.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::scenario::{history, ledger, letter};
use crate::{Entry, History, MigrationId, Row, Survey, survey};

const CASES: u32 = 10_000;

/// The states that a name must have, as `word name`.
fn model(history: &History, rows: &[Row], held: bool) -> BTreeSet<String> {
    let mut names: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    names.extend(history.migrations.iter().map(|one| one.id.as_str()));
    let mut states = BTreeSet::new();
    for name in names {
        let live = rows.iter().rfind(|row| row.name == name && row.rolled_back_at.is_none());
        let on_disk = history.migrations.iter().any(|one| one.id.as_str() == name);
        let words: &[&str] = match live {
            Some(row) if row.finished_at.is_none() && held => &["running"],
            Some(row) if row.finished_at.is_none() => &["failed"],
            Some(row) => {
                edited(history, row, &mut states);
                states.insert(format!("applied {name}"));
                lost(history, name)
            }
            None if on_disk && rows.iter().any(|row| row.name == name) => {
                &["pending", "rolled back"]
            }
            None if on_disk => &["pending"],
            None => &[],
        };
        states.extend(words.iter().map(|word| format!("{word} {name}")));
    }
    states
}

/// What an applied name is when the disk lacks it.
fn lost(history: &History, name: &str) -> &'static [&'static str] {
    let id: MigrationId = name.parse().unwrap();
    let here = history.migrations.iter().any(|one| one.id == id);
    if here || history.lock.entry(&id) == Some(&Entry::Absent(id.clone())) {
        &[]
    } else if !history.migrations.is_empty() && history.migrations.iter().all(|one| one.id < id) {
        &["ahead"]
    } else {
        &["missing"]
    }
}

fn edited(history: &History, row: &Row, states: &mut BTreeSet<String>) {
    let id = row.name.parse().unwrap();
    let Some(migration) = history.get(&id) else { return };
    let disk = migration.checksum.to_string();
    let word = match history.lock.sealed(&id) {
        Some(line) if line.sha256 != migration.checksum => "edited",
        Some(line) if line.was.iter().any(|was| was.to_string() == row.checksum) => "restamp",
        _ if row.checksum == disk => return,
        _ => "edited",
    };
    states.insert(format!("{word} {id}"));
}

/// What was found, with renamed ids put back where the model, which knows no texts, has them.
fn found_states(history: &History, found: &Survey) -> BTreeSet<String> {
    let mut states = BTreeSet::new();
    let mut add = |word: &str, name: &str| {
        assert!(states.insert(format!("{word} {name}")), "{word} {name} stands twice");
    };
    found.applied.iter().for_each(|row| add("applied", &row.name));
    found.pending.iter().for_each(|id| add("pending", id.as_str()));
    found.running.iter().for_each(|it| add("running", &it.row.name));
    found.failed.iter().for_each(|it| add("failed", &it.row.name));
    found.rolled_back.iter().for_each(|it| add("rolled back", it.id.as_str()));
    found.edited.iter().for_each(|it| add("edited", it.id.as_str()));
    found.restamp.iter().for_each(|id| add("restamp", id.as_str()));
    found.missing.iter().for_each(|row| add("missing", &row.name));
    found.ahead.iter().for_each(|it| add("ahead", &it.row.name));
    for it in &found.renamed {
        add("pending", it.to.as_str());
        lost(history, &it.from).iter().for_each(|word| add(word, &it.from));
    }
    states
}

/// Pending, bound to its order, and an applied one is later: on disk, ahead, or renamed to one.
fn out_of_order(history: &History, found: &Survey) -> Vec<MigrationId> {
    let mut orders: Vec<MigrationId> =
        found.applied.iter().map(|row| row.name.parse().unwrap()).collect();
    orders.retain(|id| {
        history.get(id).is_some() || found.ahead.iter().any(|it| it.row.name == id.as_str())
    });
    orders.extend(found.renamed.iter().map(|it| it.to.clone()));
    let bound = |id: &MigrationId| !history.lock.sealed(id).is_some_and(|line| line.order_any);
    let late = |id: &&MigrationId| bound(id) && orders.iter().any(|other| other > *id);
    found.pending.iter().filter(late).cloned().collect()
}

fn renames_are_right(history: &History, rows: &[Row], found: &Survey) {
    let text = |id: &MigrationId| history.get(id).unwrap().checksum.to_string();
    let recorded = |name: &str| {
        let live = |row: &&Row| row.name == name && row.rolled_back_at.is_none();
        &rows.iter().rfind(live).unwrap().checksum
    };
    let was = |id: &MigrationId, sum: &String| {
        let line = history.lock.sealed(id);
        line.is_some_and(|line| line.was.iter().any(|was| was.to_string() == *sum))
    };
    let same =
        |id: &MigrationId, name: &str| text(id) == *recorded(name) || was(id, recorded(name));
    assert!(found.renamed.iter().all(|it| same(&it.to, &it.from)));
    // no pair was left over
    let lost = found.missing.iter().chain(found.ahead.iter().map(|it| &it.row));
    for row in lost {
        assert!(!found.pending.iter().any(|id| same(id, &row.name)), "{}", letter(&row.name));
    }
}

fn words(marks: &'static str, before: &'static str) -> impl Strategy<Value = String> {
    let word = format!("{before}[a-fB]{marks}");
    let word = proptest::string::string_regex(&word).unwrap();
    prop::collection::vec(word, 0..8).prop_map(|words| words.join(" "))
}

fn unique(words: &str) -> String {
    let mut seen = BTreeSet::new();
    let is_new = |word: &&str| seen.insert(word.trim_start_matches(['?', '-']).as_bytes()[0]);
    words.split(' ').filter(|word| !word.is_empty()).filter(is_new).collect::<Vec<_>>().join(" ")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn random_histories(
        disk in words("(=[a-f])?[*~]?", ""),
        lock in words("(=[a-f])?[*~]?<?[+]?", "[?-]?"),
        rows in words("(=[a-f])?[*]?[!^]?", ""),
        held: bool,
    ) {
        let (history, rows) = (history(&unique(&disk), &unique(&lock)), ledger(&rows));
        let found = survey(&history, &rows, held);
        prop_assert_eq!(found_states(&history, &found), model(&history, &rows, held));
        prop_assert_eq!(&found.out_of_order, &out_of_order(&history, &found));
        renames_are_right(&history, &rows, &found);

        let drafts = history.migrations.iter().filter(|one| history.lock.sealed(&one.id).is_none());
        prop_assert!(drafts.map(|one| &one.id).eq(&found.drafts));
        let sorted = |ids: &[MigrationId]| ids.is_sorted();
        prop_assert!(sorted(&found.pending) && sorted(&found.restamp));
        prop_assert!(found.edited.is_sorted_by_key(|it| &it.id));

        let has = |name: &str| history.get(&name.parse().unwrap()).is_some();
        let applied = found.applied.iter().filter(|row| has(&row.name)).count();
        let begun = found.running.len() + found.failed.len();
        let clean = found.edited.len() + found.missing.len() + found.renamed.len() + begun == 0;
        prop_assert_eq!(found.up_to_date(), clean && applied == history.migrations.len());
        prop_assert!(!(found.up_to_date() && found.conflict()));
    }
}
