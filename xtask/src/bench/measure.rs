//! Time and memory of a whole process, and the median of several.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Often enough to see the peak, which the kernel keeps while the process is there.
const MEMORY_POLL: Duration = Duration::from_micros(500);

/// Wall time of a process that must succeed.
pub(super) fn time(mut command: Command) -> Result<Duration, String> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let started = Instant::now();
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let took = started.elapsed();
    if output.status.success() {
        return Ok(took);
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim_end()))
}

/// Peak resident memory of a process that must succeed, in KiB.
pub(super) fn peak_kib(mut command: Command) -> Result<u64, String> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        peak = peak.max(high_water_kib(&fs::read_to_string(&status).unwrap_or_default()));
        match child.try_wait() {
            Ok(Some(ended)) if ended.success() => return Ok(peak),
            Ok(None) => sleep(MEMORY_POLL),
            other => return Err(format!("{command:?}: {other:?}")),
        }
    }
}

fn high_water_kib(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// The middle one; of an even number the lower of the two.
pub(super) fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        let check = |times: &[u64], expected| {
            let times: Vec<Duration> = times.iter().copied().map(Duration::from_secs).collect();
            assert_eq!(median(&times), Duration::from_secs(expected));
        };
        check(&[], 0);
        check(&[7], 7);
        check(&[9, 1, 5], 5);
        check(&[4, 3, 2, 1], 2);
    }

    #[test]
    fn the_peak_is_read_in_kib() {
        assert_eq!(high_water_kib("Name:\tx\nVmHWM:\t   12345 kB\nVmRSS:\t 1 kB\n"), 12_345);
        assert_eq!(high_water_kib(""), 0);
    }
}
