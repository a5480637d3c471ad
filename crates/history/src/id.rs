//! Migration ids: folder names with a version in them.
//!
//! Invariant: an id can stand at the end of a lock file's line and be read back: no line end, no
//! space at either end, no `word:` in front.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::IdError;

/// The most bytes an id may have.
pub(crate) const ID_BYTES_MAX: usize = 200;

/// A version with fewer digits is a sequence number, not a timestamp.
const TIMESTAMP_DIGITS_MIN: usize = 8;

/// Versions with separators in them; `0` stands for a digit. Anything else is a run of digits.
const SHAPES: [&str; 3] = ["0000-00-00-000000-0000", "0000-00-00-000000", "00000000_000000"];

/// A folder name that was checked: not empty, at most 200 bytes, no separator, no control
/// character, and a version in it. Ordered by version, then by name in byte order.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MigrationId {
    name: String,
    /// Where the version is in `name`, found once: ids are compared far more often than made.
    start: u8,
    end: u8,
    /// The version as a number, when it is a sequence number.
    sequence: Option<u32>,
}

impl MigrationId {
    /// The folder name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The version's digits, separators stripped.
    #[must_use]
    pub fn version(&self) -> String {
        self.digits().map(char::from).collect()
    }

    /// Whether the version is a sequence number (fewer than 8 digits) instead of a timestamp.
    #[must_use]
    pub const fn is_sequence(&self) -> bool {
        self.sequence.is_some()
    }

    /// What follows the version, without what separates it; empty when nothing does.
    pub(crate) fn after_version(&self) -> &str {
        self.name[usize::from(self.end)..].trim_start_matches(['-', '_', ' '])
    }

    /// Compares the versions alone.
    pub(crate) fn cmp_version(&self, other: &Self) -> Ordering {
        match (self.sequence, other.sequence) {
            (Some(own), Some(others)) => own.cmp(&others),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => self.digits().cmp(other.digits()),
        }
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        let version = &self.name.as_bytes()[usize::from(self.start)..usize::from(self.end)];
        version.iter().copied().filter(u8::is_ascii_digit)
    }
}

impl FromStr for MigrationId {
    type Err = IdError;

    fn from_str(name: &str) -> Result<Self, IdError> {
        check_characters(name)?;
        let Range { start, end } = find_version(name).ok_or(IdError::NoVersion)?;
        let too_long = |_| IdError::TooLong { bytes: name.len() };
        let mut id = Self {
            name: name.to_owned(),
            start: u8::try_from(start).map_err(too_long)?,
            end: u8::try_from(end).map_err(too_long)?,
            sequence: None,
        };
        if id.digits().count() < TIMESTAMP_DIGITS_MIN {
            id.sequence =
                Some(id.digits().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')));
        }
        Ok(id)
    }
}

impl Ord for MigrationId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_version(other).then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialOrd for MigrationId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for MigrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MigrationId").field(&self.name).finish()
    }
}

impl fmt::Display for MigrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl AsRef<str> for MigrationId {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

/// The key of a text that begins like a field of the lock file: `was` of `was:1f…`.
pub(crate) fn field_key(text: &str) -> Option<&str> {
    let (key, _) = text.split_once(':')?;
    let mut bytes = key.bytes();
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (bytes.next()?.is_ascii_lowercase() && bytes.all(known)).then_some(key)
}

fn check_characters(name: &str) -> Result<(), IdError> {
    if name.is_empty() {
        return Err(IdError::Empty);
    }
    if name.len() > ID_BYTES_MAX {
        return Err(IdError::TooLong { bytes: name.len() });
    }
    let what = if name.contains(['/', '\\']) {
        "a path separator"
    } else if name.contains(is_control) {
        "a control character"
    } else if name.starts_with('.') {
        "a leading dot"
    } else if name.starts_with(char::is_whitespace) || name.ends_with(char::is_whitespace) {
        // MySQL compares `a` and `a ` as equal, and Windows cannot store the second.
        "a space at its start or end"
    } else if field_key(name).is_some() {
        "a colon that reads as a field of the lock file"
    } else {
        return Ok(());
    };
    Err(IdError::Character { what })
}

/// Control characters, and those that break a line or turn its direction without being seen.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || c == '\u{feff}'
}

/// Every match starts at the first digit, because a run of digits is one already.
fn find_version(name: &str) -> Option<Range<usize>> {
    let start = name.bytes().position(|byte| byte.is_ascii_digit())?;
    let rest = &name.as_bytes()[start..];
    let shaped = SHAPES.iter().find(|shape| has_shape(rest, shape)).map(|shape| shape.len());
    let run = || rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    Some(start..start + shaped.unwrap_or_else(run))
}

fn has_shape(text: &[u8], shape: &str) -> bool {
    text.len() >= shape.len()
        && !text.get(shape.len()).is_some_and(u8::is_ascii_digit)
        && text.iter().zip(shape.bytes()).all(|(&byte, pattern)| match pattern {
            b'0' => byte.is_ascii_digit(),
            separator => byte == separator,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, version: &str) {
        let id = name.parse::<MigrationId>().expect(name);
        assert_eq!(id.version(), version, "{name}");
        assert_eq!(id.as_str(), name);
    }

    #[test]
    fn versions() {
        check("20260102030405_create_users", "20260102030405");
        check("2026-01-02-030405_create_users", "20260102030405");
        check("2026-01-02-030405-0001_create_users", "202601020304050001");
        check("2026-01-02-030405-00010_x", "20260102030405");
        check("2026-01-02-0304056_x", "2026");
        check("20260102_030405_x", "20260102030405");
        check("20260102_0304056_x", "20260102");
        check("20260102_add_2_columns", "20260102");
        check("202601020304051234 Add Users", "202601020304051234");
        check("0_init", "0");
        check("V001__init", "001");
        check("7", "7");
        check("Ünïcode 20260102030405 Größe", "20260102030405");
        check("٣٤_20260102030405", "20260102030405");
    }

    #[test]
    fn refused() {
        let check = |name: &str, expected: &str| {
            assert_eq!(name.parse::<MigrationId>().unwrap_err().to_string(), expected, "{name:?}");
        };
        check("", "the name is empty");
        check(&"1".repeat(201), "the name has 201 bytes, more than 200");
        check("create_users", "the name has no version: a timestamp or a sequence number");
        check("../1", "the name has a path separator");
        check("1\\x", "the name has a path separator");
        check("1\nx", "the name has a control character");
        check("1\0", "the name has a control character");
        check("1\u{202e}x", "the name has a control character");
        check(".1", "the name has a leading dot");
        check("..", "the name has a leading dot");
        check("1 ", "the name has a space at its start or end");
        check("\u{a0}1", "the name has a space at its start or end");
        check("was:1", "the name has a colon that reads as a field of the lock file");
        check("x-1:2 y", "the name has a colon that reads as a field of the lock file");
        assert!("1".repeat(200).parse::<MigrationId>().is_ok());
        assert!("20260102030405_Fix: all".parse::<MigrationId>().is_ok());
    }

    #[test]
    fn order() {
        let ordered = [
            "0_init",
            "0002_b",
            "2_b",
            "10_c",
            "9999999_last_sequence_number",
            "00000010_eight_digits",
            "20260102_day",
            "2026-01-02-030405_B",
            "20260102030405_B",
            "20260102030405_a",
            "20260102_030405_a",
            "2026-01-02-030405-0001_a",
            "202601020304051234 x",
            "20260102030406_a",
        ];
        let ids: Vec<MigrationId> = ordered.iter().map(|id| id.parse().unwrap()).collect();
        for (at, first) in ids.iter().enumerate() {
            for (other, second) in ids.iter().enumerate() {
                assert_eq!(first.cmp(second), at.cmp(&other), "{first} {second}");
            }
        }
    }
}
