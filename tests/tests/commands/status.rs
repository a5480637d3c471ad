//! `status`: where the database stands; it writes nothing and hides nothing.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, COURSES, STATUS, USERS};

on_each!(
    fn behind_then_up_to_date(ws) {
        history::sealed(ws);
        let json = ws.run(&["status", "--json"]);
        assert_eq!(json.code, Some(3), "{json}");
        let json = json.json();
        assert_eq!(json["version"], 1);
        assert_eq!(json["provider"], ws.database().kind().provider());
        assert_eq!(json["pending"], serde_json::json!([USERS, COURSES, STATUS]));
        assert_eq!(json["up_to_date"], false);
        assert!(!ws.database().has_table("_xtask_db_migrations"), "status creates no table");
        ws.run_ok(&["deploy"]);
        let json = ws.run_ok(&["status", "--json"]).json();
        assert_eq!(json["up_to_date"], true);
        let applied = json["applied"].as_array().expect("a list");
        let ids: Vec<_> = applied.iter().map(|one| one["id"].as_str().unwrap_or("?")).collect();
        assert_eq!(ids, [USERS, COURSES, STATUS]);
        assert_eq!(applied[0]["checksum"].as_str().map(str::len), Some(64));
        assert!(applied[0]["applied_at"].is_string() && applied[0]["duration_ms"].is_u64());
        for list in ["pending", "running", "failed", "edited", "missing", "ahead", "drafts"] {
            assert_eq!(json[list], serde_json::json!([]), "{list}");
        }
    }
);

on_each!(
    fn an_edited_migration_is_a_conflict(ws) {
        history::deployed(ws);
        ws.migration(USERS, "CREATE TABLE users (id INTEGER PRIMARY KEY);\n");
        let run = ws.run(&["status", "--json"]);
        assert_eq!(run.code, Some(4), "{run}");
        ws.run(&["status"]).refused(4, "XDB0302").says(USERS);
    }
);

on_each!(
    fn a_rolled_back_row_is_pending_again(ws) {
        history::deployed(ws);
        ws.database().execute(&format!(
            "UPDATE _xtask_db_migrations SET rolled_back_at = started_at \
             WHERE migration_name = '{STATUS}'"
        ));
        let run = ws.run(&["status", "--json"]);
        assert_eq!(run.code, Some(3), "{run}");
        let json = run.json();
        assert_eq!(json["pending"], serde_json::json!([STATUS]));
        assert_eq!(json["rolled_back"], serde_json::json!([STATUS]));
    }
);

on_each!(
    fn an_unfinished_row_is_failed(ws) {
        history::deployed(ws);
        ws.database().execute(&format!(
            "UPDATE _xtask_db_migrations SET finished_at = NULL WHERE migration_name = '{STATUS}'"
        ));
        let run = ws.run(&["status", "--json"]);
        assert_eq!(run.code, Some(4), "{run}");
        assert_eq!(run.json()["failed"][0]["id"], STATUS);
        ws.run(&["deploy"]).refused(4, "XDB0302").says(STATUS).says("resolve");
    }
);

on_each!(
    fn several_things_are_all_said(ws) {
        history::deployed(ws);
        ws.migration(COURSES, "-- another file\nCREATE TABLE x (id INTEGER PRIMARY KEY);\n");
        ws.migration("20260104000000_draft", "CREATE TABLE draft (id INTEGER PRIMARY KEY);\n");
        ws.run(&["status"]).refused(4, "XDB0302").says(COURSES).says("20260104000000_draft");
    }
);

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    snapshot!("empty", ws.run(&["status"]));
    history::sealed(&ws);
    snapshot!("pending", ws.run(&["status"]));
    ws.run_ok(&["deploy"]);
    snapshot!("up_to_date", ws.run(&["status"]));
    ws.migration(USERS, "CREATE TABLE users (id INTEGER PRIMARY KEY);\n");
    snapshot!("edited", ws.run(&["status"]));
}
