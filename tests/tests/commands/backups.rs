//! `backups`: what there is, and what is wrong with it.

use xtask_db_tests::snapshot;
use xtask_db_tests::support::{Kind, Workspace};

use crate::backup::{files, name, newest};
use crate::history;

#[test]
fn says_what_is_wrong_with_each() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    let _ = ws.run_ok(&["backups"]).says("0 backups");
    for _ in 0..4 {
        ws.run_ok(&["backup"]);
    }
    let listed = ws.run_ok(&["backups", "--json"]).json();
    let file = |at: usize| ws.root().join("backups").join(name(&listed["backups"][at]));
    std::fs::write(file(0), "another").unwrap();
    std::fs::remove_file(file(1)).unwrap();
    std::fs::write(format!("{}.json", file(2).display()), "{\"version\": 9}").unwrap();
    let quick = ws.run_ok(&["backups", "--json"]).json();
    assert_eq!(quick["broken"], 2, "{quick}");
    let checked = ws.run_ok(&["backups", "--check"]);
    let _ = checked.says("its file is gone").says("its record says").says("version 9");
    assert_eq!(files(&ws).len(), 7);
    assert!(newest(&ws)["problem"].is_null(), "bytes are looked at only when that is asked for");
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    snapshot!("none", ws.run(&["backups"]));
    ws.run_ok(&["backup"]);
    snapshot!("one", ws.run(&["backups"]));
}
