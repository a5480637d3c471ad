//! A backfill against one UPDATE of the same rows, and what others wait for while it runs.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use xtask_db_tests::support::{Database, Kind, Workspace};

use super::measure::time;
use super::report::{bound, say};

const ID: &str = "20260101000000_people";
/// At least half of the rate of one UPDATE.
const TIMES_MAX: f64 = 2.0;
const WAIT_MS_MAX: f64 = 200.0;
const CLIENTS: &str = "4";
const SAMPLE_EVERY: Duration = Duration::from_millis(10);
/// How long the clients run alone, to know what they wait for without a backfill.
const ALONE_SECONDS: &str = "30";
/// Longer than any backfill here; the clients are ended with it.
const BESIDE_SECONDS: &str = "3600";

/// What clients met.
struct Met {
    /// Milliseconds of each transaction, sorted.
    times: Vec<f64>,
}

/// Runs both parts on a server.
pub(super) fn run(server: &str, ours: &Path, rows: u64) -> Result<(), String> {
    say(&format!("\nbackfill: {rows} rows on PostgreSQL"));
    let update = one_update(server, rows)?;
    let alone = filled(server, ours, rows)?;
    let rate = |took: Duration| {
        #[expect(clippy::cast_precision_loss, reason = "shown")]
        let rows = rows as f64;
        rows / took.as_secs_f64()
    };
    say(&format!("  one UPDATE  {:>8.1} s  {:>9.0} rows/s", update.as_secs_f64(), rate(update)));
    say(&format!("  backfill    {:>8.1} s  {:>9.0} rows/s", alone.as_secs_f64(), rate(alone)));
    let ratio = alone.as_secs_f64() / update.as_secs_f64();
    bound("time of the backfill against one UPDATE", ratio, TIMES_MAX, "x");
    beside_clients(server, ours, rows)
}

fn one_update(server: &str, rows: u64) -> Result<Duration, String> {
    let ws = people(server, rows)?;
    let started = Instant::now();
    psql(&ws, "UPDATE people SET plan = 'free'")?;
    Ok(started.elapsed())
}

fn filled(server: &str, ours: &Path, rows: u64) -> Result<Duration, String> {
    let ws = people(server, rows)?;
    deployed(&ws, ours)?;
    let took = time(command(&ws, ours, &["backfill", "run"]))?;
    check(&ws, rows)?;
    Ok(took)
}

fn beside_clients(server: &str, ours: &Path, rows: u64) -> Result<(), String> {
    let ws = people(server, rows)?;
    deployed(&ws, ours)?;
    let script =
        format!("\\set id random(1, {rows})\nUPDATE people SET seen = seen + 1 WHERE id = :id;\n");
    ws.write("client.sql", script);
    let mut clients = pgbench(&ws, "alone", ALONE_SECONDS);
    clients.status().map_err(|error| format!("pgbench: {error}"))?;
    let alone = Met::read(&ws, "alone")?;
    psql(&ws, "CHECKPOINT")?;
    let mut clients = pgbench(&ws, "beside", BESIDE_SECONDS);
    let mut clients = clients.spawn().map_err(|error| format!("pgbench: {error}"))?;
    let over = AtomicBool::new(false);
    let (took, waits) = std::thread::scope(|scope| {
        let sampler = scope.spawn(|| sample(ws.database(), &over));
        let took = time(command(&ws, ours, &["backfill", "run"]));
        over.store(true, Ordering::Relaxed);
        (took, sampler.join().unwrap_or_default())
    });
    drop(clients.kill());
    drop(clients.wait());
    let took = took?;
    check(&ws, rows)?;
    let beside = Met::read(&ws, "beside")?;
    say(&format!("  with {CLIENTS} clients that change single rows: {:.1} s", took.as_secs_f64()));
    alone.tell("clients alone");
    beside.tell("clients beside it");
    let longest = waits.iter().copied().fold(0.0, f64::max);
    say(&format!("  waits for a row of the backfill that a look found: {}", waits.len()));
    bound("the longest of them", longest, WAIT_MS_MAX, "ms");
    Ok(())
}

/// Looks again and again for clients that wait for a lock of the backfill; how long each has.
fn sample(database: &Database, over: &AtomicBool) -> Vec<f64> {
    let mut waits = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let found = database.column(
            "SELECT (extract(epoch FROM clock_timestamp() - c.query_start) * 1000)::float8::text \
             FROM pg_stat_activity AS c WHERE c.wait_event_type = 'Lock' \
             AND c.application_name = 'pgbench' AND EXISTS (SELECT 1 \
             FROM unnest(pg_blocking_pids(c.pid)) AS p (pid) JOIN pg_stat_activity AS b \
             ON b.pid = p.pid AND b.application_name <> 'pgbench')",
        );
        waits.extend(found.iter().filter_map(|ms| ms.parse::<f64>().ok()));
        sleep(SAMPLE_EVERY);
    }
    waits
}

impl Met {
    /// Reads what pgbench wrote of each transaction: its time in microseconds is the third column.
    fn read(ws: &Workspace, prefix: &str) -> Result<Self, String> {
        let folder = std::fs::read_dir(ws.root()).map_err(|error| error.to_string())?;
        let mut times = Vec::new();
        for file in folder.flatten() {
            if file.file_name().to_string_lossy().starts_with(&format!("{prefix}.")) {
                let text = std::fs::read_to_string(file.path()).map_err(|e| e.to_string())?;
                let micros = text.lines().filter_map(|line| line.split(' ').nth(2)?.parse().ok());
                times.extend(micros.map(|micros: f64| micros / 1000.0));
            }
        }
        times.sort_by(f64::total_cmp);
        if times.is_empty() { Err("pgbench wrote nothing".to_owned()) } else { Ok(Self { times }) }
    }

    fn tell(&self, what: &str) {
        let at = |of_1000: usize| self.times[(self.times.len() - 1) * of_1000 / 1000];
        let late = self.times.iter().filter(|&&ms| ms > WAIT_MS_MAX).count();
        say(&format!(
            "  {what:<18} {:>8} transactions, p50 {:.1} ms, p99 {:.1} ms, p99.9 {:.1} ms, longest \
             {:.1} ms, {late} over {WAIT_MS_MAX} ms",
            self.times.len(),
            at(500),
            at(990),
            at(999),
            at(1000)
        ));
    }
}

/// A table with rows, and the migration that fills its column, not deployed yet.
fn people(server: &str, rows: u64) -> Result<Workspace, String> {
    let ws = Workspace::around(Database::on_server(Kind::Postgres, server, server.to_owned()));
    ws.migration(ID, "-- the rows are there already\n");
    let text = "-- xtask-db: batch people(id) 1000\n\
        UPDATE people SET plan = 'free' WHERE id > :from AND id <= :to;\n";
    ws.write(&format!("migrations/{ID}/backfill.sql"), text);
    psql(
        &ws,
        &format!(
            "CREATE TABLE people (id BIGINT PRIMARY KEY, name TEXT NOT NULL, plan TEXT, \
             seen INT NOT NULL DEFAULT 0); INSERT INTO people (id, name) \
             SELECT i, 'person number ' || i FROM generate_series(1, {rows}) AS s (i)"
        ),
    )?;
    psql(&ws, "VACUUM ANALYZE people")?;
    psql(&ws, "CHECKPOINT")?;
    Ok(ws)
}

fn deployed(ws: &Workspace, ours: &Path) -> Result<(), String> {
    time(command(ws, ours, &["lock"]))?;
    // Tables that were there before are no reason to stop.
    time(command(ws, ours, &["resolve", "--applied-through", ID])).map(drop)
}

fn check(ws: &Workspace, rows: u64) -> Result<(), String> {
    let filled = ws.database().value("SELECT count(*) FROM people WHERE plan = 'free'");
    if filled == rows.to_string() { Ok(()) } else { Err(format!("{filled} of {rows} are filled")) }
}

fn command(ws: &Workspace, ours: &Path, words: &[&str]) -> Command {
    let mut command = ws.command(ours);
    command.args(words);
    command
}

fn psql(ws: &Workspace, sql: &str) -> Result<(), String> {
    let mut command = ws.command("psql");
    command.args(["-qX", "-v", "ON_ERROR_STOP=1", ws.database().url(), "-c", sql]);
    time(command).map(drop)
}

fn pgbench(ws: &Workspace, prefix: &str, seconds: &str) -> Command {
    let mut command = ws.command("pgbench");
    command.args(["-n", "-c", CLIENTS, "-j", "1", "-T", seconds, "-f", "client.sql", "-l"]);
    command.args(["--log-prefix", prefix, ws.database().url()]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}
