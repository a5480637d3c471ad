//! `migrate` on a database where another branch has been: one command, and no other row is touched.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, COURSES, STATUS, USERS};

pub(crate) const RED: &str = "20260104000000_red";
pub(crate) const BLUE: &str = "20260105000000_blue";
const CANARIES: &str = "SELECT id, owner, status FROM courses ORDER BY id";

/// A repository with three migrations on `main`, applied, and rows that nobody may touch.
pub(crate) fn repository(ws: &Workspace) {
    history::developed(ws);
    ws.git_init();
    ws.database().execute("INSERT INTO users (id, name) VALUES (1, 'yellow')");
    for id in 1..=3 {
        let sql = format!("INSERT INTO courses (id, owner, status) VALUES ({id}, 1, 'kept {id}')");
        ws.database().execute(&sql);
    }
}

/// A branch off `main` with one migration, committed and sealed, not applied.
pub(crate) fn branch(ws: &Workspace, name: &str, id: &str, down: bool) {
    ws.git(&["switch", "--quiet", "--create", name, "main"]);
    let table = name;
    ws.migration(
        id,
        &format!(
            "CREATE TABLE {table} (id INTEGER PRIMARY KEY);\n\
             ALTER TABLE courses ADD COLUMN {table}_at INTEGER;\n"
        ),
    );
    if down {
        ws.write(
            &format!("migrations/{id}/down.sql"),
            format!("ALTER TABLE courses DROP COLUMN {table}_at;\nDROP TABLE {table};\n"),
        );
    }
    ws.run_ok(&["lock"]);
    ws.git_commit(name);
}

pub(crate) fn switch(ws: &Workspace, name: &str) {
    ws.git(&["switch", "--quiet", name]);
}

fn is_clean(ws: &Workspace) -> bool {
    ws.git(&["status", "--porcelain"]).is_empty()
}

pub(crate) fn canaries(ws: &Workspace) -> Vec<String> {
    let rows = ws.database().rows(CANARIES).into_iter();
    rows.map(|row| row.into_iter().flatten().collect::<Vec<_>>().join(" ")).collect()
}

on_each!(
    fn switching_costs_one_command_and_no_other_row(ws) {
        repository(ws);
        let before = canaries(ws);
        branch(ws, "red", RED, true);
        branch(ws, "blue", BLUE, true);
        switch(ws, "red");
        ws.run_ok(&["migrate"]);
        // there and back, both ways round: one is older than the other
        for (to, id, table, other) in
            [("blue", BLUE, "blue", "red"), ("red", RED, "red", "blue")].repeat(2)
        {
            switch(ws, to);
            ws.run_ok(&["migrate", "--on-missing", "revert"]).says("reverted");
            assert_eq!(history::applied(ws), [USERS, COURSES, STATUS, id]);
            assert!(ws.database().has_table(table) && !ws.database().has_table(other));
            assert_eq!(canaries(ws), before);
            assert!(is_clean(ws), "what is committed is as it was");
            ws.run_ok(&["status"]);
            ws.run_ok(&["migrate"]);
        }
        // and to the branch that has neither
        switch(ws, "main");
        ws.run_ok(&["migrate"]).says("--on-missing revert");
        ws.run_ok(&["migrate", "--on-missing", "revert"]);
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS]);
        assert_eq!(canaries(ws), before);
        assert_eq!(ws.database().value("SELECT name FROM users"), "yellow");
    }
);

on_each!(
    fn without_an_answer_nothing_is_done(ws) {
        repository(ws);
        branch(ws, "red", RED, true);
        branch(ws, "blue", BLUE, true);
        for (one, other, applied) in [("red", "blue", RED), ("blue", "red", BLUE)] {
            switch(ws, one);
            ws.run_ok(&["migrate", "--on-missing", "revert"]);
            switch(ws, other);
            let refused = ws.run(&["migrate"]).refused(4, "XDB0310").says(applied);
            for word in ["--on-missing revert", "--on-missing fetch", "--on-missing keep", one] {
                assert!(refused.stderr.contains(word), "{word}\n{refused}");
            }
            let told = ws.run(&["--json", "migrate"]).json()["error"]["data"]["missing"][0].clone();
            assert_eq!(told["id"], applied);
            assert_eq!((&told["kept_down"], &told["ref"]), (&true.into(), &one.into()));
            assert_eq!(history::applied(ws), [USERS, COURSES, STATUS, applied]);
        }
    }
);

on_each!(
    fn keep_goes_on_and_writes_nothing_down(ws) {
        repository(ws);
        branch(ws, "red", RED, true);
        ws.run_ok(&["migrate"]);
        branch(ws, "blue", BLUE, true);
        ws.run_ok(&["migrate", "--on-missing", "keep"]).says(RED);
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS, RED, BLUE]);
        assert!(!ws.lock_file().contains(RED) && is_clean(ws));
        ws.run(&["migrate"]).refused(4, "XDB0310").says(RED);
    }
);

on_each!(
    fn fetch_writes_the_folder_and_its_line(ws) {
        repository(ws);
        branch(ws, "red", RED, false);
        ws.run_ok(&["migrate"]);
        let line = ws.lock_file().lines().find(|line| line.ends_with(RED)).map(str::to_owned);
        let text = ws.read(&format!("migrations/{RED}/migration.sql"));
        branch(ws, "blue", BLUE, true);
        // There is no way back, and nothing is half done.
        ws.run(&["migrate", "--on-missing", "revert"]).refused(4, "XDB0310").says("cannot");
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS, RED]);
        ws.run_ok(&["migrate", "--on-missing", "fetch"]).says(RED);
        assert_eq!(ws.read(&format!("migrations/{RED}/migration.sql")), text);
        assert_eq!(ws.lock_file().lines().find(|line| line.ends_with(RED)), line.as_deref());
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS, RED, BLUE]);
        ws.run_ok(&["check"]);
        ws.run_ok(&["status"]);
    }
);

#[test]
fn what_git_does_not_have_is_not_fetched() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    repository(&ws);
    ws.reversible(RED, "CREATE TABLE gone (id INTEGER PRIMARY KEY);\n", "DROP TABLE gone;\n");
    ws.run_ok(&["migrate"]);
    ws.git(&["checkout", "--quiet", "--", "."]);
    ws.remove(&format!("migrations/{RED}"));
    let _ = ws.run(&["migrate", "--on-missing", "fetch"]).refused(4, "XDB0310").says("no commit");
    assert_eq!(history::applied(&ws).len(), 4);
    ws.run_ok(&["migrate", "--on-missing", "revert"]);
    assert!(!ws.database().has_table("gone"));
}

on_each!(
    fn a_broken_draft_is_found_before_anything_is_reverted(ws) {
        repository(ws);
        branch(ws, "red", RED, true);
        ws.run_ok(&["migrate"]);
        switch(ws, "main");
        ws.migration(BLUE, "ALTER TABLE nowhere ADD COLUMN a INTEGER;\n");
        ws.run(&["migrate", "--on-missing", "revert"]).refused(6, "XDB0501").says("shadow");
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS, RED]);
        assert!(ws.database().has_table("red"));
    }
);

/// Own `BLUE` is applied; `RED`, which is older, was merged by a colleague and pulled.
pub(crate) fn pulled(ws: &Workspace, down: bool) {
    repository(ws);
    branch(ws, "blue", BLUE, down);
    ws.run_ok(&["migrate"]);
    branch(ws, "red", RED, true);
    switch(ws, "main");
    ws.git(&["merge", "--quiet", "red"]);
    switch(ws, "blue");
    let merge = ws.command("git").args(["merge", "--quiet", "main"]).output().expect("git");
    assert!(!merge.status.success(), "both appended to the lock file");
    ws.run_ok(&["lock", "--merge"]);
    ws.git_commit("merged");
    ws.database().execute("INSERT INTO blue (id) VALUES (7)");
}

on_each!(
    fn an_older_one_of_a_colleague_stops_and_is_applied(ws) {
        pulled(ws, true);
        let before = canaries(ws);
        let refused = ws.run(&["migrate"]).refused(4, "XDB0311").says(RED).says(BLUE);
        assert!(refused.stderr.contains("--on-out-of-order apply"), "{refused}");
        assert!(refused.stderr.contains("--on-out-of-order rebase"), "{refused}");
        ws.run(&["migrate", "--on-out-of-order", "stop"]).refused(4, "XDB0311");
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS, BLUE]);
        ws.run_ok(&["migrate", "--on-out-of-order", "apply"]);
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS, BLUE, RED]);
        assert_eq!(canaries(ws), before);
        ws.run_ok(&["status"]);
        assert!(is_clean(ws));
    }
);

on_each!(
    fn an_older_one_of_a_colleague_goes_before_your_own(ws) {
        pulled(ws, true);
        let before = canaries(ws);
        ws.run_ok(&["migrate", "--on-out-of-order", "rebase"]).says("reverted");
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS, RED, BLUE]);
        assert_eq!(canaries(ws), before);
        ws.run_ok(&["status"]);
        assert!(is_clean(ws), "the ids are in order already");
    }
);

on_each!(
    fn what_cannot_be_reverted_is_not_put_after_it(ws) {
        pulled(ws, false);
        ws.run(&["migrate", "--on-out-of-order", "rebase"]).refused(4, "XDB0214").says(BLUE);
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS, BLUE]);
        ws.run_ok(&["migrate", "--out-of-order"]);
    }
);

#[test]
fn what_others_have_is_never_moved() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    pulled(&ws, true);
    switch(&ws, "main");
    ws.git(&["merge", "--quiet", "blue"]);
    let run = ws.run(&["migrate", "--on-out-of-order", "rebase"]).refused(4, "XDB0311");
    let _ = run.says("not yours to move");
    assert_eq!(history::applied(&ws), [USERS, COURSES, STATUS, BLUE]);
}

on_each!(
    fn an_own_draft_that_is_late_gets_a_new_id(ws) {
        repository(ws);
        branch(ws, "blue", BLUE, true);
        switch(ws, "main");
        ws.git(&["merge", "--quiet", "blue"]);
        ws.run_ok(&["migrate"]);
        ws.git(&["switch", "--quiet", "--create", "feature"]);
        ws.reversible(RED, "CREATE TABLE own (id INTEGER PRIMARY KEY);\n", "DROP TABLE own;\n");
        ws.run(&["migrate"]).refused(4, "XDB0311").says("your own").says("new id");
        ws.run_ok(&["migrate", "--on-out-of-order", "rebase"]).says("moved");
        let ids = ws.ids();
        assert!(!ids.contains(&RED.to_owned()) && ids[4].ends_with("_red"), "{ids:?}");
        assert_eq!(history::applied(ws), ids);
        ws.run_ok(&["check", "--against", "main"]);
        ws.run_ok(&["status"]);
    }
);

on_each!(
    fn a_renamed_one_is_told_with_the_next_command(ws) {
        repository(ws);
        branch(ws, "red", RED, true);
        ws.run_ok(&["migrate"]);
        let new = "20260104000000_better_name";
        ws.git(&["mv", &format!("migrations/{RED}"), &format!("migrations/{new}")]);
        ws.write("migrations/migrations.lock", ws.lock_file().replace(RED, new));
        let command = format!("resolve --renamed {RED}={new}");
        let run = ws.run(&["migrate"]).refused(4, "XDB0302").says(&command);
        let _ = run.says(&format!("{new}: it has the text of {RED}"));
        let words: Vec<&str> = command.split(' ').collect();
        ws.run_ok(&words);
        ws.run_ok(&["migrate"]).says("up to date");
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS, new]);
        // The kept down text went with it.
        switch_without(ws, new);
        ws.run_ok(&["migrate", "--on-missing", "revert"]);
        assert!(!ws.database().has_table("red"));
    }
);

/// Leaves the branch with what was not committed on it.
fn switch_without(ws: &Workspace, id: &str) {
    ws.git(&["switch", "--quiet", "--force", "main"]);
    assert!(!ws.has(&format!("migrations/{id}/migration.sql")));
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    repository(&ws);
    branch(&ws, "red", RED, true);
    ws.run_ok(&["migrate"]);
    branch(&ws, "blue", BLUE, false);
    snapshot!("missing", ws.run(&["migrate"]));
    snapshot!("reverted", ws.run(&["migrate", "--on-missing", "revert"]));
    switch(&ws, "red");
    snapshot!("cannot_revert", ws.run(&["migrate", "--on-missing", "revert"]));
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    pulled(&ws, true);
    snapshot!("out_of_order", ws.run(&["migrate"]));
    snapshot!("rebased", ws.run(&["migrate", "--on-out-of-order", "rebase"]));
}
