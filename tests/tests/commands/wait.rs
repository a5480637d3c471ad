//! `wait`: until the database answers, or until nothing is pending.

use std::time::Duration;

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history;

on_each!(
    fn returns_when_it_answers(ws) {
        history::deployed(ws);
        ws.run_ok(&["wait", "--timeout", "10"]);
        ws.run_ok(&["wait", "--timeout", "10", "--applied"]);
    }
);

on_each!(
    fn waits_for_another_to_deploy(ws) {
        history::sealed(ws);
        let waiting = ws.start(&["wait", "--timeout", "60", "--applied"]);
        ws.run_ok(&["deploy"]);
        let _ = waiting.wait().ok();
    }
);

on_each!(
    fn gives_up_in_time(ws) {
        history::sealed(ws);
        let run = ws.run(&["wait", "--timeout", "1", "--applied"]);
        assert_eq!(run.code, Some(3), "{run}");
        assert!(run.took < Duration::from_secs(6), "{run}");
        assert!(!ws.database().has_table("_xtask_db_migrations"), "it only looked");
    }
);

#[test]
fn nobody_listens() {
    let Some(mut ws) = Workspace::on(Kind::Sqlite) else { return };
    ws.write("migrations/migrations.lock", ws.empty_lock_file().replace("sqlite", "postgres"));
    ws.set("DATABASE_URL", "postgres://someone:kept-secret@127.0.0.1:1/nothing");
    let run = ws.run(&["wait", "--timeout", "1"]).refused(9, "XDB0802").silent_about("kept-secret");
    assert!(run.took < Duration::from_secs(6), "{run}");
    snapshot!("nobody", run);
}
