//! Bad input: a code, the place and the next command, and nothing written.

use std::os::unix::fs::symlink;

use xtask_db_tests::support::{Kind, Oracle, Run, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, USERS};

/// A folder is refused by every command that reads it, before any connection.
#[track_caller]
fn folder(prepare: impl Fn(&Workspace), code: &str, words: &[&str]) {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    prepare(&ws);
    let lock = ws.lock_file();
    for command in ["deploy", "status", "check", "lock", "migrate"] {
        let mut run = ws.run(&[command]).refused(4, code);
        for word in words {
            run = run.says(word);
        }
    }
    assert_eq!(ws.lock_file(), lock, "nothing was written");
    let file = ws.database().url().trim_start_matches("sqlite:");
    assert_eq!(std::fs::read(file).expect("the file"), b"", "nothing was written there either");
}

#[test]
fn a_folder_without_migration_sql() {
    folder(
        |ws| ws.write("migrations/20260104000000_empty/down.sql", "SELECT 1;"),
        "XDB0208",
        &["20260104000000_empty", "migration.sql"],
    );
}

#[test]
fn a_file_of_another_tool() {
    folder(|ws| ws.write("migrations/0001_first.sql", "SELECT 1;"), "XDB0208", &["0001_first.sql"]);
}

#[test]
fn text_that_is_not_utf_8() {
    folder(
        |ws| ws.write("migrations/20260104000000_bad/migration.sql", b"SELECT '\xff';".as_slice()),
        "XDB0208",
        &["20260104000000_bad", "8"],
    );
}

#[test]
fn text_with_a_nul() {
    folder(
        |ws| ws.write("migrations/20260104000000_bad/migration.sql", b"SELECT 1;\0".as_slice()),
        "XDB0208",
        &["20260104000000_bad", "NUL"],
    );
}

#[test]
fn text_in_utf_16() {
    folder(
        |ws| ws.write("migrations/20260104000000_bad/migration.sql", b"\xff\xfeS\0E\0".as_slice()),
        "XDB0208",
        &["20260104000000_bad", "UTF-16"],
    );
}

#[test]
fn a_symlink_that_leaves_the_folder() {
    folder(
        |ws| {
            ws.write("elsewhere/migration.sql", "SELECT 1;");
            let link = ws.root().join("migrations/20260104000000_link");
            symlink(ws.root().join("elsewhere"), link).expect("a symlink");
        },
        "XDB0208",
        &["20260104000000_link"],
    );
}

#[test]
fn a_fifo_does_not_hang() {
    folder(
        |ws| {
            ws.write("migrations/20260104000000_fifo/README.md", "");
            let path = "migrations/20260104000000_fifo/migration.sql";
            let made = ws.command("mkfifo").arg(path).status().expect("mkfifo");
            assert!(made.success());
        },
        "XDB0208",
        &["20260104000000_fifo"],
    );
}

#[test]
fn names_that_are_equal_but_for_case() {
    folder(
        |ws| ws.migration("20260101000000_Users", "SELECT 1;\n"),
        "XDB0208",
        &["20260101000000_Users", USERS],
    );
}

#[test]
fn a_name_with_a_control_character() {
    folder(
        |ws| ws.migration("20260104000000_a\nb", "SELECT 1;\n"),
        "XDB0208",
        &["20260104000000_a"],
    );
}

#[test]
fn a_lock_file_with_conflict_markers() {
    let edit = |ws: &Workspace| {
        let lock = ws.lock_file();
        ws.write("migrations/migrations.lock", format!("{lock}<<<<<<< HEAD\n=======\n>>>>>>> x\n"));
    };
    folder(edit, "XDB0205", &["lock --merge"]);
}

#[test]
fn a_lock_file_of_a_later_version() {
    let edit = |ws: &Workspace| {
        let lock = ws.lock_file().replace("version 1", "version 2");
        ws.write("migrations/migrations.lock", lock);
    };
    folder(edit, "XDB0206", &["version"]);
}

#[test]
fn a_lock_file_with_an_unknown_word() {
    let edit = |ws: &Workspace| {
        let lock = ws.lock_file();
        ws.write("migrations/migrations.lock", format!("{lock}frozen 20260104000000_x\n"));
    };
    folder(edit, "XDB0206", &["frozen"]);
}

#[test]
fn urls_that_are_none() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    for url in ["", "nonsense", "oracle://u:hidden-word@h/d", "postgres://u:hidden-word@h:port/d"] {
        let run = ws.run_with(&[("DATABASE_URL", "")], &["--url", url, "status"]);
        assert_eq!(run.code, Some(2), "{run}");
        let _ = run.refused(2, "XDB0117").silent_about("hidden-word");
    }
    // A server that is not the lock file's.
    let url = "postgres://u:hidden-word@127.0.0.1:1/d";
    let _ = ws
        .run(&["--url", url, "deploy"])
        .refused(2, "XDB0119")
        .says("sqlite")
        .silent_about("hidden-word");
}

fn for_postgres(ws: &Workspace) {
    history::sealed(ws);
    ws.write("migrations/migrations.lock", ws.lock_file().replace("sqlite", "postgres"));
}

#[test]
fn a_server_that_nobody_runs() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    for_postgres(&ws);
    let url = "postgres://someone:hidden-word@127.0.0.1:1/nothing";
    for command in ["deploy", "status", "migrate", "down", "env"] {
        let run = ws.run(&["--url", url, command]).refused(9, "XDB0801").says("127.0.0.1");
        let _ = run.silent_about("hidden-word");
    }
    snapshot!("unreachable", ws.run(&["--url", url, "status"]));
}

on_each!(
    [Postgres, MariaDb]
    fn a_wrong_password_is_never_printed(ws) {
        history::sealed(ws);
        let password = ws.database().password().expect("a server has one").to_owned();
        let url = ws.database().url().replace(&password, "wr0ng%2Dhidden");
        for command in ["deploy", "status"] {
            let run = ws.run(&["--url", &url, command]).refused(9, "XDB0801");
            run.silent_about("wr0ng%2Dhidden").silent_about("wr0ng-hidden");
        }
    }
);

on_each!(
    fn a_database_that_is_not_there(ws) {
        history::sealed(ws);
        ws.database().remove();
        for command in ["deploy", "status"] {
            ws.run(&[command]).refused(9, "XDB0801").says("cargo xtask db create");
        }
        ws.run_ok(&["create"]);
        ws.run_ok(&["deploy"]);
    }
);

#[test]
fn a_read_only_file() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    ws.database().execute("VACUUM");
    let url = format!("{}?mode=ro", ws.database().url());
    let run = ws.run(&["--url", &url, "deploy"]);
    refused_by_server(&run, "readonly");
    assert!(!ws.database().has_table("users"));
}

on_each!(
    [Postgres]
    fn hostile_defaults_of_a_database_work_or_are_named(ws) {
        history::sealed(ws);
        for setting in [
            "default_transaction_read_only = on",
            "default_transaction_isolation = 'serializable'",
            "statement_timeout = '20ms'",
            "lock_timeout = '20ms'",
            "idle_in_transaction_session_timeout = '20ms'",
            "standard_conforming_strings = off",
            "client_encoding = 'LATIN1'",
            "datestyle = 'SQL, DMY'",
            "timezone = 'Asia/Kathmandu'",
            "search_path = ''",
        ] {
            let name = ws.database().name().to_owned();
            let _ = ws.database().server_rows(&format!("ALTER DATABASE {name} SET {setting}"));
            let run = ws.run(&["deploy"]);
            Oracle::check_run(&run);
            assert!(matches!(run.code, Some(0 | 2)), "{setting}: {run}");
            if run.code == Some(0) {
                ws.run_ok(&["status"]);
            }
            ws.database().recreate();
        }
    }
);

on_each!(
    [Postgres, MariaDb]
    fn missing_rights(ws) {
        history::sealed(ws);
        let name = ws.database().name().to_owned();
        let (user, made) = match ws.database().kind() {
            Kind::MariaDb => (
                format!("u{}", &name[5..]),
                format!(
                    "CREATE USER u{0} IDENTIFIED BY 'hidden-word'; \
                     GRANT SELECT ON {name}.* TO u{0}",
                    &name[5..]
                ),
            ),
            _ => (
                format!("{name}_reader"),
                format!("CREATE ROLE {name}_reader LOGIN PASSWORD 'hidden-word'"),
            ),
        };
        let _ = ws.database().server_rows(&made);
        let (head, rest) = ws.database().url().split_once("://").expect("a URL");
        let address = rest.rsplit_once('@').map_or(rest, |(_, address)| address);
        let url = format!("{head}://{user}:hidden-word@{address}");
        let run = ws.run(&["--url", &url, "deploy"]);
        refused_by_server(&run, "denied");
        run.silent_about("hidden-word");
        assert!(!ws.database().has_table("users"));
        let _ = ws.database().server_rows(&match ws.database().kind() {
            Kind::MariaDb => format!("DROP USER {user}"),
            _ => format!("DROP ROLE {user}"),
        });
    }
);

/// The server's own words with a code and a hint.
#[track_caller]
fn refused_by_server(run: &Run, word: &str) {
    assert_eq!(run.code, Some(9), "{run}");
    assert!(run.stderr.contains("XDB0804") && run.stderr.contains("next: "), "{run}");
    assert!(run.stderr.contains(word), "{run}");
}

on_each!(
    fn a_ledger_of_another_shape(ws) {
        history::sealed(ws);
        ws.database().execute("CREATE TABLE _xtask_db_migrations (id INTEGER, note VARCHAR(9))");
        for command in ["deploy", "status"] {
            ws.run(&[command]).refused(4, "XDB0305").says("_xtask_db_migrations");
        }
        assert!(!ws.database().has_table("users"));
    }
);

on_each!(
    fn objects_and_no_ledger(ws) {
        history::sealed(ws);
        ws.database().execute("CREATE TABLE theirs (id INTEGER PRIMARY KEY)");
        ws.database().execute("CREATE TABLE flyway_schema_history (installed_rank INTEGER)");
        for command in ["deploy", "status"] {
            ws.run(&[command]).refused(4, "XDB0304").says("resolve --applied-through");
        }
        assert!(!ws.database().has_table("users"));
        assert!(!ws.database().has_table("_xtask_db_migrations"));
    }
);

on_each!(
    fn a_sql_error_shows_its_place(ws) {
        ws.migration(
            "20260101000000_typo",
            "CREATE TABLE fine (id INTEGER PRIMARY KEY);\n\nCREATE TABEL broken (id INTEGER);\n",
        );
        ws.run_ok(&["lock"]);
        let run = ws.run(&["deploy"]).refused(6, "XDB0501");
        run.says("migration.sql:3").says("CREATE TABEL").says("^");
    }
);

#[test]
fn a_manifest_key_that_is_misspelt() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    history::manifest(&ws, "[workspace.metadata.db]\nafter_migrate = [\"true\"]\n");
    for command in ["deploy", "status", "check", "config"] {
        let _ =
            ws.run(&[command]).refused(2, "XDB0110").says("after_migrate").says("after-migrate");
    }
}

#[test]
fn a_migration_that_copies_from_stdin() {
    let Some(ws) = Workspace::on(Kind::Postgres) else { return };
    ws.migration("20260101000000_copy", "COPY users FROM stdin;\n1\ta\n\\.\n");
    let run = ws.run(&["deploy"]);
    let run = if run.stderr.contains("XDB0213") { ws.run(&["migrate"]) } else { run };
    let run = run.refused(4, "XDB0212");
    let _ = run.says("COPY");
}
