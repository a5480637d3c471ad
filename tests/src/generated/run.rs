//! Many drawn pairs, a few at a time.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use xtask_db_schema::{Online, PlanOptions};

use super::{Schema, draw, shrink};
use crate::pairs::{Pair, Tally, Verdict, judge};
use crate::support::{Kind, Seed};

/// Pairs wait for servers more than they compute.
const THREADS: usize = 4;

/// A pair that failed, as small as it could be made.
#[derive(Debug, Clone)]
pub struct Failed {
    /// Which of the run.
    pub number: u32,
    /// Where the plan starts.
    pub current: String,
    /// Where it should end.
    pub desired: String,
    /// What came of it.
    pub verdict: Verdict,
}

/// Judges `count` pairs from a seed; the failing ones in the order of their numbers. Pair `n` of a
/// seed is the same in every run. `only` judges that one.
///
/// # Errors
/// There is no generator for the server, or the machine gives no folder.
///
/// # Panics
/// A server or its tool does not answer.
pub fn run(
    kind: Kind,
    seed: Seed,
    count: u32,
    only: Option<u32>,
) -> Result<(Tally, Vec<Failed>), String> {
    if draw(kind, &mut seed.of("0")).is_none() {
        return Err("there is no generator for this server".to_owned());
    }
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let next = AtomicU32::new(only.unwrap_or(0));
    let end = only.map_or(count, |only| only + 1);
    let found = Mutex::new((Tally::default(), Vec::new()));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= end {
                        return;
                    }
                    let Some((current, desired)) = draw(kind, &mut seed.of(&number.to_string()))
                    else {
                        return;
                    };
                    // Every other pair without the forms that block nobody.
                    let online =
                        if number.is_multiple_of(2) { Online::Auto } else { Online::Never };
                    let judge = |current: &Schema, desired: &Schema| {
                        let pair = pair(current, desired);
                        judge(kind, folder.path(), &pair, &PlanOptions { online })
                    };
                    let verdict = judge(&current, &desired);
                    let failed = fails(&verdict)
                        .then(|| smallest(number, current, desired, verdict.clone(), judge));
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    found.0.count(&verdict);
                    found.1.extend(failed);
                }
            });
        }
    });
    let (tally, mut failed) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort_by_key(|failed| failed.number);
    Ok((tally, failed))
}

/// A generator draws what its server takes, and what the model holds.
const fn fails(verdict: &Verdict) -> bool {
    !matches!(verdict, Verdict::Converged)
}

fn smallest(
    number: u32,
    current: Schema,
    desired: Schema,
    verdict: Verdict,
    judge: impl Fn(&Schema, &Schema) -> Verdict,
) -> Failed {
    let same = |other: &Verdict| {
        std::mem::discriminant(other) == std::mem::discriminant(&verdict)
            && !matches!(other, Verdict::NotAccepted(_))
    };
    let (current, desired) = match verdict {
        Verdict::NotAccepted(_) => (current, desired),
        _ => shrink(current, desired, |current, desired| same(&judge(current, desired))),
    };
    let verdict = judge(&current, &desired);
    Failed { number, current: current.sql(), desired: desired.sql(), verdict }
}

fn pair(current: &Schema, desired: &Schema) -> Pair {
    Pair { current: current.sql(), desired: desired.sql(), ..Pair::default() }
}
