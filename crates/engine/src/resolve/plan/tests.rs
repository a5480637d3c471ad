//! Every state against every wish.

use std::borrow::Cow;

use xtask_db_history::{LockFile, SqlFile};
use xtask_db_sql::Dialect;

use super::*;

fn migration(name: &str) -> Migration {
    let text = format!("-- {name}");
    Migration {
        id: name.parse().unwrap(),
        checksum: Checksum::of(&text),
        up: SqlFile { path: Cow::Borrowed("x"), text: Cow::Owned(text) },
        down: None,
        verify: None,
        backfill: None,
        readme: None,
    }
}

/// Rows from `name state`, e.g. `1_a applied 2_b failed`; the row id is the place, from 0.
fn rows(text: &str) -> Vec<Row> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let row = |(at, pair): (usize, &[&str])| Row {
        row_id: at.to_string(),
        name: pair[0].to_owned(),
        checksum: Checksum::of(&format!("-- {}", pair[0])).to_string(),
        started_at: String::new(),
        finished_at: ["applied", "reverted", "reverting"].contains(&pair[1]).then(String::new),
        rolled_back_at: ["rolled", "reverted"].contains(&pair[1]).then(String::new),
        steps: 2,
        logs: None,
        duration_ms: None,
    };
    words.chunks(2).enumerate().map(row).collect()
}

fn shown(disk: &str, ledger: &str, wish: Wish<'_>) -> String {
    let migrations = disk.split_whitespace().map(migration).collect();
    let history = History { migrations, lock: LockFile::new(Dialect::Sqlite, "t") };
    let rows = rows(ledger);
    let words: Vec<&str> = ledger.split_whitespace().collect();
    let reverting = words.chunks(2).enumerate().filter(|(_, pair)| pair[1] == "reverting");
    let reverting = reverting.map(|(at, _)| at.to_string()).collect();
    let plan = match plan(&history, &rows, &reverting, wish) {
        Ok(plan) => plan,
        Err(error) => return error.to_string(),
    };
    let write = |write: &Write| match write {
        Write::Insert { name, at, .. } => {
            format!("insert {name} {}", at.clone().unwrap_or_default())
        }
        Write::Finish { row_id, steps, .. } => format!("finish {row_id} {steps}"),
        Write::RollBack { row_id } => format!("roll back {row_id}"),
        Write::Rename { row_id, name } => format!("rename {row_id} {name}"),
        Write::KeepApplied { row_id } => format!("keep {row_id}"),
        Write::MoveDown { old, new } => format!("move {old} {new}"),
        Write::ForgetDown { name } => format!("forget {name}"),
    };
    let same = plan.unchanged.iter().map(|name| format!("same {name}"));
    let all: Vec<String> = plan.writes.iter().map(write).chain(same).collect();
    all.join(", ").replace(" ,", ",").trim().to_owned()
}

#[test]
fn applied() {
    let check = |ledger: &str, expected: &str| {
        let id = "1_a".parse().unwrap();
        assert_eq!(shown("1_a 2_b", ledger, Wish::Applied(&id)), expected, "{ledger}");
    };
    check("", "insert 1_a");
    check("1_a rolled", "insert 1_a");
    check("1_a reverted", "insert 1_a");
    check("1_a applied", "same 1_a");
    check("1_a failed", "finish 0 2");
    check("1_a rolled 1_a failed", "finish 1 2");
    check("1_a failed 1_a failed", "roll back 0, finish 1 2");
    check("1_a reverting", "keep 0");
    let id = "3_c".parse().unwrap();
    assert_eq!(shown("1_a", "", Wish::Applied(&id)), "3_c: is not on disk");
}

#[test]
fn rolled_back() {
    let check = |ledger: &str, expected: &str| {
        assert_eq!(shown("2_b", ledger, Wish::RolledBack("1_a")), expected, "{ledger}");
    };
    check("", "1_a: is not in the ledger");
    check("1_a failed", "roll back 0");
    check("1_a failed 1_a failed", "roll back 1, roll back 0");
    check("1_a applied", "1_a: is applied and finished: revert it with `down`");
    check("1_a reverting", "roll back 0, forget 1_a");
    check("1_a rolled", "same 1_a");
    check("1_a reverted", "same 1_a");
}

#[test]
fn through() {
    let check = |ledger: &str, expected: &str| {
        let id = "2_b".parse().unwrap();
        assert_eq!(shown("1_a 2_b 3_c", ledger, Wish::Through(&id)), expected, "{ledger}");
    };
    check("", "insert 1_a, insert 2_b");
    check("1_a applied", "insert 2_b, same 1_a");
    check("1_a applied 2_b applied", "same 1_a, same 2_b");
    check("1_a failed", "1_a: is not finished: settle it with `resolve` first");
}

#[test]
fn adopt() {
    let check = |ids: &[&str], ledger: &str, expected: &str| {
        let with = |id: &&str| (id.parse().unwrap(), Some("T".to_owned()));
        let ids: Vec<_> = ids.iter().map(with).collect();
        assert_eq!(shown("1_a 2_b", ledger, Wish::Adopt(&ids)), expected, "{ledger}");
    };
    check(&["1_a", "2_b"], "1_a applied", "insert 2_b T, same 1_a");
    check(&["1_a", "3_c"], "", "3_c: is not on disk");
    check(&["1_a", "1_a"], "", "1_a: is named twice");
}

#[test]
fn renamed() {
    let check = |disk: &str, ledger: &str, old: &str, expected: &str| {
        let new: MigrationId = "2_b".parse().unwrap();
        assert_eq!(shown(disk, ledger, Wish::Renamed(old, &new)), expected, "{disk} | {ledger}");
    };
    // The text of `2_b` is that of no other id.
    check("2_b", "1_a applied", "1_a", "2_b: has another text than 1_a had");
    check("1_a 2_b", "1_a applied", "1_a", "1_a: is on disk: it was not renamed");
    check("2_b", "2_b applied", "1_a", "same 2_b");
    check("2_b", "", "1_a", "1_a: is not in the ledger");
    check("2_b", "1_a rolled", "1_a", "1_a: is not applied");
    check("2_b", "1_a applied 2_b applied", "1_a", "2_b: is applied already");
    check("1_a", "1_a applied", "0_x", "2_b: is not on disk");
    let new: MigrationId = "2_b".parse().unwrap();
    let migrations = vec![migration("2_b")];
    let history = History { migrations, lock: LockFile::new(Dialect::Sqlite, "t") };
    let mut rows = rows("1_a rolled 1_a applied");
    for row in &mut rows {
        row.checksum = Checksum::of("-- 2_b").to_string();
    }
    let plan = plan(&history, &rows, &BTreeSet::new(), Wish::Renamed("1_a", &new)).unwrap();
    let rename = |row_id: &str| Write::Rename { row_id: row_id.into(), name: "2_b".into() };
    let moved = Write::MoveDown { old: "1_a".into(), new: "2_b".into() };
    assert_eq!(plan.writes, [rename("0"), rename("1"), moved]);
}
