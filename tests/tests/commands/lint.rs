//! `lint`: which migrations are looked at, what is said in each format, what is mended.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, STATUS, USERS};

const DRAFT: &str = "20260104000000_drop_users_name";
const DROP: &str = "ALTER TABLE users DROP COLUMN name;\n";

/// A workspace whose database cannot be reached: `lint` must not need one.
fn offline() -> Option<Workspace> {
    let mut ws = Workspace::on(Kind::Sqlite)?;
    ws.set("DATABASE_URL", "sqlite:/nowhere/at/all.db");
    history::sealed(&ws);
    Some(ws)
}

/// The same for PostgreSQL, whose rules need no server either.
fn postgres() -> Option<Workspace> {
    let mut ws = Workspace::on(Kind::Sqlite)?;
    ws.set("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
    let lock = ws.empty_lock_file().replace("provider sqlite", "provider postgresql");
    ws.write("migrations/migrations.lock", lock);
    Some(ws)
}

#[test]
fn a_draft_is_looked_at() {
    let Some(ws) = offline() else { return };
    snapshot!("nothing", ws.run(&["lint"]).ok());
    ws.migration(DRAFT, DROP);
    snapshot!("error", ws.run(&["lint"]).refused(5, "XDB0409").says("L02").says("next"));
}

#[test]
fn json_is_one_object() {
    let Some(ws) = offline() else { return };
    ws.migration(DRAFT, DROP);
    for words in [&["lint", "--json"][..], &["lint", "--format", "json"]] {
        let json = ws.run(words).refused(5, "XDB0409").json();
        assert_eq!(json["version"], 1);
        let finding = &json["files"][0]["findings"][0];
        assert_eq!(finding["rule"], "L02");
        assert_eq!((&finding["line"], &finding["column"]), (&1.into(), &19.into()));
        assert_eq!(json["summary"]["errors"], 1);
        assert_eq!(json["window"]["needed"], false);
    }
}

#[test]
fn code_scanning_and_annotations() {
    let Some(mut ws) = offline() else { return };
    let allowed =
        format!("-- xtask-db: allow L02 reason=\"no one reads it\"\n{DROP}DELETE FROM users;\n");
    ws.migration(DRAFT, &allowed);
    let run = ws.run(&["lint", "--format", "sarif"]).refused(5, "XDB0409");
    let sarif = run.json();
    assert_eq!(sarif["version"], "2.1.0");
    let results = &sarif["runs"][0]["results"];
    assert_eq!(results[0]["ruleId"], "L28");
    assert_eq!(results[1]["suppressions"][0]["justification"], "no one reads it");
    let path = &results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(path, &format!("migrations/{DRAFT}/migration.sql"));
    let annotations = ws.run(&["lint", "--format", "github"]).refused(5, "XDB0409");
    let line = format!("::error file=migrations/{DRAFT}/migration.sql,line=3,col=1,title=L28");
    assert!(annotations.stdout.contains(&line), "{}", annotations.stdout);
    ws.set("GITHUB_ACTIONS", "true");
    let text = ws.run(&["lint"]).refused(5, "XDB0409");
    assert!(text.stderr.contains(&line), "{}", text.stderr);
}

#[test]
fn an_allow_says_why_and_is_told_when_it_is_idle() {
    let Some(ws) = offline() else { return };
    let allowed = format!("-- xtask-db: allow L02 reason=\"no one reads it\"\n{DROP}");
    ws.migration(DRAFT, &allowed);
    snapshot!("allowed", ws.run(&["lint"]).ok());
    ws.migration(DRAFT, &format!("{allowed}-- xtask-db: allow K99 reason=\"x\"\nSELECT 1;\n"));
    let _ = ws.run(&["lint"]).ok().says("there is no rule K99");
    ws.migration(DRAFT, "-- xtask-db: allow L01 reason=\"x\"\nSELECT 1;\n");
    let _ = ws.run(&["lint"]).ok().says("silences nothing");
    ws.migration(DRAFT, &format!("-- squawk-ignore ban-drop-column\n{DROP}"));
    let _ = ws.run(&["lint"]).ok().says("1 allowed");
}

#[test]
fn what_a_revision_does_not_have() {
    let Some(ws) = offline() else { return };
    ws.git_init();
    ws.migration(DRAFT, DROP);
    ws.run_ok(&["lock"]);
    let _ = ws.run(&["lint", "--against", "HEAD"]).refused(5, "XDB0409").says("1 migration");
    ws.git_commit("next");
    let _ = ws.run(&["lint", "--against", "HEAD"]).ok().says("no migration to look at");
    let _ = ws.run(&["lint", "--against", "HEAD~1"]).refused(5, "XDB0409");
    let _ = ws.run(&["lint", "--against", "no-such"]).refused(2, "XDB0125");
    let _ = ws.run(&["lint", "--all"]).refused(5, "XDB0409").says("4 migrations");
}

#[test]
fn what_is_named() {
    let Some(ws) = offline() else { return };
    ws.migration(DRAFT, DROP);
    let _ = ws.run(&["lint", STATUS]).ok().says("1 migration (named)");
    let _ = ws.run(&["lint", "20260104"]).refused(5, "XDB0409");
    let _ = ws.run(&["lint", &format!("migrations/{DRAFT}")]).refused(5, "XDB0409");
    let _ = ws.run(&["lint", "20260"]).refused(2, "XDB0101").says(USERS);
    let _ = ws.run(&["lint", "nothing"]).refused(2, "XDB0104");
    ws.write("change.sql", "DROP TABLE users;\n");
    let _ = ws.run(&["lint", "change.sql"]).refused(5, "XDB0409").says("change.sql:1:1");
}

#[test]
fn levels_come_from_the_configuration() {
    let Some(ws) = offline() else { return };
    ws.migration(DRAFT, DROP);
    let table = "[workspace.metadata.db.lint]\n";
    history::manifest(&ws, &format!("{table}warning = [\"drop-column\"]\n"));
    let _ = ws.run(&["lint"]).ok().says("1 warning");
    history::manifest(&ws, &format!("{table}off = [\"L\"]\nerror = [\"D16\"]\n"));
    let _ = ws.run(&["lint"]).ok().says("nothing found");
    history::manifest(&ws, &format!("{table}error = [\"L99\"]\n"));
    let _ = ws.run(&["lint"]).refused(2, "XDB0111").says("L99");
    history::manifest(&ws, &format!("{table}serious = [\"L01\"]\n"));
    let _ = ws.run(&["lint"]).refused(2, "XDB0110").says("serious");
    history::manifest(&ws, &format!("{table}server = \"oracle 9\"\n"));
    let _ = ws.run(&["lint"]).refused(2, "XDB0111").says("oracle");
}

#[test]
fn postgres_says_whether_a_window_is_needed() {
    let Some(ws) = postgres() else { return };
    ws.migration(
        "20260105000000_index_users_email",
        "CREATE INDEX users_email ON users (email);\nDO $$ BEGIN END $$;\n",
    );
    let run = ws.run(&["lint"]).refused(5, "XDB0409").says("a maintenance window is needed");
    snapshot!("window", run);
}

#[test]
fn fix_mends_drafts_only() {
    let Some(ws) = postgres() else { return };
    let id = "20260105000000_index_users_email";
    let file = format!("migrations/{id}/migration.sql");
    ws.migration(id, "CREATE INDEX users_email ON users (email);\n");
    let _ = ws.run(&["lint", "--fix"]).ok().says("mended 1 finding").says("no maintenance window");
    assert_eq!(ws.read(&file), "CREATE INDEX CONCURRENTLY users_email ON users (email);\n");
    ws.migration(id, "CREATE INDEX users_email ON users (email);\n");
    ws.run_ok(&["lock"]);
    let run = ws.run(&["lint", "--all", "--fix"]).refused(5, "XDB0409").says("is sealed");
    assert!(run.stderr.contains("mended 0 findings"), "{}", run.stderr);
    assert_eq!(ws.read(&file), "CREATE INDEX users_email ON users (email);\n");
}

#[test]
fn a_text_that_cannot_be_split_is_named() {
    let Some(ws) = offline() else { return };
    ws.migration(DRAFT, "SELECT 'never closed;\n");
    let _ = ws.run(&["lint"]).refused(4, "XDB0212").says(DRAFT);
}

on_each!(
    fn rows_decide_what_is_possible(ws) {
        history::deployed(ws);
        ws.migration(
            "20260105000000_unique_users_name",
            "CREATE UNIQUE INDEX users_name ON users (name);\nDROP TABLE courses;\n",
        );
        ws.run(&["lint", "--rows"]).ok().says("no maintenance window");
        ws.database().execute("INSERT INTO users (id, name) VALUES (1, 'ada'), (2, 'ada')");
        ws.database().execute("INSERT INTO courses (id, owner) VALUES (1, 1)");
        let run = ws.run(&["lint", "--rows"]).refused(5, "XDB0409");
        assert!(run.stdout.contains("1 groups of rows are equal in users(name)"), "{}", run.stdout);
        assert!(run.stdout.contains("courses is dropped with its 1 rows"), "{}", run.stdout);
        ws.run(&["lint"]).refused(5, "XDB0409").says("possible");
    }
);

on_each!(
    fn deploy_refuses_to_lose_rows_that_are_there(ws) {
        history::deployed(ws);
        ws.database().execute("INSERT INTO users (id, name) VALUES (1, 'ada')");
        // what has no rows, and what the run itself makes, goes without a word
        ws.migration("20260105000000_drop_courses", "DROP TABLE courses;\n");
        ws.migration("20260106000000_create_tags", "CREATE TABLE tags (id INTEGER PRIMARY KEY);\n");
        ws.migration("20260107000000_drop_tags", "INSERT INTO tags VALUES (1);\nDROP TABLE \
            tags;\n");
        ws.run_ok(&["lock"]);
        ws.run_ok(&["deploy"]);
        // under whatever name
        ws.migration("20260108000000_rename_users", "ALTER TABLE users RENAME TO people;\n");
        ws.migration("20260109000000_drop_people", "DROP TABLE people;\n");
        ws.run_ok(&["lock"]);
        let run = ws.run(&["deploy"]).refused(5, "XDB0412").says("people").says("nothing was \
            applied");
        assert!(run.stderr.contains("migrations/20260109000000_drop_people/migration.sql:1:1"));
        assert_eq!(ws.database().value("SELECT count(*) FROM users"), "1");
        ws.run(&["deploy", "--to", "20260108000000_rename_users"]).ok();
        ws.run(&["deploy"]).refused(5, "XDB0412").says("people is dropped with its 1 rows");
        ws.run_ok(&["deploy", "--accept-data-loss"]);
    }
);

on_each!(
    fn an_empty_database_has_no_rows_to_lose(ws) {
        history::sealed(ws);
        ws.migration("20260108000000_rename_users", "ALTER TABLE users RENAME TO people;\n");
        ws.migration("20260109000000_drop_people", "DROP TABLE people;\n");
        ws.run_ok(&["lock"]);
        ws.run_ok(&["deploy"]);
    }
);

on_each!(
    fn deploy_lets_through_what_a_comment_allows(ws) {
        history::deployed(ws);
        ws.database().execute("INSERT INTO users (id, name) VALUES (1, 'ada')");
        let allowed = "-- xtask-db: allow drop-table reason=\"moved\"\nDROP TABLE users;\n";
        ws.migration("20260105000000_drop_users", allowed);
        ws.run_ok(&["lock"]);
        ws.run_ok(&["deploy"]);
    }
);

on_each!(
    [Postgres]
    fn what_is_mended_runs(ws) {
        history::deployed(ws);
        ws.database().execute("INSERT INTO users (id, name) VALUES (1, 'ada')");
        ws.database().execute("INSERT INTO courses (id, owner, status) VALUES (1, 1, 'new')");
        for (id, sql) in [
            ("20260105000000_a", "ALTER TABLE courses ADD FOREIGN KEY (owner) REFERENCES users \
                (id);\n"),
            ("20260106000000_b", "ALTER TABLE courses ADD CHECK (id > 0);\n"),
            ("20260107000000_c", "ALTER TABLE courses ALTER COLUMN status SET NOT NULL;\n"),
            ("20260108000000_d", "CREATE INDEX courses_status ON courses (status);\n"),
            ("20260109000000_e", "DROP INDEX courses_owner;\n"),
        ] {
            ws.migration(id, sql);
        }
        ws.run(&["lint", "--fix"]).ok().says("mended 5 findings");
        ws.run_ok(&["lock"]);
        ws.run_ok(&["deploy"]);
        let database = ws.database();
        let constraints = database.column(
            "SELECT conname || ' ' || contype::text || ' ' || convalidated FROM pg_constraint \
             WHERE conrelid = 'courses'::regclass AND contype IN ('c', 'f') ORDER BY 1",
        );
        assert_eq!(constraints, ["courses_id_check c true", "courses_owner_fkey f true"]);
        let required = "SELECT attnotnull FROM pg_attribute WHERE attrelid = 'courses'::regclass \
                        AND attname = 'status'";
        assert_eq!(database.value(required), "t");
        assert_eq!(database.value("SELECT to_regclass('courses_owner') IS NULL"), "t");
        assert_eq!(database.value("SELECT to_regclass('courses_status') IS NULL"), "f");
    }
);
