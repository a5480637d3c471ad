//! `down`: runs `down.sql`, newest first.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::env::database_name;
use crate::history::{self, COURSES, STATUS, USERS};

on_each!(
    fn reverts_the_newest(ws) {
        history::developed(ws);
        let lock = ws.lock_file();
        ws.run_ok(&["down"]).says(STATUS);
        assert_eq!(history::applied(ws), [USERS, COURSES]);
        ws.run_ok(&["down", "--steps", "2"]);
        assert!(!ws.database().has_table("users"));
        assert_eq!(ws.lock_file(), lock, "down never touches the lock file");
        ws.run_ok(&["deploy"]);
        assert_eq!(history::applied(ws).len(), 3);
    }
);

on_each!(
    fn to_keeps_what_is_named(ws) {
        history::developed(ws);
        ws.run_ok(&["down", "--to", USERS]);
        assert_eq!(history::applied(ws), [USERS]);
        ws.run(&["down", "--to", "20990101000000_nothing"]).refused(4, "XDB0309");
        assert_eq!(history::applied(ws), [USERS]);
    }
);

on_each!(
    fn without_down_sql_nothing_happens(ws) {
        history::drafts(ws);
        ws.remove(&format!("migrations/{COURSES}/down.sql"));
        ws.run_ok(&["migrate"]);
        ws.run(&["down", "--steps", "2"]).refused(4, "XDB0214").says(COURSES).says("down.sql");
        assert_eq!(history::applied(ws).len(), 3, "found before anything was reverted");
    }
);

on_each!(
    fn elsewhere_it_needs_two_words(ws) {
        history::deployed(ws);
        let name = database_name(ws);
        ws.run(&["down"]).refused(5, "XDB0405");
        // The name alone is not enough: the environment must be named too.
        ws.run(&["down", "--yes-revert", &name]).refused(5, "XDB0405");
        assert_eq!(history::applied(ws).len(), 3);
    }
);

on_each!(
    fn a_failing_down_leaves_it_applied(ws) {
        history::drafts(ws);
        ws.write(&format!("migrations/{STATUS}/down.sql"), "ALTER TABLE nothing DROP COLUMN a;\n");
        ws.run_ok(&["migrate"]);
        ws.run(&["down"]).refused(6, "XDB0501").says("down.sql");
        ws.run(&["down"]).refused(6, "XDB0501");
    }
);

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::developed(&ws);
    snapshot!("one", ws.run(&["down"]));
    snapshot!("unknown", ws.run(&["down", "--to", "20990101000000_nothing"]));
}
