//! A deploy that is killed, asked to stop, cut off or made to fail, at every named place and at
//! random moments; the next one converges.

use std::thread::sleep;
use std::time::Duration;

use rustix::process::Signal;
use xtask_db_engine::Failpoint;

use super::operator::{Ways, converge};
use super::places::{KINDS, history, workspace};
use super::{Case, Ending, Plan, Tier};
use crate::support::{Action, Fault, Held, Kind, Oracle, Proxy, Random, Run, Workspace};

/// What happens to a run at a named place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blow {
    Kill,
    Term,
    Cut,
    Error,
}

pub(super) const BLOWS: [(Blow, &str); 4] =
    [(Blow::Kill, "kill"), (Blow::Term, "term"), (Blow::Cut, "cut"), (Blow::Error, "error")];
/// Where a slice tries: before the lock, in the middle of a file, between two writes, at the end.
const SLICE: [Failpoint; 5] = [
    Failpoint::Locked,
    Failpoint::Statement,
    Failpoint::Marked,
    Failpoint::Uncounted,
    Failpoint::Closing,
];
const KILLS_IN_A_ROW_MAX: u64 = 3;
/// The exit code of a run that did not get the deploy lock.
const LOCKED: i32 = 7;
/// How far past a clean run's end a random moment may lie, in percent of it.
const BEYOND_PERCENT: u64 = 110;

/// Every named place, each kind of blow, on each database.
pub(super) fn at_places(plan: &Plan<'_>) -> Vec<Case> {
    let times: u32 = plan.of(1, 1, 8);
    let mut cases = Vec::new();
    for (kind, shown) in KINDS {
        for point in Failpoint::ALL.into_iter().filter(|point| reaches(kind, *point)) {
            if plan.tier == Tier::Slice && !SLICE.contains(&point) {
                continue;
            }
            for (blow, word) in BLOWS {
                if kind == Kind::Sqlite && blow == Blow::Cut {
                    continue;
                }
                for time in 1..=times {
                    let name = format!("{shown}-{}#{time}-{word}", point.name());
                    cases
                        .push(Case::new(name, move |_| at_place(kind, point, time, blow, history)));
                }
            }
        }
    }
    cases
}

/// Whether the history of a campaign comes by there.
fn reaches(kind: Kind, point: Failpoint) -> bool {
    // Every statement that changes a schema commits by itself.
    let together = matches!(point, Failpoint::Opened | Failpoint::Committed);
    kind != Kind::MariaDb || !together
}

/// Deals a deploy of `history` a blow, the `time`-th time it reaches a place, and goes on.
pub(super) fn at_place(
    kind: Kind,
    point: Failpoint,
    time: u32,
    blow: Blow,
    history: fn(&Workspace) -> Oracle<'_>,
) -> Ending {
    let ws = match workspace(kind) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let oracle = history(&ws);
    let proxy = (blow == Blow::Cut).then(|| Proxy::before(ws.database().url(), Fault::None));
    let through = proxy.as_ref().map(|proxy| proxy.url(ws.database().url()));
    let variables: Vec<(&str, &str)> =
        through.iter().map(|url| ("DATABASE_URL", url.as_str())).collect();
    let action = match blow {
        Blow::Kill | Blow::Term => Action::Hold,
        Blow::Cut => Action::Pause,
        Blow::Error => Action::Error,
    };
    let mut held = Held::start(&ws, (point, time), action, &variables, &["deploy"]);
    if blow != Blow::Error {
        let reached = held.reached();
        assert!(reached || time > 1, "{} is never reached: {}", point.name(), held.wait());
        if !reached {
            return Ending::Skipped("a place is not reached that often".to_owned());
        }
    }
    match blow {
        Blow::Kill => held.signal(Signal::KILL),
        Blow::Term => held.signal(Signal::TERM),
        Blow::Cut => {
            if let Some(proxy) = &proxy {
                proxy.cut();
            }
            held.let_go();
        }
        Blow::Error => {}
    }
    let run = held.wait();
    if blow == Blow::Term {
        let next = ws.run(&["deploy", "--lock-wait", "1"]);
        assert_ne!(next.code, Some(LOCKED), "the lock outlived a run that could end: {next}");
    }
    let expected = match blow {
        Blow::Kill => run.code.is_none(),
        Blow::Term => run.code == Some(143),
        Blow::Cut => true,
        Blow::Error => run.code != Some(0) || time > 1,
    };
    assert!(expected, "after {blow:?}: {run}");
    Oracle::check_run(&run);
    let ways = if blow == Blow::Error { Ways::Retry } else { Ways::Settle };
    let stops = converge(&ws, ways);
    oracle.check();
    Ending::Settled(stops)
}

/// Random moments of a run at which it is killed, several times in a row.
pub(super) fn random_kills(plan: &Plan<'_>) -> Vec<Case> {
    randomly(plan.of(3, 20, 200), "kill", |ws, random| {
        for _ in 0..=random.below(KILLS_IN_A_ROW_MAX) {
            let _ = signalled(ws, random, Signal::KILL);
        }
    })
}

/// Random moments at which it is asked to stop.
pub(super) fn random_signals(plan: &Plan<'_>) -> Vec<Case> {
    randomly(plan.of(2, 12, 100), "signal", |ws, random| {
        let (signal, code) = *random.pick(&[(Signal::INT, 130), (Signal::TERM, 143)]);
        let run = signalled(ws, random, signal);
        // Before the program listens for it, the signal ends the process.
        let expected = matches!(run.code, None | Some(0)) || run.code == Some(code);
        assert!(expected, "{run}");
    })
}

fn randomly(
    number: u32,
    word: &str,
    blow: impl Fn(&Workspace, &mut Random) + Copy + Send + 'static,
) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kind, shown) in KINDS {
        for round in 1..=number {
            cases.push(Case::new(format!("{shown}-{word}-{round}"), move |random| {
                let ws = match workspace(kind) {
                    Ok(ws) => ws,
                    Err(skipped) => return skipped,
                };
                let oracle = history(&ws);
                blow(&ws, random);
                let stops = converge(&ws, Ways::Settle);
                oracle.check();
                Ending::Settled(stops)
            }));
        }
    }
    cases
}

/// Starts a deploy and signals it at a random moment.
fn signalled(ws: &Workspace, random: &mut Random, signal: Signal) -> Run {
    // A clean run of this history on a slow machine; a moment after its end is not wasted, it is
    // the case in which nothing happens.
    let clean = Duration::from_millis(match ws.database().kind() {
        Kind::Sqlite => 60,
        Kind::Postgres | Kind::PgBouncer => 250,
        Kind::MariaDb => 150,
    });
    let micros = u64::try_from(clean.as_micros()).unwrap_or(u64::MAX) * BEYOND_PERCENT / 100;
    let running = ws.start(&["deploy", "--lock-wait", "20"]);
    sleep(Duration::from_micros(random.below(micros)));
    running.signal(signal);
    let run = running.wait();
    Oracle::check_run(&run);
    run
}
