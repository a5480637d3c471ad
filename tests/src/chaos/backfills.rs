//! Backfills that are killed, cut off and run twice at once: each row is filled once, and the
//! progress counts every row that was filled and no other.

use std::thread::sleep;
use std::time::Duration;

use rustix::process::Signal;
use xtask_db_engine::Failpoint;

use super::interrupted::{BLOWS, Blow};
use super::places::{KINDS, workspace};
use super::{Case, Ending, Plan};
use crate::support::{Action, Fault, Held, Kind, Oracle, Proxy, Random, Workspace};

const ID: &str = "20260101000000_people";
const LATER: &str = "20260102000000_later";
/// Small batches with rests between them, so that there is a moment for every kill.
const SLOWLY: [&str; 6] = ["backfill", "run", "--batch-time", "3", "--rest", "25"];
/// How long a killed run may live: it starts, connects, and does some batches.
const LIFE_MS_MAX: u64 = 110;
/// After how many runs that were not killed the campaign gives up.
const RUNS_MAX: u32 = 100;

/// 100,000 rows and 100 kills on each database.
pub(super) fn kills(plan: &Plan<'_>) -> Vec<Case> {
    let (rows, kills): (u64, u32) = plan.of((5_000, 8), (100_000, 100), (100_000, 500));
    let case = |(kind, shown): (Kind, &str)| {
        let name = format!("{shown}-{rows}-rows-{kills}-kills");
        Case::new(name, move |random| killed(kind, rows, kills, random))
    };
    KINDS.into_iter().map(case).collect()
}

/// Two runners, one of which is killed again and again.
pub(super) fn two_runners(plan: &Plan<'_>) -> Vec<Case> {
    let kills: u32 = plan.of(1, 10, 40);
    let case = |(kind, shown): (Kind, &str)| {
        Case::new(format!("{shown}-two-runners"), move |random| beside(kind, kills, random))
    };
    KINDS.into_iter().map(case).collect()
}

/// Every named place of a backfill, each kind of blow, on each database.
pub(super) fn at_places(plan: &Plan<'_>) -> Vec<Case> {
    let times: u32 = plan.of(1, 2, 6);
    let mut cases = Vec::new();
    for (kind, shown) in KINDS {
        for point in Failpoint::BACKFILL {
            for (blow, word) in BLOWS {
                let once = point == Failpoint::BackfillClosing;
                for time in 1..=if once { 1 } else { times } {
                    if kind == Kind::Sqlite && blow == Blow::Cut {
                        continue;
                    }
                    let name = format!("{shown}-{}#{time}-{word}", point.name());
                    cases.push(Case::new(name, move |_| at_place(kind, point, time, blow)));
                }
            }
        }
    }
    // Five, so that each kind of blow has its turn.
    cases.into_iter().step_by(plan.of(5, 1, 1)).collect()
}

/// A table with rows, a migration that fills it, and one that waits for that.
fn people(kind: Kind, rows: u64) -> Result<Workspace, Ending> {
    let ws = workspace(kind)?;
    ws.migration(ID, "CREATE TABLE people (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);");
    ws.write(
        &format!("migrations/{ID}/backfill.sql"),
        "-- xtask-db: batch people(id) 100\n\
         UPDATE people SET n = n + 1 WHERE id > :from AND id <= :to;\n",
    );
    ws.write(&format!("migrations/{ID}/verify.sql"), "SELECT id FROM people WHERE n <> 1;\n");
    let later = format!("-- xtask-db: after-backfill {ID}\nCREATE TABLE later (id INTEGER);\n");
    ws.migration(LATER, &later);
    ws.run_ok(&["lock"]);
    ws.run(&["deploy"]).refused(3, "XDB0312");
    // Gaps, as real tables have them.
    let ids = match kind {
        Kind::Postgres | Kind::PgBouncer => {
            format!("SELECT i * 3, 0 FROM generate_series(1, {rows}) AS s(i)")
        }
        Kind::MariaDb => format!("SELECT seq * 3, 0 FROM seq_1_to_{rows}"),
        Kind::Sqlite => format!(
            "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {rows}) \
             SELECT i * 3, 0 FROM s"
        ),
    };
    ws.database().execute(&format!("INSERT INTO people {ids}"));
    Ok(ws)
}

/// Each row once, counted once; what waited is deployed; nothing is left to do.
fn filled(ws: &Workspace, rows: u64) {
    let once = ws.database().value("SELECT COUNT(*) FROM people WHERE n = 1");
    assert_eq!(once, rows.to_string(), "each row is filled once");
    assert_eq!(ws.database().value("SELECT COUNT(*) FROM people"), rows.to_string());
    let status = ws.run_ok(&["backfill", "status", "--json"]).json();
    let found = &status["backfills"][0];
    assert_eq!(found["state"], "done", "{status}");
    assert_eq!(found["rows"], rows, "the progress counts what was filled: {status}");
    ws.run_ok(&["deploy"]);
    assert!(ws.database().has_table("later"));
    ws.run_ok(&["status"]);
}

fn killed(kind: Kind, rows: u64, kills: u32, random: &mut Random) -> Ending {
    let ws = match people(kind, rows) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let (mut killed, mut ended, mut start) = (0, 0, Duration::ZERO);
    while killed < kills {
        if killed % 10 == 0 {
            // How long it takes to start and connect, which depends on what else runs here.
            start = ws.run(&["backfill", "status"]).took;
        }
        let mut running = ws.start(&SLOWLY);
        sleep(start / 2 + Duration::from_millis(random.below(LIFE_MS_MAX)));
        let over = running.has_ended();
        running.signal(Signal::KILL);
        let run = running.wait();
        Oracle::check_run(&run);
        match run.code {
            None => killed += 1,
            Some(0) => ended += 1,
            Some(_) => panic!("after {killed} kills: {run}"),
        }
        assert!(!over || ended < RUNS_MAX, "only {killed} kills before the end");
    }
    let batches =
        ws.run(&["backfill", "status", "--json"]).json()["backfills"][0]["batches"].clone();
    ws.run_ok(&["backfill", "run"]);
    filled(&ws, rows);
    Ending::Measured(format!("{killed} kills, {batches} batches until the last of them"))
}

fn beside(kind: Kind, kills: u32, random: &mut Random) -> Ending {
    const ROWS: u64 = 20_000;
    let ws = match people(kind, ROWS) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let steady = ws.start(&SLOWLY);
    for _ in 0..kills {
        let running = ws.start(&SLOWLY);
        sleep(Duration::from_millis(random.below(LIFE_MS_MAX)));
        running.signal(Signal::KILL);
        Oracle::check_run(&running.wait());
    }
    let other = ws.start(&["backfill", "run"]);
    other.wait().ok();
    steady.wait().ok();
    filled(&ws, ROWS);
    Ending::Passed
}

fn at_place(kind: Kind, point: Failpoint, time: u32, blow: Blow) -> Ending {
    const ROWS: u64 = 1_000;
    let ws = match people(kind, ROWS) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let proxy = (blow == Blow::Cut).then(|| Proxy::before(ws.database().url(), Fault::None));
    let through = proxy.as_ref().map(|proxy| proxy.url(ws.database().url()));
    let variables: Vec<(&str, &str)> =
        through.iter().map(|url| ("DATABASE_URL", url.as_str())).collect();
    let action = match blow {
        Blow::Kill | Blow::Term => Action::Hold,
        Blow::Cut => Action::Pause,
        Blow::Error => Action::Error,
    };
    let mut held = Held::start(&ws, (point, time), action, &variables, &SLOWLY);
    if blow != Blow::Error && !held.reached() {
        assert!(time > 1, "{} is never reached: {}", point.name(), held.wait());
        return Ending::Skipped("a place is not reached that often".to_owned());
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
    Oracle::check_run(&run);
    let expected = match blow {
        Blow::Kill => run.code.is_none(),
        Blow::Term => run.code == Some(143),
        Blow::Cut => true,
        Blow::Error => run.code != Some(0) || time > 1,
    };
    assert!(expected, "after {blow:?}: {run}");
    ws.run_ok(&["backfill", "run"]);
    filled(&ws, ROWS);
    Ending::Passed
}
