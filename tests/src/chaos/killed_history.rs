//! A long history of a real project whose deploy is killed hundreds of times: the schema is that of
//! a clean run, and nobody had to help.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::capture;
use crate::support::{Kind, Oracle, Random, Seed, Workspace, copy_history, dump};

/// Each deploy is killed this often on average before it would be done.
const KILLS_PER_DEPLOY: u32 = 25;

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Killed {
    /// Migrations of the history.
    pub migrations: usize,
    /// SIGKILLs that a deploy got while it was at it.
    pub kills: u32,
    /// Databases on which the history was brought to its end.
    pub finished: u32,
    /// How long a clean run takes.
    pub clean: Duration,
}

/// Kills `deploy` of a folder of PostgreSQL migrations at random moments until there were `kills`.
///
/// # Errors
/// What did not hold.
pub fn killed_history(folder: &Path, kills: u32, seed: Seed) -> Result<Killed, String> {
    capture::panics(|| {
        let mut random = seed.of("killed-history");
        let clean = workspace(folder);
        let started = Instant::now();
        clean.run_ok(&["deploy"]);
        let mut killed = Killed { clean: started.elapsed(), ..Killed::default() };
        killed.migrations = clean.ids().len();
        let expected = dump(clean.database());
        while killed.kills < kills {
            let ws = workspace(folder);
            one(&ws, &mut killed, kills, &mut random);
            assert_eq!(dump(ws.database()), expected, "the schema is that of a clean run");
            finished(&ws);
            killed.finished += 1;
        }
        killed
    })
}

fn workspace(folder: &Path) -> Workspace {
    let ws = Workspace::bare(Kind::Postgres).expect("a PostgreSQL server");
    copy_history(folder, &ws);
    ws.write("migrations/migrations.lock", ws.empty_lock_file());
    ws.run_ok(&["lock"]);
    ws
}

/// Deploys to the end, killed on the way.
fn one(ws: &Workspace, killed: &mut Killed, kills: u32, random: &mut Random) {
    let mean = killed.clean / KILLS_PER_DEPLOY;
    let micros = u64::try_from(2 * mean.as_micros()).unwrap_or(u64::MAX);
    while killed.kills < kills {
        let mut running = ws.start(&["deploy"]);
        sleep(Duration::from_micros(random.below(micros)));
        let done = running.has_ended();
        running.signal(Signal::KILL);
        let run = running.wait();
        Oracle::check_run(&run);
        match run.code {
            Some(0) if done => return,
            // It ended in the moment before the signal.
            Some(0) => {}
            None => killed.kills += 1,
            Some(_) => panic!("after {} kills a person is needed: {run}", killed.kills),
        }
    }
    ws.run_ok(&["deploy"]);
}

fn finished(ws: &Workspace) {
    let table = "_xtask_db_migrations";
    let count =
        |filter: &str| ws.database().value(&format!("SELECT COUNT(*) FROM {table} WHERE {filter}"));
    let applied = count("finished_at IS NOT NULL AND rolled_back_at IS NULL");
    assert_eq!(applied, ws.ids().len().to_string(), "each is applied once");
    assert_eq!(count("finished_at IS NULL AND rolled_back_at IS NULL"), "0");
    let invalid = ws.database().value("SELECT COUNT(*) FROM pg_index WHERE NOT indisvalid");
    assert_eq!(invalid, "0", "no INVALID index is left");
    ws.run_ok(&["status"]);
}
