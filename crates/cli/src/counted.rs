//! Numbers of things, as people say them.

use std::time::Duration;

/// `1 migration`, `2 migrations`.
pub(crate) fn counted(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

/// `1 migration is`, `2 migrations are`.
pub(crate) fn counted_is(count: usize, thing: &str) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(count, thing))
}

/// `512 B`, `12.3 MiB`.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut shown = format!("{bytes} B");
    // Tenths of a unit, so that no float is needed.
    let mut tenths = bytes.saturating_mul(10);
    for unit in UNITS {
        tenths /= 1024;
        if tenths < 10 {
            break;
        }
        shown = format!("{}.{} {unit}", tenths / 10, tenths % 10);
    }
    shown
}

/// `12.3 MiB in 1.2 s, 10.2 MiB/s`.
pub(crate) fn moved(bytes: u64, took: Duration) -> String {
    let per_s = u128::from(bytes) * 1000 / took.as_millis().max(1);
    let rate = size(u64::try_from(per_s).unwrap_or(u64::MAX));
    format!("{} in {}, {rate}/s", size(bytes), crate::progress::took(took))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        let check = |count, expected: &str| assert_eq!(counted_is(count, "row"), expected);
        check(0, "0 rows are");
        check(1, "1 row is");
        check(2, "2 rows are");
    }

    #[test]
    fn sizes_have_one_digit() {
        let check = |bytes, expected: &str| assert_eq!(size(bytes), expected);
        check(0, "0 B");
        check(1023, "1023 B");
        check(1024, "1.0 KiB");
        check(12 * 1024 * 1024 + 300 * 1024, "12.2 MiB");
        check(u64::MAX / 10, "1677721.5 TiB");
        let took = Duration::from_millis(2500);
        assert_eq!(moved(5 * 1024 * 1024, took), "5.0 MiB in 2.5 s, 2.0 MiB/s");
    }
}
