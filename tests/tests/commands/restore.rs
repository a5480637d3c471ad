//! `restore`: into an empty database, in the place of one, or not at all.

use xtask_db_tests::support::{Database, Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::backup::{files, name, newest, next, typed};
use crate::history;

/// What text, numbers and NULL may look like.
const DATA: &str = "INSERT INTO users (id, name) VALUES (1, 'it''s'), (2, 'a;b--c'), \
    (3, '\\. \\! \\N \\x'), (4, ''), (5, '\u{1F424}\u{e9}'), (6, 'two\nlines')";

fn rows(database: &Database) -> Vec<Vec<Option<String>>> {
    database.rows("SELECT id, name FROM users ORDER BY id")
}

/// Another database of the same kind, for `--to`.
fn other(ws: &Workspace) -> Database {
    let folder = ws.root().with_file_name("data");
    Database::fresh(ws.database().kind(), &folder).expect("the server is there")
}

on_each!(
    fn brings_back_what_was_there(ws) {
        history::deployed(ws);
        ws.database().execute(DATA);
        let before = rows(ws.database());
        ws.run_ok(&["backup"]);
        next(ws);
        ws.run_ok(&["deploy"]);
        ws.database().execute("DELETE FROM users WHERE id > 2; UPDATE users SET name = 'lost'");
        let _ = ws.run(&["restore"]).refused(5, "XDB0616").says("--yes-restore");
        let _ = ws.run(&["restore", "--yes-restore", "wrong"]).refused(5, "XDB0405");
        assert_eq!(rows(ws.database()).len(), 2);
        let done = ws.run_ok(&["restore", "--yes-restore", &typed(ws.database())]);
        assert_eq!(rows(ws.database()), before);
        assert!(!ws.database().has_table("next"), "nothing of what came later is left");
        let _ = ws.run(&["status"]).refused(3, "XDB0301");
        ws.run_ok(&["deploy"]);
        let kept = done.stdout.split("kept as ").nth(1).unwrap_or_default().trim().to_owned();
        kept_is_whole(ws, &kept);
        let audit = "SELECT COUNT(*) FROM _xtask_db_runs WHERE command LIKE 'restore %'";
        assert_eq!(ws.database().value(audit), "1");
    }
);

/// What was replaced is still there.
fn kept_is_whole(ws: &Workspace, kept: &str) {
    let count = "SELECT COUNT(*) FROM users WHERE name = 'lost'";
    match ws.database().kind() {
        Kind::Sqlite => {
            let path = std::path::Path::new(kept);
            let path = if path.is_absolute() { path.to_owned() } else { ws.root().join(path) };
            assert!(path.is_file(), "{kept}");
        }
        Kind::MariaDb => assert!(ws.has(kept), "{kept}"),
        _ => {
            let kept_database = ws.database().named(kept);
            assert_eq!(kept_database.value(count), "2");
            drop(ws.database().server_rows(&format!("DROP DATABASE {kept}")));
        }
    }
}

on_each!(
    fn goes_to_an_empty_database_without_a_question(ws) {
        history::deployed(ws);
        ws.database().execute(DATA);
        ws.run_ok(&["backup"]);
        let to = other(ws);
        ws.run_ok(&["restore", "--to", to.url()]);
        assert_eq!(rows(&to), rows(ws.database()));
        // It is marked as what it was, and what was restored is not empty any more.
        let _ = ws.run(&["restore", "--to", to.url()]).refused(5, "XDB0616");
        assert_eq!(rows(&to).len(), 6);
        to.remove();
        ws.run_ok(&["restore", &name(&newest(ws)), "--to", to.url()]);
        assert_eq!(rows(&to).len(), 6, "a database that is not there is made");
    }
);

on_each!(
    fn a_protected_environment_wants_the_name(ws) {
        history::sealed(ws);
        let url = ws.database().url();
        let table = format!("[workspace.metadata.db.env.production]\nurl = {url:?}\n");
        history::manifest(ws, &table);
        ws.run_ok(&["deploy", "--env", "production"]);
        ws.run_ok(&["backup", "--env", "production"]);
        ws.database().recreate();
        let asked = ws.run(&["restore", "--env", "production"]);
        let _ = asked.refused(5, "XDB0403").says("--yes-restore");
        assert!(!ws.database().has_table("users"));
        let name = typed(ws.database());
        ws.run_ok(&["restore", "--env", "production", "--yes-restore", &name]);
        assert!(ws.database().has_table("users"));
        history::manifest(ws, &table.replace("production", "staging"));
        let words = ["restore", "--env", "staging", "--yes-restore", &name];
        let _ = ws.run(&words).refused(5, "XDB0407");
    }
);

on_each!(
    fn a_file_that_is_not_what_its_record_says_is_refused(ws) {
        history::deployed(ws);
        ws.run_ok(&["backup"]);
        let file = ws.root().join("backups").join(name(&newest(ws)));
        let whole = std::fs::read(&file).unwrap();
        let to = other(ws);
        let words = ["restore", "--to", to.url()];
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 1;
        std::fs::write(&file, &flipped).unwrap();
        let _ = ws.run(&words).refused(5, "XDB0615").says("sha256");
        std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
        let _ = ws.run(&words).refused(5, "XDB0615").says("bytes");
        std::fs::write(&file, &whole).unwrap();
        let elsewhere = ws.root().join("copied");
        std::fs::write(&elsewhere, &whole).unwrap();
        let words = ["restore", "copied", "--to", to.url()];
        let _ = ws.run(&words).refused(5, "XDB0615").says("--unrecorded");
        assert!(!to.has_table("users"));
        ws.run_ok(&[&words[..], &["--unrecorded"]].concat());
        assert!(to.has_table("users"));
        std::fs::write(&elsewhere, "SELECT 1;\n").unwrap();
        let _ = ws.run(&[&words[..], &["--unrecorded"]].concat()).refused(5, "XDB0615");
    }
);

on_each!(
    fn what_cannot_be_loaded_leaves_the_old_database(ws) {
        history::deployed(ws);
        ws.database().execute(DATA);
        ws.run_ok(&["backup"]);
        let file = ws.root().join("backups").join(name(&newest(ws)));
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(ws.root().join("half"), &whole[..whole.len() * 2 / 3]).unwrap();
        let name = typed(ws.database());
        let run = ws.run(&["restore", "half", "--unrecorded", "--yes-restore", &name]);
        let code = if ws.database().kind() == Kind::Sqlite { "XDB0613" } else { "XDB0618" };
        let _ = run.refused(1, code);
        assert_eq!(rows(ws.database()).len(), 6);
        ws.run_ok(&["status"]);
    }
);

on_each!(
    [MariaDb]
    fn a_restore_that_was_cut_short_is_told_until_it_is_done(ws) {
        history::deployed(ws);
        ws.run_ok(&["backup"]);
        let to = other(ws);
        to.execute("CREATE TABLE _xtask_db_restoring (nothing INT) COMMENT = 'x.sql'");
        to.execute("CREATE TABLE half (id INTEGER PRIMARY KEY)");
        for words in [&["status"][..], &["deploy"], &["backup"]] {
            let run = ws.run_with(&[("DATABASE_URL", to.url())], words);
            let _ = run.refused(4, "XDB0617").says("restore x.sql");
        }
        ws.run_ok(&["restore", "--to", to.url(), "--yes-restore", to.name()]);
        assert!(!to.has_table("half") && to.has_table("users"));
        let _ = ws.run_with(&[("DATABASE_URL", to.url())], &["status"]).ok();
    }
);

on_each!(
    [MariaDb]
    fn a_dump_runs_no_command_of_the_client(ws) {
        history::deployed(ws);
        ws.run_ok(&["backup"]);
        let text = ws.read(&format!("backups/{}", name(&newest(ws))));
        let to = other(ws);
        for (at, attack) in ["\\! touch pwned", "system touch pwned", "source \
            pwned.sql"].iter().enumerate() {
            let (head, tail) = text.split_once("\n--\n").expect("a comment");
            ws.write("hostile.sql", format!("{head}\n{attack}\n--\n{tail}"));
            ws.write("pwned.sql", "CREATE TABLE pwned (id INTEGER PRIMARY KEY);\n");
            let words = ["restore", "hostile.sql", "--unrecorded", "--to", to.url()];
            let run = match at {
                0 => ws.run(&words),
                _ => ws.run(&[&words[..], &["--yes-restore", to.name()]].concat()),
            };
            let _ = run.refused(1, "XDB0618");
            assert!(!ws.has("pwned") && !to.has_table("pwned"), "{attack}");
        }
    }
);

on_each!(
    [Postgres]
    fn what_the_database_was_set_to_stays(ws) {
        let path = "\"$user\", public, \"Odd name\"";
        let name = ws.database().name();
        ws.database().execute(&format!("ALTER DATABASE {name} SET search_path TO {path}"));
        history::deployed(ws);
        ws.database().execute(&format!(
            "ALTER DATABASE {name} SET statement_timeout TO '77s'; \
             GRANT TEMPORARY ON DATABASE {name} TO pg_monitor; \
             COMMENT ON DATABASE {name} IS 'the shop''s'"
        ));
        ws.run_ok(&["backup"]);
        let about = "SELECT s.setconfig::text, shobj_description(d.oid, 'pg_database'), \
             (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(d.datacl) a)::text, \
             d.datdba, d.encoding, d.datcollate FROM pg_database d \
             JOIN pg_db_role_setting s ON s.setdatabase = d.oid WHERE datname = current_database()";
        let before = ws.database().rows(about);
        let done = ws.run_ok(&["restore", "--yes-restore", name]);
        assert_eq!(ws.database().rows(about), before);
        let kept = done.stdout.split("kept as ").nth(1).unwrap_or_default().trim().to_owned();
        drop(ws.database().server_rows(&format!("DROP DATABASE {kept}")));
    }
);

#[test]
fn refuses_what_is_not_there_and_what_is_of_another_server() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    let _ = ws.run(&["restore"]).refused(2, "XDB0614").says("no backup of");
    let _ = ws.run(&["restore", "nothing.db"]).refused(2, "XDB0614");
    ws.run_ok(&["backup"]);
    let words = ["restore", "--to", "postgres://127.0.0.1:1/x"];
    let _ = ws.run(&words).refused(2, "XDB0614").says("postgresql");
    assert_eq!(files(&ws).len(), 2);
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    ws.run_ok(&["backup"]);
    snapshot!("not_empty", ws.run(&["restore"]));
    snapshot!("replaced", ws.run(&["restore", "--yes-restore", &typed(ws.database())]));
}
