//! The operator of a campaign: runs `deploy` until it is done, and settles a stop exactly as the
//! message says.

use crate::support::{Database, Kind, Oracle, Run, Workspace};

/// More stops than a history has statements would be a loop.
const STOPS_MAX: u32 = 30;
const WAIT_S: &str = "20";
/// A statement may have been executed, and only a person can say.
const UNSETTLED: &str = "XDB0308";
/// The same text failed before.
const REPEATED: &str = "XDB0502";

/// What the operator may do besides `deploy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ways {
    /// Nothing but answering whether a statement is done.
    Settle,
    /// Also `--retry`, where the failure before was one of the migration itself.
    Retry,
}

/// Deploys until nothing is pending. Returns how many stops had to be settled.
///
/// # Panics
/// It does not converge, or a stop could have been avoided: the catalog shows what happened.
#[track_caller]
pub(super) fn converge(ws: &Workspace, ways: Ways) -> u32 {
    let mut stops = 0;
    let mut words = vec!["deploy", "--lock-wait", WAIT_S];
    loop {
        let run = ws.run(&words);
        Oracle::check_run(&run);
        match run.code {
            Some(0) if words[0] == "deploy" => return stops,
            Some(6) if ways == Ways::Retry && run.stderr.contains(REPEATED) => {
                assert!(run.stderr.contains("--retry"), "{run}");
                words.push("--retry");
            }
            Some(4) if run.stderr.contains(UNSETTLED) => {
                stops += 1;
                assert!(stops <= STOPS_MAX, "it does not end: {run}");
                settle(ws, &run);
                words = vec!["deploy", "--lock-wait", WAIT_S];
            }
            _ => panic!("the next deploy does not converge: {run}"),
        }
    }
}

/// Looks whether the statement is done, and runs the command that is printed for that.
#[track_caller]
fn settle(ws: &Workspace, run: &Run) {
    let answer = |what: &str| {
        let line = run.stderr.lines().find_map(|line| line.split_once(what).map(|(_, rest)| rest));
        let words = line.and_then(|line| line.split_once("cargo xtask db "));
        let Some((_, words)) = words else { panic!("no command after `{what}`: {run}") };
        words.split_whitespace().map(str::to_owned).collect::<Vec<String>>()
    };
    let (done, not_done) = (answer("it is done: "), answer("it is not: "));
    let (Some(id), Some(from)) = (not_done.get(2), not_done.last()) else {
        panic!("no statement is named: {run}")
    };
    let sql = ws.read(&format!("migrations/{id}/migration.sql"));
    let number: usize = from.parse().unwrap_or_else(|_| panic!("`{from}` in {run}"));
    let statement = statement(&sql, number).unwrap_or_else(|| panic!("no statement {from}: {run}"));
    let shown = shows(ws.database(), &statement);
    assert!(
        shown.is_none(),
        "the catalog shows whether `{statement}` is done, and the run asks a person: {run}"
    );
    let words = if is_done(ws.database(), &statement) { done } else { not_done };
    ws.run_ok(&words.iter().map(String::as_str).collect::<Vec<&str>>());
}

/// Whether a person who looks finds that a statement was executed.
fn is_done(database: &Database, statement: &str) -> bool {
    match statement.strip_prefix("CALL mark(").and_then(|rest| rest.split(')').next()) {
        Some(id) => database.value(&format!("SELECT COUNT(*) FROM trace WHERE id = {id}")) != "0",
        // It leaves nothing behind, so that once more is as good as once.
        None => false,
    }
}

/// The `number`-th statement of a file of a campaign, from 1: each ends at the end of a line.
fn statement(sql: &str, number: usize) -> Option<String> {
    let lines = sql.lines().filter(|line| !line.starts_with("--"));
    let text = lines.collect::<Vec<_>>().join("\n");
    text.split(";\n").nth(number.checked_sub(1)?).map(|one| one.trim().to_owned())
}

/// Whether the catalog shows that a statement is done; none where it can show nothing.
fn shows(database: &Database, statement: &str) -> Option<bool> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let sqlite = database.kind() == Kind::Sqlite;
    match words.as_slice() {
        ["CREATE", "TABLE", name, ..] => Some(database.has_table(name)),
        ["DROP", "TABLE", name, ..] => Some(!database.has_table(name.trim_end_matches(';'))),
        ["RENAME", "TABLE", _, "TO", name, ..] => Some(database.has_table(name)),
        ["ALTER", "TABLE", table, "ADD", "COLUMN", column, ..] if !sqlite => {
            let sql = format!(
                "SELECT COUNT(*) FROM information_schema.columns \
                 WHERE table_name = '{table}' AND column_name = '{column}'"
            );
            Some(database.value(&sql) != "0")
        }
        ["CREATE" | "DROP", "INDEX" | "UNIQUE", ..] => Some(true),
        _ => None,
    }
}
