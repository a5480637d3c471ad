//! A campaign: rows of cases, run on a few threads, each case counted.
//!
//! Invariant: a case that panics is a failure of that case, and no other case hears of it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::thread::scope;
use std::time::{Duration, Instant};

use super::capture;
use crate::support::{Random, Seed};

/// Cases wait for servers more than they compute.
const THREADS: usize = 8;

/// How much is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// A part of the ordinary tests.
    Slice,
    /// Minutes.
    Standard,
    /// Up to an hour.
    Soak,
}

/// What a campaign is asked to do.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// How much.
    pub tier: Tier,
    /// Where its randomness comes from.
    pub seed: Seed,
    /// Only cases whose name contains this.
    pub case: Option<&'a str>,
}

impl Plan<'_> {
    /// One of three, by tier.
    #[must_use]
    pub const fn of<T: Copy>(&self, slice: T, standard: T, soak: T) -> T {
        match self.tier {
            Tier::Slice => slice,
            Tier::Standard => standard,
            Tier::Soak => soak,
        }
    }
}

/// How a case ended when it did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// As it must.
    Passed,
    /// As it must, after this many stops that a person had to settle, which was done as printed.
    Settled(u32),
    /// As it must, with figures that are worth a line.
    Measured(String),
    /// Not tried, and why.
    Skipped(String),
}

type Body = Box<dyn FnOnce(&mut Random) -> Ending + Send>;

/// One case.
pub struct Case {
    name: String,
    /// Nothing else may run beside it: it measures time.
    alone: bool,
    body: Body,
}

impl Case {
    /// A case with a name that says how to repeat it.
    pub fn new(
        name: impl Into<String>,
        body: impl FnOnce(&mut Random) -> Ending + Send + 'static,
    ) -> Self {
        Self { name: name.into(), alone: false, body: Box::new(body) }
    }

    /// Runs without others beside it.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.alone = true;
        self
    }
}

/// A kind of fault.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Its number in the table of faults.
    pub number: &'static str,
    /// What is tried.
    pub what: &'static str,
    /// Its cases.
    pub cases: fn(&Plan<'_>) -> Vec<Case>,
}

/// A case that failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The case.
    pub case: String,
    /// What did not hold.
    pub why: String,
}

/// The count of a row.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Cases that were tried.
    pub cases: usize,
    /// Those that ended as they must.
    pub passed: usize,
    /// Stops that were settled as printed.
    pub stops: u32,
    /// Those that did not.
    pub failures: Vec<Failure>,
    /// What was measured.
    pub measured: Vec<String>,
    /// Why cases were not tried, each reason once.
    pub skipped: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

impl Row {
    /// Runs its cases.
    #[must_use]
    pub fn run(&self, plan: &Plan<'_>) -> Report {
        let started = Instant::now();
        let mut cases = (self.cases)(plan);
        if let Some(wanted) = plan.case {
            cases.retain(|case| case.name.contains(wanted));
        }
        let (alone, together): (Vec<Case>, Vec<Case>) =
            cases.into_iter().partition(|case| case.alone);
        let report = Mutex::new(Report::default());
        let count = |case: Case| {
            let (name, ended) = one(case, plan.seed);
            report.lock().unwrap_or_else(PoisonError::into_inner).count(name, ended);
        };
        let queue = Mutex::new(VecDeque::from(together));
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    while let Some(case) = next() {
                        count(case);
                    }
                });
            }
        });
        alone.into_iter().for_each(count);
        let mut report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
        report.failures.sort_by(|first, second| first.case.cmp(&second.case));
        report.took = started.elapsed();
        report
    }
}

fn one(case: Case, seed: Seed) -> (String, Result<Ending, String>) {
    let mut random = seed.of(&case.name);
    let ended = capture::panics(|| (case.body)(&mut random));
    (case.name, ended)
}

impl Report {
    fn count(&mut self, case: String, ended: Result<Ending, String>) {
        if let Ok(Ending::Skipped(why)) = ended {
            if !self.skipped.contains(&why) {
                self.skipped.push(why);
            }
            return;
        }
        self.cases += 1;
        match ended {
            Ok(Ending::Settled(stops)) => {
                self.passed += 1;
                self.stops += stops;
            }
            Ok(Ending::Measured(figures)) => {
                self.passed += 1;
                self.measured.push(figures);
            }
            Ok(_) => self.passed += 1,
            Err(why) => self.failures.push(Failure { case, why }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_is_counted_and_a_failure_names_itself() {
        fn cases(_: &Plan<'_>) -> Vec<Case> {
            let mut cases: Vec<Case> =
                (0..9).map(|n| Case::new(format!("ok-{n}"), |_| Ending::Passed)).collect();
            cases.push(Case::new("bad", |_| panic!("it broke")));
            cases.push(Case::new("told", |_| Ending::Settled(2)).alone());
            cases.push(Case::new("gone", |_| Ending::Skipped("no server".to_owned())));
            cases
        }
        let row = Row { number: "0", what: "itself", cases };
        let plan = Plan { tier: Tier::Slice, seed: Seed::new(1), case: None };
        let report = row.run(&plan);
        assert_eq!((report.cases, report.passed, report.stops), (11, 10, 2));
        assert_eq!(report.skipped, ["no server"]);
        assert_eq!(report.failures.len(), 1);
        assert_eq!(report.failures[0].case, "bad");
        assert!(report.failures[0].why.contains("it broke"));
        let only = row.run(&Plan { case: Some("ok-3"), ..plan });
        assert_eq!(only.cases, 1);
    }
}
