//! `env`: the marker in the database.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history;

on_each!(
    fn shows_what_deploy_stamped(ws) {
        history::deployed(ws);
        ws.run_ok(&["env"]).says("deployed");
    }
);

on_each!(
    fn a_change_needs_the_name_of_the_database(ws) {
        history::deployed(ws);
        ws.run(&["reset", "--force"]).refused(5, "XDB0402");
        // Not a terminal: the answer must come as a flag, which the refusal names.
        let asked = ws.run(&["env", "--set", "development"]).refused(5, "XDB0403");
        asked.says("--yes");
        ws.run_ok(&["env"]).says("deployed");
        let wrong = ws.run(&["env", "--set", "development", "--yes", "another"]);
        assert_eq!(wrong.code, Some(5), "{wrong}");
        let name = database_name(ws);
        ws.run_ok(&["env", "--set", "development", "--yes", &name]);
        ws.run_ok(&["env"]).says("development");
        ws.run_ok(&["reset", "--force"]);
    }
);

/// What a person types: the database, for a file its name.
pub(crate) fn database_name(ws: &Workspace) -> String {
    match ws.database().kind() {
        Kind::Sqlite => format!("{}.db", ws.database().name()),
        _ => ws.database().name().to_owned(),
    }
}

on_each!(
    fn an_unmarked_database_is_said_to_be_one(ws) {
        let run = ws.run_ok(&["env"]);
        assert!(!run.stdout.contains("is marked"), "{run}");
        assert!(!ws.database().has_table("_xtask_db_meta"), "env creates no table");
    }
);

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    snapshot!("shown", ws.run(&["env"]));
    snapshot!("asks", ws.run(&["env", "--set", "development"]));
}
