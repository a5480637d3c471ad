//! Huge input: one file of many megabytes, and thousands of migrations.

use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use super::places::workspace;
use super::{Case, Ending, Plan};
use crate::support::{Kind, Workspace, binary_path};

const MIB: u64 = 1024 * 1024;
/// Beside three times the file.
const MEMORY_MIB_MAX: u64 = 64;
/// Names a binary as a release has it, which is the one that is measured.
pub const RELEASE_BINARY: &str = "XDB_TEST_RELEASE_BINARY";
/// For a release; a debug build, which is tried where no release is named, has five times as long.
const LOOK_MAX: Duration = Duration::from_secs(2);
const DEBUG_FACTOR: u32 = 5;
const POLL: Duration = Duration::from_millis(1);

/// A file in bounded memory, and a status in bounded time.
pub(super) fn input(plan: &Plan<'_>) -> Vec<Case> {
    let mib: u64 = plan.of(2, 16, 100);
    let migrations: u32 = plan.of(200, 5_000, 5_000);
    vec![
        Case::new(format!("file-{mib}-mib"), move |_| file(mib)),
        Case::new(format!("look-{migrations}"), move |_| look(migrations)).alone(),
    ]
}

fn file(mib: u64) -> Ending {
    let ws = match workspace(Kind::Sqlite) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let value = "x".repeat(4000);
    let row = format!("INSERT INTO a (name) VALUES ('{value}');\n");
    let rows = usize::try_from(mib * MIB).unwrap_or_default() / row.len();
    let sql = format!("CREATE TABLE a (name TEXT);\n{}", row.repeat(rows));
    ws.migration("20260101000000_a", &sql);
    drop(sql);
    let peak_max = 3 * mib + MEMORY_MIB_MAX;
    for words in [&["lock"][..], &["deploy"], &["check"]] {
        let peak = peak_mib(&ws, words);
        assert!(peak <= peak_max, "`{words:?}` had {peak} MiB, more than {peak_max}");
    }
    assert_eq!(ws.database().value("SELECT COUNT(*) FROM a"), rows.to_string());
    Ending::Passed
}

/// The most memory that a run had, which the kernel keeps while it is there.
fn peak_mib(ws: &Workspace, words: &[&str]) -> u64 {
    let mut running = ws.start(words);
    let path = format!("/proc/{}/status", running.pid());
    let mut peak_kib = 0;
    while !running.has_ended() {
        let status = fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak_kib = peak_kib.max(kib.unwrap_or(0));
        sleep(POLL);
    }
    let _ = running.wait().ok();
    peak_kib / 1024
}

/// `status`, and a `deploy` that has nothing to do.
fn look(migrations: u32) -> Ending {
    let (binary, build, most) = match std::env::var_os(RELEASE_BINARY) {
        Some(named) => (PathBuf::from(named), "release", LOOK_MAX),
        None => (binary_path(), "debug build", LOOK_MAX * DEBUG_FACTOR),
    };
    let ws = match workspace(Kind::Sqlite) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let id = |number| format!("{}_t{number}", 20_260_101_000_000_u64 + u64::from(number));
    for number in 0..migrations {
        let sql = format!("CREATE TABLE t{number} (id INTEGER PRIMARY KEY);\n");
        ws.migration(&id(number), &sql);
    }
    ws.run_ok(&["lock"]);
    ws.run_ok(&["resolve", "--applied-through", &id(migrations - 1)]);
    let took = ["status", "deploy"].map(|word| {
        let mut command = ws.command(&binary);
        command.args(["db", word]);
        let run = ws.running(command).wait().ok();
        assert!(run.took <= most, "{word}: {:?} for {migrations} migrations", run.took);
        format!("{word} {:.2} s", run.took.as_secs_f32())
    });
    Ending::Measured(format!("{migrations} migrations, {build}: {}", took.join(", ")))
}
