//! Many pairs, a few at a time.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::thread;

use xtask_db_schema::{Online, PlanOptions};

use super::{PairFile, Verdict, judge};

/// Pairs wait for servers more than they compute.
const THREADS: usize = 4;

/// Judges every pair of a file, in the file's order. `plain`: no forms that block nobody.
///
/// # Errors
/// The machine gives no folder.
///
/// # Panics
/// A server or its tool does not answer.
pub fn judge_all(file: &PairFile, plain: bool) -> Result<Vec<(String, Verdict)>, String> {
    let online = if plain { Online::Never } else { Online::Auto };
    let options = &PlanOptions { online };
    let waiting = Mutex::new(file.pairs.iter().enumerate().collect::<VecDeque<_>>());
    let done = Mutex::new(Vec::new());
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let work = || {
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some((at, (name, pair))) = next else { return };
            let judged = judge(file.kind, folder.path(), pair, options);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((at, name.clone(), judged));
        }
    };
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, ..)| *at);
    Ok(done.into_iter().map(|(_, name, verdict)| (name, verdict)).collect())
}
