//! The figures as a table: medians, and ratios to one of them.

use std::io::Write;
use std::time::Duration;

use super::measure::median;

/// The rounds of one tool.
#[derive(Debug)]
pub(super) struct Series {
    pub(super) name: String,
    pub(super) times: Vec<Duration>,
}

impl Series {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), times: Vec::new() }
    }

    pub(super) fn median(&self) -> Duration {
        median(&self.times)
    }
}

/// Prints a table, each median as a ratio to that of `base`.
pub(super) fn table(title: &str, base: &str, series: &[Series]) {
    say(&format!("\n{title}"));
    let unit = series.iter().find(|found| found.name == base).map(|found| millis(found.median()));
    for one in series {
        let own = millis(one.median());
        let ratio = unit.map_or_else(String::new, |unit| format!("{:6.2} x {base}", own / unit));
        let low = one.times.iter().min().copied().map_or(0.0, millis);
        let high = one.times.iter().max().copied().map_or(0.0, millis);
        let rounds = one.times.len();
        say(&format!(
            "  {:<20} {own:>9.1} ms {ratio}  ({low:.1} to {high:.1} ms, {rounds} rounds)",
            one.name
        ));
    }
}

/// Prints whether a measure holds.
pub(super) fn bound(what: &str, found: f64, most: f64, unit: &str) {
    let word = if found <= most { "holds" } else { "DOES NOT HOLD" };
    say(&format!("  {what}: {found:.2} {unit}, at most {most} {unit}: {word}"));
}

/// How often one median is in another.
pub(super) fn ratio(series: &[Series], of: &str, to: &str) -> Option<f64> {
    let find = |name| series.iter().find(|found| found.name == name).map(Series::median);
    Some(millis(find(of)?) / millis(find(to)?))
}

/// A line of the report.
pub(super) fn say(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

pub(super) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
