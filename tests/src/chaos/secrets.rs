//! A canary password in every place that a URL may come from, and in every wrong spelling of one:
//! no part of it is printed, in no encoding.

use super::places::workspace;
use super::{Case, Ending, Plan};
use crate::support::{Kind, Run, Workspace};

/// The password, with what divides a URL in its middle.
const RAW: &str = "KANARI@/EN:VO#G?EL%7";
const ENCODED: &str = "KANARI%40%2FEN%3AVO%23G%3FEL%257";
/// What would be seen of it: its parts, its encodings, its bytes.
const SEEN: [&str; 6] =
    ["KANARI", "EN:VO", "EN%3AVO", "EL%7", "S0FOQVJJQC9FTjpWTyNHP0VMJTc", "4b414e415249"];

const COMMANDS: [&[&str]; 10] = [
    &["status"],
    &["status", "--json"],
    &["deploy"],
    &["deploy", "--json"],
    &["config"],
    &["config", "--json"],
    &["create"],
    &["wait", "--timeout", "1"],
    &["migrate"],
    &["resolve", "--applied", "20260101000000_a"],
];

/// Where a URL comes from.
#[derive(Debug, Clone, Copy)]
enum Source {
    Flag,
    Variable,
    File,
}

const SOURCES: [Source; 3] = [Source::Flag, Source::Variable, Source::File];
const SPELLINGS: usize = 12;

/// URLs as they are given, right and wrong.
fn spelling(number: usize, server: &str) -> String {
    let scheme = "postgres://tests";
    match number {
        0 => format!("{scheme}:{ENCODED}@{server}/x"),
        1 => format!("{scheme}:{RAW}@{server}/x"),
        2 => format!("{scheme}:{ENCODED}@127.0.0.1:port/x"),
        3 => format!("{scheme}:{ENCODED}@127.0.0.1:1/x"),
        4 => format!("oracle://tests:{ENCODED}@{server}/x"),
        5 => format!("{scheme}@{server}/x?password={ENCODED}"),
        6 => format!("{scheme}@{server}/x?frobnicate={ENCODED}"),
        7 => format!("{scheme}:{}@{server}/x", ENCODED.replace('%', "%25")),
        8 => format!("{scheme}:{ENCODED}%zz@{server}/x"),
        9 => format!("postgres:tests:{ENCODED}@{server}/x"),
        10 => format!("{scheme}:{ENCODED}@{server}/x?sslmode={ENCODED}"),
        _ => format!("{scheme}:{ENCODED}@/x"),
    }
}

/// 12 spellings from three places with ten commands.
pub(super) fn canaries(plan: &Plan<'_>) -> Vec<Case> {
    let each = plan.of(30, 2, 1);
    let mut cases = Vec::new();
    for number in 0..SPELLINGS {
        for source in SOURCES {
            for words in COMMANDS {
                let command = words.concat();
                let name = format!("url-{number}-{source:?}-{command}").to_lowercase();
                cases.push(Case::new(name, move |_| printed(number, source, words)));
            }
        }
    }
    cases.into_iter().step_by(each).collect()
}

fn printed(number: usize, source: Source, words: &[&str]) -> Ending {
    let mut ws = match workspace(Kind::Sqlite) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let lock = ws.lock_file().replace("provider sqlite", "provider postgresql");
    ws.write("migrations/migrations.lock", lock);
    ws.migration("20260101000000_a", "CREATE TABLE a (id INTEGER PRIMARY KEY);\n");
    ws.run_ok(&["lock"]);
    let named = std::env::var(crate::servers::POSTGRES_URL).unwrap_or_default();
    let server = named.rsplit_once('@').map_or("127.0.0.1:5432", |(_, rest)| rest);
    let url = spelling(number, server.split('/').next().unwrap_or(server));
    ws.set("DATABASE_URL", "");
    ws.set("RUST_LOG", "trace");
    let run = match source {
        Source::Flag => ws.run(&[&["--url", url.as_str()], words].concat()),
        Source::Variable => ws.run_with(&[("DATABASE_URL", url.as_str())], words),
        Source::File => {
            manifest(&ws, &url);
            ws.run(words)
        }
    };
    not_seen(&run);
    Ending::Passed
}

fn manifest(ws: &Workspace, url: &str) {
    ws.write(
        "Cargo.toml",
        format!(
            "[workspace]\nresolver = \"3\"\nmembers = []\n\n\
             [workspace.metadata.db]\nurl = '{url}'\n"
        ),
    );
}

#[track_caller]
fn not_seen(run: &Run) {
    assert!(run.code.is_some() && !run.stderr.contains("panicked"), "{run}");
    for part in SEEN {
        for stream in [&run.stdout, &run.stderr] {
            assert!(!stream.to_lowercase().contains(&part.to_lowercase()), "`{part}` in {run}");
        }
    }
}
