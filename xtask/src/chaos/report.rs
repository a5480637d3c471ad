//! The table of a campaign, a line as soon as a row is done.

use std::io::Write;

use xtask_db_tests::chaos::{Killed, Report, Row};
use xtask_db_tests::support::Seed;

/// Lines of a failure that are shown; the whole is repeated with the command.
const LINES_MAX: usize = 24;
/// How many failures of a row are shown at length.
const WHOLE_MAX: usize = 6;

/// Says what the columns are.
pub(super) fn head(seed: Seed, variable: &str) {
    say(&format!("seed {} (--seed, or {variable})", seed.value()));
    say(&format!(
        "{:<4}{:<32}{:>6}{:>8}{:>8}{:>7}  {:<12}{:>8}",
        "row", "what", "cases", "passed", "failed", "stops", "seed", "time"
    ));
}

/// A row that is done, and under it what failed.
pub(super) fn line(row: &Row, seed: Seed, report: &Report) {
    say(&format!(
        "{:<4}{:<32}{:>6}{:>8}{:>8}{:>7}  {:<12}{:>6.1} s",
        row.number,
        row.what,
        report.cases,
        report.passed,
        report.failures.len(),
        report.stops,
        seed.value(),
        report.took.as_secs_f32()
    ));
    for figures in &report.measured {
        say(&format!("    {figures}"));
    }
    for why in &report.skipped {
        say(&format!("    left out: {why}"));
    }
    for (at, failure) in report.failures.iter().enumerate() {
        let (number, seed) = (row.number, seed.value());
        let case = &failure.case;
        say(&format!("    FAILED {case}"));
        say(&format!("    again: cargo xtask chaos --only {number} --seed {seed} --case {case}"));
        for line in failure.why.lines().take(if at < WHOLE_MAX { LINES_MAX } else { 2 }) {
            say(&format!("      | {line}"));
        }
    }
}

/// A real history that was killed again and again. Returns how many failures that is.
pub(super) fn killed(found: Result<Killed, String>) -> usize {
    match found {
        Ok(Killed { migrations, kills, finished, clean }) => {
            let clean = clean.as_secs_f32();
            say(&format!(
                "real history: {migrations} migrations, {kills} SIGKILLs, brought to its end on \
                 {finished} databases without a person, each as after a clean run ({clean:.1} s)"
            ));
            0
        }
        Err(why) => {
            say("real history: FAILED");
            why.lines().take(LINES_MAX).for_each(|line| say(&format!("  | {line}")));
            1
        }
    }
}

/// The last line.
pub(super) fn total(failed: usize) {
    say(&match failed {
        0 => "nothing failed".to_owned(),
        1 => "1 case failed".to_owned(),
        many => format!("{many} cases failed"),
    });
}

/// A line of the answer.
pub(super) fn say(line: &str) {
    let mut out = std::io::stdout();
    // Whoever closed the pipe does not want the rest.
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}
