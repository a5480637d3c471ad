//! Lost connections and answers: cut points in the middle of a file, an answer that never comes, a
//! server that crashes, and one that goes on with a statement whose client was killed.

use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::operator::{Ways, converge};
use super::places::{history, workspace};
use super::{Case, Ending, Plan};
use crate::servers::{MariaDb, Postgres, Syncing};
use crate::support::{Database, Fault, Kind, Oracle, Proxy, Sender, Workspace, binary_path};

const SERVERS: [(Kind, &str); 2] = [(Kind::Postgres, "postgres"), (Kind::MariaDb, "mariadb")];
const SEEN_MAX: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(5);
const CRASHES_PER_SERVER: u32 = 3;
/// How long a server does not hear that its client was killed.
const UNHEARD: Duration = Duration::from_secs(3);

/// Deploys through a proxy with a fault, then without it until all is applied. None when the fault
/// did not come to pass.
fn through(kind: Kind, fault: Fault) -> Ending {
    let ws = match workspace(kind) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let oracle = history(&ws);
    let proxy = Proxy::before(ws.database().url(), fault);
    let url = proxy.url(ws.database().url());
    let run = ws.run_with(&[("DATABASE_URL", url.as_str())], &["deploy"]);
    Oracle::check_run(&run);
    if !proxy.has_happened() {
        let _ = run.ok();
        return Ending::Skipped("a message is not sent that often".to_owned());
    }
    drop(proxy);
    let stops = converge(&ws, Ways::Settle);
    oracle.check();
    Ending::Settled(stops)
}

/// What a clean deploy sends and hears: bytes of the client, messages of the server.
fn traffic() -> Option<(u64, u64)> {
    static TRAFFIC: OnceLock<Option<(u64, u64)>> = OnceLock::new();
    *TRAFFIC.get_or_init(|| {
        let ws = Workspace::on(Kind::MariaDb)?;
        let _ = history(&ws);
        let proxy = Proxy::before(ws.database().url(), Fault::None);
        let url = proxy.url(ws.database().url());
        let _ = ws.run_with(&[("DATABASE_URL", url.as_str())], &["deploy"]).ok();
        Some((proxy.bytes(Sender::Client), proxy.messages(Sender::Server)))
    })
}

/// The connection is lost at points spread over a deploy whose every statement commits by itself.
pub(super) fn cut_points(plan: &Plan<'_>) -> Vec<Case> {
    let number = plan.of(4, 40, 200);
    let point = |from: Sender, at: u64| {
        move |_: &mut crate::support::Random| {
            let Some((bytes, messages)) = traffic() else {
                return Ending::Skipped("no server for MariaDb".to_owned());
            };
            let fault = match from {
                Sender::Client => Fault::CutAfterBytes { from, bytes: 1 + bytes * at / number },
                Sender::Server => {
                    Fault::CutAfterMessages { from, messages: 1 + messages * at / number }
                }
            };
            through(Kind::MariaDb, fault)
        }
    };
    let of = |from, word: &str| {
        let word = word.to_owned();
        (0..number).map(move |at| Case::new(format!("{word}-{at}-of-{number}"), point(from, at)))
    };
    of(Sender::Client, "sent").chain(of(Sender::Server, "heard")).collect()
}

/// A message reaches the server, and its answer is lost.
pub(super) fn replies(plan: &Plan<'_>) -> Vec<Case> {
    let times = plan.of(1, 4, 24);
    let mut cases = Vec::new();
    for (kind, shown) in SERVERS {
        for to in ["COMMIT", "CREATE TABLE", "INSERT INTO", "UPDATE", "INDEX", "_LOCK"] {
            for time in 1..=times {
                let name = format!("{shown}-{}-{time}", to.to_lowercase().replace(' ', "-"));
                cases.push(Case::new(name, move |_| through(kind, Fault::LoseReply { to, time })));
            }
        }
    }
    cases
}

/// The server goes on with a statement although its client was killed.
pub(super) fn orphans(plan: &Plan<'_>) -> Vec<Case> {
    let rounds = plan.of(1, 4, 20);
    let case = |kind, shown: &str, round| {
        Case::new(format!("{shown}-orphan-{round}"), move |_| orphan(kind))
    };
    let of = |(kind, shown)| (1..=rounds).map(move |round| case(kind, shown, round));
    SERVERS.into_iter().flat_map(of).collect()
}

fn orphan(kind: Kind) -> Ending {
    let ws = match workspace(kind) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let oracle = Oracle::new(&ws);
    let (slow, seen) = match kind {
        Kind::MariaDb => ("CREATE TABLE slow AS SELECT SLEEP(1) AS slept;", "sleep(1)"),
        _ => ("CREATE TABLE slow AS SELECT 1 AS slept FROM pg_sleep(1);", "sleep(1)"),
    };
    oracle.migration("20260101000000_slow", slow);
    oracle.migration("20260102000000_after", "CREATE TABLE after_it (id INTEGER PRIMARY KEY);");
    ws.run_ok(&["lock"]);
    let proxy = Proxy::before(ws.database().url(), Fault::Linger(UNHEARD));
    let mut command = ws.binary(&["deploy"]);
    command.env("DATABASE_URL", proxy.url(ws.database().url()));
    let running = ws.running(command);
    wait_for_statement(&ws, seen);
    running.signal(Signal::KILL);
    let _ = running.wait();
    let stops = converge(&ws, Ways::Settle);
    drop(proxy);
    oracle.check();
    Ending::Settled(stops)
}

/// Waits until a session of the server runs a statement with this text.
#[track_caller]
fn wait_for_statement(ws: &Workspace, text: &str) {
    let sql = match ws.database().kind() {
        Kind::MariaDb => format!(
            "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() \
             AND id <> CONNECTION_ID() AND LOWER(info) LIKE '%{text}%'"
        ),
        _ => format!(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
             AND pid <> pg_backend_pid() AND state = 'active' AND LOWER(query) LIKE '%{text}%'"
        ),
    };
    let started = Instant::now();
    while ws.database().value(&sql) == "0" {
        assert!(started.elapsed() < SEEN_MAX, "no session runs `{text}`");
        sleep(POLL);
    }
}

/// A server of its own, killed in the middle of deploys and started again.
pub(super) fn crashes(plan: &Plan<'_>) -> Vec<Case> {
    let servers = plan.of(0, 2, 15);
    let mut cases = Vec::new();
    for (kind, shown) in SERVERS {
        for number in 1..=servers {
            let name = format!("{shown}-crash-{number}");
            cases.push(Case::new(name, move |random| {
                let moments = std::array::from_fn(|_| random.below(350));
                crashed(kind, moments)
            }));
        }
    }
    cases
}

/// A server that can crash.
enum Own {
    Postgres(Postgres),
    MariaDb(MariaDb),
}

impl Own {
    fn start(kind: Kind) -> Self {
        let binary = binary_path();
        let target = binary.ancestors().nth(2).expect("target/<profile>/<binary>");
        if kind == Kind::MariaDb {
            Self::MariaDb(MariaDb::start(target, Syncing::Durable).expect("a server of its own"))
        } else {
            Self::Postgres(Postgres::start(target, Syncing::Durable).expect("a server of its own"))
        }
    }

    fn url(&self) -> String {
        match self {
            Self::Postgres(server) => server.url(),
            Self::MariaDb(server) => server.url(),
        }
    }

    fn crash_and_restart(&mut self) {
        let done = match self {
            Self::Postgres(server) => server.crash_and_restart(Syncing::Durable),
            Self::MariaDb(server) => server.crash_and_restart(Syncing::Durable),
        };
        done.expect("it recovers");
    }
}

fn crashed(kind: Kind, after_ms: [u64; CRASHES_PER_SERVER as usize]) -> Ending {
    let mut server = Own::start(kind);
    let ws = Workspace::around(Database::on_server(kind, &server.url(), server.url()));
    let oracle = history(&ws);
    for after in after_ms {
        let running = ws.start(&["deploy"]);
        sleep(Duration::from_millis(after));
        server.crash_and_restart();
        Oracle::check_run(&running.wait());
    }
    let stops = converge(&ws, Ways::Settle);
    oracle.check();
    Ending::Settled(stops)
}
