//! Faults that no command has for its own: each with its code and its exit status.

use xtask_db_tests::on_each;
use xtask_db_tests::support::{Fault, Kind, Proxy, Workspace, mysql_error};

use crate::history::{self, USERS};
use crate::interruption::wait_for_statement;

fn refuses_manifest(metadata: &str, code: &str, word: &str) {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    history::manifest(&ws, metadata);
    for command in ["deploy", "status", "check", "config"] {
        let _ = ws.run(&[command]).refused(2, code).says(word);
    }
}

#[test]
fn a_value_of_the_wrong_kind() {
    refuses_manifest("[workspace.metadata.db]\nmigrations = 3\n", "XDB0111", "migrations");
}

#[test]
fn a_manifest_that_is_no_toml() {
    refuses_manifest("[workspace.metadata.db\n", "XDB0112", "Cargo.toml");
}

#[test]
fn a_configuration_file_that_is_not_there() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    let _ = ws.run(&["--config", "nowhere.toml", "config"]).refused(2, "XDB0113").says("nowhere");
}

#[test]
fn several_packages_with_a_database() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    ws.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"shop\", \"audit\"]\n");
    for name in ["shop", "audit"] {
        ws.write(
            &format!("{name}/Cargo.toml"),
            format!(
                "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                 [package.metadata.db]\nurl = \"sqlite:{name}.db\"\n"
            ),
        );
        ws.write(&format!("{name}/src/lib.rs"), "");
        ws.write(&format!("{name}/migrations/migrations.lock"), ws.empty_lock_file());
    }
    let _ = ws.run(&["config"]).refused(2, "XDB0114").says("shop").says("audit");
    let _ = ws.run(&["--package", "shoop", "config"]).refused(2, "XDB0114").says("shop");
    let _ =
        ws.run_with(&[("DATABASE_URL", "")], &["--package", "shop", "config"]).ok().says("shop.db");
}

on_each!(
    [Postgres]
    fn search_paths(ws) {
        history::sealed(ws);
        history::manifest(ws, "[workspace.metadata.db]\nsearch-path = \"nowhere\"\n");
        ws.run(&["deploy"]).refused(2, "XDB0121").says("nowhere");
        ws.database().execute("CREATE SCHEMA nowhere");
        ws.run_ok(&["deploy"]);
        assert_eq!(ws.database().value("SELECT to_regclass('nowhere.users') IS NOT NULL"), "t");
        history::manifest(ws, "[workspace.metadata.db]\nsearch-path = \"nowhere, public\"\n");
        ws.run(&["deploy"]).refused(2, "XDB0122").says("public");
    }
);

on_each!(
    [Postgres, MariaDb]
    fn a_shadow_that_is_the_database_itself(ws) {
        history::drafts(ws);
        let url = ws.database().url();
        let spelled = [url.to_owned(), url.replace("127.0.0.1", "localhost"), format!("{url}?")];
        ws.run_ok(&["migrate"]);
        ws.database().execute("INSERT INTO users (id, name) VALUES (1, 'kept')");
        ws.migration("20260104000000_next", "CREATE TABLE next (id INTEGER PRIMARY KEY);\n");
        for url in spelled {
            history::manifest(ws, &format!("[workspace.metadata.db]\nshadow-url = {url:?}\n"));
            let run = ws.run(&["migrate"]);
            // MariaDB's user of these tests has rights at 127.0.0.1 alone.
            let unreachable = run.code == Some(9) && url.contains("localhost");
            assert!(unreachable || run.stderr.contains("XDB0123"), "{run}");
            assert_eq!(ws.database().value("SELECT name FROM users"), "kept");
        }
    }
);

on_each!(
    fn a_ledger_of_a_later_format(ws) {
        history::deployed(ws);
        let key = if ws.database().kind() == Kind::MariaDb { "`key`" } else { "\"key\"" };
        let sql = format!("UPDATE _xtask_db_meta SET value = '2' WHERE {key} = 'format'");
        ws.database().execute(&sql);
        for command in ["deploy", "status"] {
            ws.run(&[command]).refused(4, "XDB0306");
        }
    }
);

on_each!(
    fn a_policy_that_requires_a_backup(ws) {
        history::deployed(ws);
        let key = if ws.database().kind() == Kind::MariaDb { "`key`" } else { "\"key\"" };
        ws.database().execute(&format!(
            "INSERT INTO _xtask_db_meta ({key}, value, updated_at) \
             VALUES ('policy', 'backup=required', CURRENT_TIMESTAMP)"
        ));
        ws.migration("20260104000000_next", "CREATE TABLE next (id INTEGER PRIMARY KEY);\n");
        ws.run_ok(&["lock"]);
        ws.run(&["deploy"]).refused(5, "XDB0408");
        assert!(!ws.database().has_table("next"));
    }
);

on_each!(
    [MariaDb]
    fn a_resumed_migration_must_begin_as_it_did(ws) {
        let id = "20260101000000_steps";
        let rest = "ALTER TABLE two ADD a INTEGER;\n";
        ws.migration(id, &format!("CREATE TABLE one (id INTEGER PRIMARY KEY);\n{rest}"));
        ws.run_ok(&["lock"]);
        ws.run(&["deploy"]).refused(6, "XDB0501");
        ws.migration(id, &format!("CREATE TABLE uno (id INTEGER PRIMARY KEY);\n{rest}"));
        ws.write("migrations/migrations.lock", ws.empty_lock_file());
        ws.run_ok(&["lock"]);
        ws.database().execute("CREATE TABLE two (id INTEGER PRIMARY KEY)");
        ws.run(&["deploy", "--retry"]).refused(4, "XDB0307").says(id);
        assert!(!ws.database().has_table("uno"));
    }
);

#[test]
fn a_rebuild_that_loses_rows() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    ws.database().execute("INSERT INTO users (id, name) VALUES (1, 'a'), (2, 'b')");
    ws.migration(
        "20260104000000_rebuild",
        "CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n\
         INSERT INTO users_new SELECT id, name FROM users WHERE id = 1;\n\
         DROP TABLE users;\nALTER TABLE users_new RENAME TO users;\n",
    );
    ws.run_ok(&["lock"]);
    let _ = ws.run(&["deploy"]).refused(5, "XDB0406").says("users");
    assert_eq!(ws.database().value("SELECT COUNT(*) FROM users"), "2");
}

on_each!(
    [Postgres]
    fn a_lock_that_was_taken_over_fences_the_write(ws) {
        ws.migration("20260101000000_slow", "SELECT pg_sleep(3);\n");
        ws.run_ok(&["lock"]);
        let running = ws.start(&["deploy"]);
        wait_for_statement(ws, "sleep(3)");
        ws.database().execute("UPDATE _xtask_db_lock SET fence = fence + 1");
        running.wait().refused(7, "XDB0602");
        let done = "SELECT COUNT(*) FROM _xtask_db_migrations WHERE finished_at IS NOT NULL";
        let rows = ws.database().value(done);
        assert_eq!(rows, "0", "nothing was written behind the new owner's back");
    }
);

on_each!(
    [Postgres]
    fn a_session_that_was_cut_off(ws) {
        history::sealed(ws);
        ws.migration("20260104000000_slow", "SELECT pg_sleep(30);\n");
        ws.run_ok(&["lock"]);
        let running = ws.start(&["deploy"]);
        wait_for_statement(ws, "sleep(30)");
        let _ = ws.database().rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        let run = running.wait();
        assert!(run.took.as_secs() < 20, "{run}");
        run.refused(9, "XDB0803").says("57P01").says("was cut off at statement 1 of 1");
        assert_eq!(history::applied(ws).len(), 3);
        assert_eq!(ws.run(&["status"]).code, Some(3));
    }
);

on_each!(
    [MariaDb]
    fn a_node_that_left_its_cluster_is_not_the_migration_s_fault(ws) {
        history::sealed(ws);
        ws.migration("20260104000000_rows", "INSERT INTO users (id, name) VALUES (9, 'i');\n");
        ws.run_ok(&["lock"]);
        for number in [1047, 1180] {
            let fault = Fault::Answer { to: "VALUES (9, 'i')", with: mysql_error(number) };
            let proxy = Proxy::before(ws.database().url(), fault);
            let url = proxy.url(ws.database().url());
            let run = ws.run_with(&[("DATABASE_URL", url.as_str())], &["deploy"]);
            let _ = run.refused(9, "XDB0803").says("wsrep_ready").says("was cut off");
        }
        // It is tried again without being told to.
        ws.run_ok(&["deploy"]);
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM users WHERE id = 9"), "1");
    }
);

#[test]
fn a_file_that_cannot_be_read() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    ws.migration(USERS, "CREATE TABLE users (id INTEGER PRIMARY KEY);\n");
    ws.remove("migrations/migrations.lock");
    ws.write("migrations/migrations.lock/in-the-way", "");
    for command in ["deploy", "status", "check", "lock"] {
        let run = ws.run(&[command]);
        assert!(matches!(run.code, Some(1 | 4)), "{run}");
        assert!(run.stderr.contains("XDB0901") || run.stderr.contains("XDB0208"), "{run}");
    }
}
