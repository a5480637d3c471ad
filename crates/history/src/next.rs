//! The id of a new migration.
//!
//! Invariant: a new id sorts after every id there is.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, civil};

use crate::{IdError, MigrationId};

/// Digits of a written version: `YYYYMMDDHHMMSS`.
const DIGITS: usize = 14;

/// The id of a new migration: `max(now, last + 1)` in UTC and the slug of `name`.
///
/// # Errors
/// The slug of `name` is empty or too long.
pub fn next_id(
    now: Timestamp,
    existing: &[MigrationId],
    name: &str,
) -> Result<MigrationId, IdError> {
    let slug = slug(name);
    if slug.is_empty() {
        return Err(IdError::Empty);
    }
    let now = written(Offset::UTC.to_datetime(now));
    let last = existing.iter().max().filter(|last| !last.is_sequence()).map(MigrationId::version);
    let version = match last {
        Some(last) if last >= now => successor(&last),
        _ => now,
    };
    format!("{version}_{slug}").parse()
}

/// `name` as a slug: lower case, each run of other characters than `[a-z0-9_]` one `_`, and none
/// at its ends.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    let mut in_run = false;
    for c in name.chars().map(|c| c.to_ascii_lowercase()) {
        let kept = matches!(c, 'a'..='z' | '0'..='9' | '_');
        if kept || !in_run {
            slug.push(if kept { c } else { '_' });
        }
        in_run = !kept;
    }
    slug.trim_matches('_').to_owned()
}

fn written(at: civil::DateTime) -> String {
    let (year, month, day) = (at.year().max(0), at.month(), at.day());
    format!("{year:04}{month:02}{day:02}{:02}{:02}{:02}", at.hour(), at.minute(), at.second())
}

/// A version that sorts after `version`, of 14 digits wherever that can be.
fn successor(version: &str) -> String {
    if version.len() < DIGITS {
        return format!("{version:0<DIGITS$}");
    }
    let head = &version[..DIGITS];
    second_after(head)
        .or_else(|| increment(head))
        .or_else(|| increment(version))
        .unwrap_or_else(|| format!("{version}0"))
}

/// One second later, when the digits are a date.
fn second_after(head: &str) -> Option<String> {
    let part = |from: usize| head.get(from..from + 2)?.parse::<i8>().ok();
    let year = head.get(..4)?.parse().ok()?;
    let at =
        civil::DateTime::new(year, part(4)?, part(6)?, part(8)?, part(10)?, part(12)?, 0).ok()?;
    at.checked_add(SignedDuration::from_secs(1)).ok().map(written)
}

/// The next number of the same width; none after nines alone.
fn increment(digits: &str) -> Option<String> {
    let at = digits.rfind(|digit| digit != '9')?;
    let bumped = char::from(digits.as_bytes()[at] + 1);
    Some(format!("{}{bumped}{}", &digits[..at], "0".repeat(digits.len() - at - 1)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slugs() {
        let check = |name: &str, expected: &str| assert_eq!(slug(name), expected, "{name:?}");
        check("Add Users", "add_users");
        check("add -- users!", "add_users");
        check("__a__b__", "a__b");
        check("über größe", "ber_gr_e");
        check("../etc/passwd", "etc_passwd");
        check("日本", "");
    }

    fn check(existing: &[&str], expected: &str) {
        let now = "2026-01-02T03:04:05Z".parse().unwrap();
        let existing: Vec<_> = existing.iter().map(|id| id.parse().unwrap()).collect();
        let next = next_id(now, &existing, "x").unwrap();
        assert_eq!(next.as_str(), format!("{expected}_x"), "{existing:?}");
        assert!(existing.iter().all(|id| *id < next), "{existing:?} {next}");
    }

    #[test]
    fn next() {
        check(&[], "20260102030405");
        check(&["0_init", "12_b"], "20260102030405");
        check(&["20260102030404_a"], "20260102030405");
        check(&["20260102030405_a"], "20260102030406");
        check(&["20260102_030405_a"], "20260102030406");
        check(&["20271231235959_a", "20260101000000_b"], "20280101000000");
        check(&["2027-02-28-235959_a"], "20270301000000");
        check(&["20260102_a"], "20260102030405");
        check(&["20270102_a"], "20270102000000");
        check(&["202701020304059999_a"], "20270102030406");
        check(&["20269999999999_a"], "20270000000000");
        check(&["99991231235959_a"], "99991231235960");
        check(&["99999999_a"], "99999999000000");
        check(&["99999999999999_a"], "999999999999990");
        check(&["999999999999990_a"], "999999999999991");
    }

    #[test]
    fn refused() {
        let check = |name: &str, expected: &str| {
            let error = next_id(Timestamp::UNIX_EPOCH, &[], name).unwrap_err();
            assert_eq!(error.to_string(), expected, "{name:?}");
        };
        check("", "the name is empty");
        check("日本", "the name is empty");
        check(&"x".repeat(186), "the name has 201 bytes, more than 200");
        assert!(next_id(Timestamp::UNIX_EPOCH, &[], &"x".repeat(185)).is_ok());
    }

    const NAME: &str = "(v|)([0-9]{1,20}|9{12,20}\
        |2[0-9]{3}-[01][0-9]-[0-3][0-9]-[0-9]{6}(-[0-9]{4})?)(_a| B|_ü|)";

    proptest! {
        #[test]
        fn later_than_every_id(
            names in prop::collection::vec(NAME, 0..6),
            seconds in -300_000_000_000i64..250_000_000_000,
            name in "[ -~]{0,12}x",
        ) {
            let mut ids: Vec<MigrationId> =
                names.iter().map(|name| name.parse().unwrap()).collect();
            let now = Timestamp::from_second(seconds).unwrap();
            for _ in 0..3 {
                let next = next_id(now, &ids, &name).unwrap();
                for id in &ids {
                    prop_assert!(*id < next, "{} {}", id, next);
                    prop_assert_ne!(id.version(), next.version());
                }
                ids.push(next);
            }
        }
    }
}
