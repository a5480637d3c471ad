//! This tool and sqlx-cli in the same two experiments: eight deployers at once, and SIGKILL at
//! random moments.

use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::support::{Kind, Random, Run, Running, Seed, Workspace};

const DEPLOYERS: usize = 8;
/// A run that has not ended by then hangs.
const HANG: Duration = Duration::from_secs(40);
const POLL: Duration = Duration::from_millis(5);
/// How often a killed deploy is tried again before a person is called, and the pause between.
const TRIES: usize = 3;
const PAUSE: Duration = Duration::from_secs(1);
const MIGRATIONS: usize = 6;

/// A tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// This one.
    Ours,
    /// sqlx-cli.
    Sqlx,
}

/// The count of one experiment with one tool on one database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Deploys that were started and not killed (at once), or killed.
    pub runs: usize,
    /// Of those at once: that ended with an error.
    pub failures: usize,
    /// After which the same command did not work any more.
    pub stuck: usize,
    /// After which a body had run twice, or not at all, though the tool said that all is well.
    pub wrong: usize,
}

impl Standing {
    /// Everything that should not have happened.
    #[must_use]
    pub const fn bad(&self) -> usize {
        self.failures + self.stuck + self.wrong
    }
}

impl Peer {
    /// Both, this tool first.
    pub const ALL: [Self; 2] = [Self::Ours, Self::Sqlx];

    /// Its name in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ours => "xtask-db",
            Self::Sqlx => "sqlx-cli",
        }
    }

    /// Whether it is there.
    #[must_use]
    pub fn is_installed(self) -> bool {
        self == Self::Ours || program().is_some()
    }

    fn start(self, ws: &Workspace) -> Running {
        match self {
            Self::Ours => ws.start(&["deploy"]),
            Self::Sqlx => {
                let mut command: Command = ws.command(program().unwrap_or_else(|| "sqlx".into()));
                command.args(["migrate", "run", "--source", "flat"]);
                command.args(["--database-url", ws.database().url()]);
                ws.running(command)
            }
        }
    }
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join("sqlx")).find(|path| path.is_file())
}

/// Both experiments with one tool on one database: at once, killed.
#[must_use]
pub fn experiment(
    kind: Kind,
    peer: Peer,
    (rounds, kills): (usize, usize),
    seed: Seed,
) -> Option<(Standing, Standing)> {
    let mut random = seed.of(&format!("{kind:?}"));
    let (mut at_once, mut killed) = (Standing::default(), Standing::default());
    let clean = clean(kind, peer)?;
    for _ in 0..rounds {
        together(&prepared(kind)?, peer, &mut at_once);
    }
    for _ in 0..kills {
        interrupted(&prepared(kind)?, peer, clean, &mut random, &mut killed);
    }
    Some((at_once, killed))
}

/// One history in both layouts. Every migration leaves a row in `trace`.
fn prepared(kind: Kind) -> Option<Workspace> {
    let ws = Workspace::on(kind)?;
    for number in 1..=MIGRATIONS {
        let id = format!("2026010{number}000000_m{number}");
        let first =
            if number == 1 { "CREATE TABLE trace (id VARCHAR(200) NOT NULL);\n" } else { "" };
        let concurrent = kind == Kind::Postgres && number % 3 == 0;
        let sql = if concurrent {
            let table = number - 1;
            format!("CREATE INDEX CONCURRENTLY m{number} ON t{table} (name);\n")
        } else {
            format!(
                "{first}CREATE TABLE t{number} (id INTEGER PRIMARY KEY, name VARCHAR(20));\n\
                 INSERT INTO t{number} (id) VALUES (1);\n\
                 CREATE TABLE u{number} (id INTEGER PRIMARY KEY);\n\
                 INSERT INTO trace (id) VALUES ('{id}');\n"
            )
        };
        ws.migration(&id, &sql);
        let head = if concurrent { "-- no-transaction\n" } else { "" };
        ws.write(&format!("flat/{id}.sql"), format!("{head}{sql}"));
    }
    ws.run_ok(&["lock"]);
    Some(ws)
}

fn clean(kind: Kind, peer: Peer) -> Option<Duration> {
    let ws = prepared(kind)?;
    let run = ended(peer.start(&ws)).expect("a clean run ends");
    assert_eq!(run.code, Some(0), "{run}");
    Some(run.took)
}

/// Waits for the end; none when it hangs.
fn ended(mut running: Running) -> Option<Run> {
    let started = Instant::now();
    while !running.has_ended() {
        if started.elapsed() > HANG {
            running.signal(Signal::KILL);
            let _ = running.wait();
            return None;
        }
        sleep(POLL);
    }
    Some(running.wait())
}

fn together(ws: &Workspace, peer: Peer, standing: &mut Standing) {
    let running: Vec<Running> = (0..DEPLOYERS).map(|_| peer.start(ws)).collect();
    for run in running {
        standing.runs += 1;
        let failed = ended(run).is_none_or(|run| run.code != Some(0));
        standing.failures += usize::from(failed);
    }
    judge(ws, peer, standing);
}

fn interrupted(
    ws: &Workspace,
    peer: Peer,
    clean: Duration,
    random: &mut Random,
    standing: &mut Standing,
) {
    let running = peer.start(ws);
    sleep(Duration::from_micros(random.below(u64::try_from(clean.as_micros()).unwrap_or(0))));
    running.signal(Signal::KILL);
    let run = running.wait();
    standing.runs += 1;
    standing.failures += usize::from(run.code.is_some_and(|code| code != 0));
    judge(ws, peer, standing);
}

/// Tries again as a job would, then looks at the rows.
fn judge(ws: &Workspace, peer: Peer, standing: &mut Standing) {
    let again = |at: usize| {
        if at > 0 {
            sleep(PAUSE);
        }
        ended(peer.start(ws)).is_some_and(|run| run.code == Some(0))
    };
    if !(0..TRIES).any(again) {
        standing.stuck += 1;
        return;
    }
    let expected: Vec<String> = ws
        .ids()
        .into_iter()
        .filter(|id| !ws.read(&format!("migrations/{id}/migration.sql")).contains("CONCURRENTLY"))
        .collect();
    let mut found = ws.database().column("SELECT id FROM trace");
    found.sort();
    let invalid = ws.database().kind() == Kind::Postgres
        && ws.database().value("SELECT COUNT(*) FROM pg_index WHERE NOT indisvalid") != "0";
    standing.wrong += usize::from(found != expected || invalid);
}
