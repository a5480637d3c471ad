//! Backfills beside the commands that apply: which are left, how one is run and told, and a deploy
//! that goes on behind them.

use serde_json::{Value, json};
use xtask_db_engine::{
    BackfillOptions, BackfillProgress, BackfillState, Backfilling, DeployOptions, DeployReport,
    Ledger, Observer, Session, WaitsFor, backfill, backfills, deploy, inspect,
};
use xtask_db_history::{History, MigrationId};

use crate::fault::Fault;
use crate::progress::took;

/// The backfills of applied migrations that are not done.
pub(crate) fn unfinished(history: &History, ledger: &Ledger) -> Result<Vec<Backfilling>, Fault> {
    let mut all = backfills(history, ledger)?;
    all.retain(|one| one.progress.state != BackfillState::Done);
    Ok(all)
}

/// Runs one, and says in a line what was done.
pub(crate) async fn run_one(
    session: &mut Session,
    history: &History,
    id: &MigrationId,
    options: &BackfillOptions,
    observer: &mut dyn Observer,
) -> Result<String, Fault> {
    let report = backfill(session, history, id, options, observer).await?;
    let now = &report.progress;
    Ok(match now.state {
        BackfillState::Done => {
            let (rows, spent) = (grouped(now.rows), took(now.spent));
            format!("filled {id}: {rows} rows in {} batches, {spent}", now.batches)
        }
        _ => format!("held {id}: {}", far(now)),
    })
}

/// Runs the backfills that nobody holds, and deploys what waited for them. What was applied and
/// what waits still is put into `report`.
pub(crate) async fn fill_and_go_on(
    session: &mut Session,
    history: &History,
    options: &DeployOptions,
    report: &mut DeployReport,
    observer: &mut dyn Observer,
) -> Result<(), Fault> {
    let fill = BackfillOptions {
        actor: options.actor.clone(),
        lock_wait: options.lock_wait,
        environment: options.environment.clone(),
        ..BackfillOptions::default()
    };
    loop {
        let ledger = inspect(session, history).await?.ledger;
        for one in unfinished(history, &ledger)? {
            if one.progress.state != BackfillState::Paused {
                let line = run_one(session, history, &one.id, &fill, observer).await?;
                observer.on(xtask_db_engine::Event::Notice(&line));
            }
        }
        if report.waiting.is_none() {
            return Ok(());
        }
        let more = deploy(session, history, options, observer).await?;
        let stuck = more.applied.is_empty();
        report.applied.extend(more.applied);
        report.waiting = more.waiting;
        if stuck {
            return Ok(());
        }
    }
}

/// What waits for a backfill, as a fault.
pub(crate) fn still_waits(
    history: &History,
    ledger: &Ledger,
    waiting: WaitsFor,
) -> Result<Fault, Fault> {
    let mut left = unfinished(history, ledger)?;
    left.retain(|one| one.id == waiting.backfill);
    Ok(Fault::Unfilled { waiting: Some(waiting), left })
}

/// How far one is, in a line of `status`.
pub(crate) fn line(one: &Backfilling) -> String {
    let word = match one.progress.state {
        BackfillState::Waiting => "not begun",
        BackfillState::Running => "begun",
        BackfillState::Paused => "held",
        BackfillState::Done => "done",
    };
    match one.progress.state {
        BackfillState::Waiting => format!("backfill      {}  {word}", one.id),
        _ => format!("backfill      {}  {word}, {}", one.id, far(&one.progress)),
    }
}

/// `35 % of 100,000 keys, 12,000 a second, 5.4 s left`.
pub(crate) fn far(progress: &BackfillProgress) -> String {
    let percent = match progress.total {
        0 => 100,
        total => (u128::from(progress.keys) * 100 / u128::from(total)).min(100),
    };
    let mut text = format!("{percent} % of {} keys", grouped(progress.total));
    if let Some(rate) = progress.rate() {
        text.push_str(&format!(", {} a second", grouped(rounded(rate))));
    }
    if let Some(left) = progress.left().filter(|_| progress.state != BackfillState::Done) {
        text.push_str(&format!(", {} left", took(left)));
    }
    text
}

/// The same for programs.
pub(crate) fn object(one: &Backfilling) -> Value {
    let now = &one.progress;
    json!({
        "id": one.id.as_str(), "state": now.state, "keys": now.keys, "total": now.total,
        "rows": now.rows, "batches": now.batches,
        "spent_ms": u64::try_from(now.spent.as_millis()).unwrap_or(u64::MAX),
        "rate": now.rate().map(rounded),
        "left_ms": now.left().map(|left| u64::try_from(left.as_millis()).unwrap_or(u64::MAX)),
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shown, and positive")]
fn rounded(rate: f64) -> u64 {
    rate.round() as u64
}

/// `12,345,678`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn how_far_it_is_and_how_long_it_takes() {
        let check = |keys, total, ms, expected: &str| {
            let spent = Duration::from_millis(ms);
            let (state, rows, batches) = (BackfillState::Running, 0, 0);
            let progress = BackfillProgress { state, keys, total, rows, batches, spent };
            assert_eq!(far(&progress), expected);
        };
        check(0, 0, 0, "100 % of 0 keys");
        check(0, 1000, 0, "0 % of 1,000 keys");
        check(250, 1000, 500, "25 % of 1,000 keys, 500 a second, 1.5 s left");
        check(
            2_000_000,
            5_000_000,
            20_000,
            "40 % of 5,000,000 keys, 100,000 a second, 30.0 s left",
        );
    }
}
