//! `backup`, and the backup before `deploy` and `down`: made, checked, and stopping what it is made
//! for when it cannot be.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use xtask_db_tests::support::{Database, Kind, Run, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history;

const NEXT: &str = "20260104000000_next";
const DEADLINE: Duration = Duration::from_secs(60);

/// The program that dumps this server.
pub(crate) fn dumper(kind: Kind) -> &'static str {
    if kind == Kind::MariaDb { "mariadb-dump" } else { "pg_dump" }
}

/// Everything in the folder of the backups but `.gitignore`.
pub(crate) fn files(ws: &Workspace) -> Vec<String> {
    let entries = std::fs::read_dir(ws.root().join("backups")).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name != ".gitignore").collect();
    names.sort();
    names
}

/// The newest backup's record.
pub(crate) fn newest(ws: &Workspace) -> Value {
    let listed = ws.run_ok(&["backups", "--json"]).json();
    listed["backups"][0].clone()
}

/// One more migration, sealed.
pub(crate) fn next(ws: &Workspace) {
    ws.migration(NEXT, "CREATE TABLE next (id INTEGER PRIMARY KEY);\n");
    ws.run_ok(&["lock"]);
}

/// A program of that name, run in place of the real one, whose path is `$REAL`.
fn fake(ws: &Workspace, name: &str, script: &str) -> (String, String) {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut real = std::env::split_paths(&path).map(|folder| folder.join(name));
    let real = real.find(|path| path.is_file()).unwrap_or_else(|| PathBuf::from("none"));
    let version = "if [ \"$1\" = --version ]; then exec \"$REAL\" --version; fi\n";
    let text = format!("#!/bin/sh\nREAL='{}'\n{version}{script}\n", real.display());
    ws.write(&format!("bin/{name}"), text);
    let file = ws.root().join("bin").join(name);
    assert!(Command::new("chmod").arg("+x").arg(&file).status().is_ok_and(|done| done.success()));
    ("PATH".to_owned(), format!("{}:{path}", ws.root().join("bin").display()))
}

fn with_fake(ws: &Workspace, script: &str, words: &[&str]) -> Run {
    let (name, path) = fake(ws, dumper(ws.database().kind()), script);
    ws.run_with(&[(name.as_str(), path.as_str())], words)
}

/// Nothing was deployed, and nothing has a final name.
fn stopped(ws: &Workspace, run: Run, exit: i32, code: &str) -> Run {
    let run = run.refused(exit, code);
    assert!(!ws.database().has_table("next"), "{run}");
    assert_eq!(files(ws), [""; 0], "{run}");
    run
}

on_each!(
    fn is_made_before_the_first_statement_and_only_when_something_is_pending(ws) {
        history::deployed(ws);
        ws.database().execute("INSERT INTO users (id, name) VALUES (1, 'a')");
        ws.run_ok(&["deploy", "--backup"]);
        assert_eq!(files(ws), [""; 0]);
        next(ws);
        ws.run_ok(&["deploy", "--backup", "--dry-run"]).says("a backup would be made first");
        assert_eq!(files(ws), [""; 0]);
        let reply = ws.run_ok(&["deploy", "--backup", "--json"]).json();
        assert!(ws.database().has_table("next"));
        let record = newest(ws);
        assert_eq!(record["purpose"], "deploy");
        assert_eq!(record["last_migration"], history::STATUS, "it is of the time before");
        assert_eq!(record["applied"], 3);
        assert_eq!(record["checked"], "read");
        assert_eq!(record["sha256"], reply["backup"]["sha256"]);
        let data = std::fs::metadata(ws.root().join("backups").join(name(&record))).unwrap();
        assert_eq!(record["size_bytes"], data.len());
        assert_private(ws, &record);
        ws.run_ok(&["backups", "--check"]).says(history::STATUS);
    }
);

pub(crate) fn name(record: &Value) -> String {
    record["file"].as_str().unwrap_or_default().to_owned()
}

#[cfg(unix)]
fn assert_private(ws: &Workspace, record: &Value) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = ws.root().join("backups");
    assert_eq!((mode(folder.join(name(record))), mode(folder)), (0o600, 0o700));
}

#[cfg(not(unix))]
fn assert_private(_: &Workspace, _: &Value) {}

on_each!(
    fn is_restored_and_compared_when_that_is_asked_for(ws) {
        history::deployed(ws);
        ws.database().execute("INSERT INTO users (id, name) VALUES (1, 'a'), (2, 'b')");
        ws.run_ok(&["backup", "--verify", "full"]);
        assert_eq!(newest(ws)["checked"], "restored");
        next(ws);
        ws.run_ok(&["deploy", "--backup", "--verify", "full"]);
        ws.write(&format!("migrations/{NEXT}/down.sql"), "DROP TABLE next;\n");
        ws.run_ok(&["env", "--set", "development", "--yes", &typed(ws.database())]);
        ws.run_ok(&["down", "--backup"]);
        assert_eq!(newest(ws)["purpose"], "down");
        assert_eq!(newest(ws)["last_migration"], NEXT);
        let audit = ws.database().column("SELECT command FROM _xtask_db_runs WHERE command = \
            'backup'");
        assert_eq!(audit, ["backup"]);
    }
);

/// What is typed for a database.
pub(crate) fn typed(database: &Database) -> String {
    match database.kind() {
        Kind::Sqlite => format!("{}.db", database.name()),
        _ => database.name().to_owned(),
    }
}

on_each!(
    [Postgres, MariaDb]
    fn a_program_that_is_missing_or_does_not_fit_stops_the_deploy(ws) {
        history::deployed(ws);
        next(ws);
        let nowhere = [("XTASK_DB_BACKUP_TOOLS", "nowhere")];
        let run = ws.run_with(&nowhere, &["deploy", "--backup"]);
        stopped(ws, run, 2, "XDB0610").says(dumper(ws.database().kind())).says("nowhere");
        let old = "pg_dump (PostgreSQL) 9.6.24";
        let older = match ws.database().kind() {
            Kind::MariaDb => "mariadb-dump  Ver 10.19 Distrib 10.5.2-MariaDB, for Linux",
            _ => old,
        };
        ws.write("bin/unused", "");
        let (_, path) = fake(ws, dumper(ws.database().kind()), "");
        let file = ws.root().join("bin").join(dumper(ws.database().kind()));
        std::fs::write(&file, format!("#!/bin/sh\necho '{older}'\n")).unwrap();
        let run = ws.run_with(&[("PATH", &path)], &["deploy", "--backup"]);
        stopped(ws, run, 2, "XDB0611").says("older than the server");
    }
);

on_each!(
    [Postgres, MariaDb]
    fn a_program_that_fails_half_way_stops_the_deploy(ws) {
        history::deployed(ws);
        next(ws);
        // It shouts the password, as a program in debug mode may.
        let script = "\"$REAL\" \"$@\" | head -c 700\necho \"its $PGPASSWORD$MYSQL_PWD failed\" \
            >&2\nexit 3";
        let run = with_fake(ws, script, &["deploy", "--backup"]);
        stopped(ws, run, 1, "XDB0612").says("its *** failed").says("exit status: 3");
        // It ends well and has not written all.
        let run = with_fake(ws, "\"$REAL\" \"$@\" | head -c 700", &["deploy", "--backup"]);
        stopped(ws, run, 1, "XDB0613");
        let run = with_fake(ws, "exit 0", &["deploy", "--backup"]);
        stopped(ws, run, 1, "XDB0613").says("wrote nothing");
        // What the server's own program says when it may not connect.
        let script = "PGPASSWORD=wrong-KANARI MYSQL_PWD=wrong-KANARI exec \"$REAL\" \"$@\"";
        let run = with_fake(ws, script, &["deploy", "--backup"]);
        stopped(ws, run, 1, "XDB0612").silent_about("KANARI");
        ws.run_ok(&["deploy", "--backup"]);
    }
);

on_each!(
    [Postgres, MariaDb]
    fn a_run_that_is_killed_leaves_no_file_under_a_final_name(ws) {
        history::deployed(ws);
        next(ws);
        let script = "echo begun\n: > \"$DUMPING\"\nexec sleep 3";
        let (_, path) = fake(ws, dumper(ws.database().kind()), script);
        let mark = ws.root().join("dumping");
        let mut command = ws.binary(&["deploy", "--backup"]);
        command.env("PATH", path).env("DUMPING", &mark);
        let running = ws.running(command);
        let start = Instant::now();
        while !mark.exists() {
            assert!(start.elapsed() < DEADLINE, "the dump did not begin");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(files(ws).iter().all(|name| name.starts_with(".partial-")), "{:?}", files(ws));
        drop(running);
        assert_eq!(ws.run_ok(&["backups", "--json"]).json()["backups"], serde_json::json!([]));
        assert!(!ws.database().has_table("next"));
        // The program that is still there keeps its file; afterwards the file goes.
        let start = Instant::now();
        loop {
            ws.run_ok(&["backup"]);
            if !files(ws).iter().any(|name| name.starts_with(".partial-")) {
                break;
            }
            assert!(start.elapsed() < DEADLINE, "{:?}", files(ws));
        }
        ws.run_ok(&["deploy", "--backup"]);
    }
);

on_each!(
    fn a_disk_that_is_full_stops_the_deploy(ws) {
        history::deployed(ws);
        next(ws);
        let deploy = ws.binary(&["deploy", "--backup"]);
        // Files may have 2 KiB, which no backup fits; ignored, the signal leaves EFBIG.
        let script = "trap '' XFSZ; ulimit -f 4; exec \"$@\"";
        let mut limited = ws.command("/bin/sh");
        limited.args(["-c", script, "sh"]).arg(deploy.get_program()).args(deploy.get_args());
        let run = ws.running(limited).wait();
        assert!(!ws.database().has_table("next"), "{run}");
        assert_eq!(files(ws), [""; 0], "{run}");
        assert!(run.code.is_some_and(|code| code != 0) && run.stderr.contains("XDB"), "{run}");
        ws.run_ok(&["deploy", "--backup"]);
    }
);

#[test]
fn old_ones_go_once_a_newer_one_is_there() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    history::manifest(&ws, "[workspace.metadata.db]\nbackup-keep = 2\n");
    for _ in 0..3 {
        ws.run_ok(&["backup"]);
    }
    assert_eq!(files(&ws).len(), 4, "{:?}", files(&ws));
    let kept = files(&ws);
    history::manifest(&ws, "[workspace.metadata.db]\nbackup-keep = 0\n");
    let _ = ws.run(&["backup"]).refused(2, "XDB0111").says("from 1");
    // A backup that fails removes nothing.
    history::manifest(&ws, "[workspace.metadata.db]\nbackup-keep = 2\n");
    std::fs::write(ws.database().url().trim_start_matches("sqlite:"), "no database").unwrap();
    assert_ne!(ws.run(&["backup"]).code, Some(0));
    assert_eq!(files(&ws), kept);
}

on_each!(
    fn a_fresh_one_of_the_same_database_is_accepted(ws) {
        history::deployed(ws);
        history::manifest(ws, "[workspace.metadata.db]\nbackup-max-age = \"1h\"\n");
        ws.run_ok(&["backup"]);
        next(ws);
        ws.run_ok(&["deploy", "--backup"]).says("it is fresh");
        assert_eq!(files(ws).len(), 2);
        // One that was changed is not what it was.
        let file = ws.root().join("backups").join(name(&newest(ws)));
        let mut bytes = std::fs::read(&file).unwrap();
        bytes[40] ^= 1;
        std::fs::write(&file, bytes).unwrap();
        ws.migration("20260105000000_more", "CREATE TABLE more (id INTEGER PRIMARY KEY);\n");
        ws.run_ok(&["lock"]);
        ws.run_ok(&["deploy", "--backup"]);
        assert_eq!(files(ws).len(), 4);
        // The database says which one is its newest, and how old that is.
        let age = match ws.database().kind() {
            Kind::Sqlite => "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', '-2 hours')",
            Kind::MariaDb => "UTC_TIMESTAMP(3) - INTERVAL 2 HOUR",
            _ => "now() - interval '2 hours'",
        };
        let key = if ws.database().kind() == Kind::MariaDb { "`key`" } else { "\"key\"" };
        ws.database().execute(&format!(
            "UPDATE _xtask_db_meta SET updated_at = {age} WHERE {key} = 'backup'"
        ));
        ws.migration("20260106000000_last", "CREATE TABLE last (id INTEGER PRIMARY KEY);\n");
        ws.run_ok(&["lock"]);
        ws.run_ok(&["deploy", "--backup"]);
        assert_eq!(files(ws).len(), 6);
    }
);

on_each!(
    fn a_policy_is_kept_in_the_database(ws) {
        history::sealed(ws);
        let environment = |backup: &str| {
            let url = ws.database().url();
            format!("[workspace.metadata.db.env.production]\nurl = {url:?}\nbackup = {backup:?}\n")
        };
        history::manifest(ws, &environment("required"));
        ws.run_ok(&["deploy", "--env", "production"]);
        assert_eq!(files(ws).len(), 2, "required: it is made without the flag");
        next(ws);
        // Whoever deploys without that configuration is refused; and nothing may stay pending.
        ws.remove("Cargo.toml");
        let _ = ws.run(&["deploy"]).refused(5, "XDB0408").says("deploy --backup");
        assert!(!ws.database().has_table("next"));
        history::manifest(ws, &environment("offered"));
        let _ = ws.run(&["deploy", "--env", "production"]).refused(5, "XDB0408");
        let waived = ["--without-backup", &typed(ws.database()), "--reason", "a snapshot of 02:00"];
        ws.run_ok(&[&["deploy", "--env", "production"], &waived[..]].concat());
        let audit = "SELECT command FROM _xtask_db_runs WHERE command LIKE '%02:00%'";
        assert_eq!(ws.database().column(audit), ["deploy without backup: a snapshot of 02:00"]);
        // The policy was loosened with it.
        ws.migration("20260105000000_more", "CREATE TABLE more (id INTEGER PRIMARY KEY);\n");
        ws.run_ok(&["lock"]);
        ws.run_ok(&["deploy", "--env", "production"]).says("--backup makes one first");
        assert_eq!(files(ws).len(), 2);
    }
);

on_each!(
    fn a_command_of_the_configuration_makes_it(ws) {
        history::deployed(ws);
        let says = |command: &str| {
            history::manifest(ws, &format!("[workspace.metadata.db]\nbackup-command = \
                '{command}'\n"));
        };
        says("echo begun; echo snap-0042");
        next(ws);
        ws.run_ok(&["deploy", "--backup"]);
        let record = newest(ws);
        assert_eq!((&record["said"], &record["checked"]), (&"snap-0042".into(), &"no".into()));
        assert_eq!(files(ws).len(), 1, "it is kept elsewhere: {:?}", files(ws));
        let run = ws.run(&["restore", &name(&record)]);
        let _ = run.refused(2, "XDB0614").says("snap-0042");
        says("exit 4");
        let _ = ws.run(&["backup"]).refused(1, "XDB0620").says("exit status: 4");
        says("printf kept > \"$XTASK_DB_BACKUP_FILE\"");
        ws.run_ok(&["backup"]);
        let file = name(&newest(ws));
        assert_eq!(ws.read(&format!("backups/{file}")), "kept");
    }
);

on_each!(
    [PgBouncer]
    fn a_pooler_is_passed_by(ws) {
        history::deployed(ws);
        next(ws);
        let run = ws.run(&["deploy", "--backup"]);
        stopped(ws, run, 2, "XDB0619").says("backup-url");
        let other = ws.database().server_url();
        let run = ws.run_with(&[("XTASK_DB_BACKUP_URL", &other)], &["deploy", "--backup"]);
        stopped(ws, run, 5, "XDB0405").says("another database");
        let direct = ws.database().direct_url();
        let run = ws.run_with(&[("XTASK_DB_BACKUP_URL", &direct)], &["deploy", "--backup"]);
        let _ = run.ok();
        assert!(ws.database().has_table("next"));
    }
);

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    snapshot!("made", ws.run(&["backup"]));
    snapshot!("compared", ws.run(&["backup", "--verify", "full"]));
}
