//! SHA-256 of canonical text and of its token stream.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use xtask_db_sql::{Syntax, significant};

const BOM: &str = "\u{feff}";

/// A SHA-256, shown as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Checksum([u8; 32]);

impl Checksum {
    /// The checksum of canonical text. For an LF file without BOM it is `sha256sum`'s.
    #[must_use]
    pub fn of(canonical: &str) -> Self {
        Self(Sha256::digest(canonical).into())
    }

    /// What `sha256sum` says of the same text as other editors save it: CRLF line ends, a BOM,
    /// both. Prisma hashes a file as it is, so its ledgers hold these.
    #[must_use]
    pub fn of_variants(canonical: &str) -> [Self; 3] {
        let crlf = |start: &str| {
            let mut hash = Sha256::new_with_prefix(start);
            for line in canonical.split_inclusive('\n') {
                match line.strip_suffix('\n') {
                    Some(line) => {
                        hash.update(line);
                        hash.update("\r\n");
                    }
                    None => hash.update(line),
                }
            }
            Self(hash.finalize().into())
        };
        let bom = Sha256::new_with_prefix(BOM).chain_update(canonical);
        [crlf(""), Self(bom.finalize().into()), crlf(BOM)]
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Checksum {
    type Err = ();

    /// Reads 64 hexadecimal digits of either case.
    fn from_str(hex: &str) -> Result<Self, ()> {
        let digits = hex.as_bytes();
        if digits.len() != 64 {
            return Err(());
        }
        let mut sum = [0; 32];
        for (byte, pair) in sum.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Self(sum))
    }
}

/// SHA-256 of the SQL token stream: comments and whitespace do not count. Each token is hashed
/// with its length, so that `ab` and `a b` differ.
#[must_use]
pub fn token_hash(canonical: &str, syntax: Syntax) -> Checksum {
    let mut hash = Sha256::new();
    for token in significant(canonical, syntax) {
        hash.update((token.len() as u64).to_le_bytes());
        hash.update(token);
    }
    Checksum(hash.finalize().into())
}

fn nibble(digit: u8) -> Result<u8, ()> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use xtask_db_sql::Dialect;

    use super::*;

    #[test]
    fn known_sums() {
        let check = |sum: Checksum, expected: &str| assert_eq!(sum.to_string(), expected);
        // printf 'a\nb' | sha256sum, and the same with \r\n and with \xef\xbb\xbf in front
        check(
            Checksum::of("a\nb"),
            "7e18f737311b2dc3b2f269dd78396b0351f14fb66efa879f768cb23181883c78",
        );
        let [crlf, bom, both] = Checksum::of_variants("a\nb");
        check(crlf, "18745f36a05e29072709042d6062ce54f1b08ff36c27ba80c39f81fb010c8ce2");
        check(bom, "312eaf073847a5f4d40be348b83d1eab0da5c9bebbf796905c24ce4eee59a219");
        check(both, "bb7fe77b9185814610698ca2785e861545e8f45abee4e4244133f0e0bddb431f");
    }

    #[test]
    fn hex() {
        let sum = Checksum::of("x");
        assert_eq!(sum.to_string().parse(), Ok(sum));
        assert_eq!(sum.to_string().to_uppercase().parse(), Ok(sum));
        for bad in ["", "0", &"g".repeat(64), &"0".repeat(63), &"0".repeat(65), &"é".repeat(32)] {
            assert_eq!(bad.parse::<Checksum>(), Err(()), "{bad}");
        }
    }

    #[test]
    fn tokens() {
        let hash = |text: &str| token_hash(text, Syntax::of(Dialect::Sqlite));
        let check = |first: &str, second: &str, equal: bool| {
            assert_eq!(hash(first) == hash(second), equal, "{first:?} {second:?}");
        };
        check("SELECT 1;", "SELECT 1;", true);
        check("ab", "a b", false);
        check("SELECT 'a  b'", "SELECT 'a b'", false);
        check("SELECT 1;", "select 1;", false);
        check("SELECT 1;", "-- why\nSELECT\n  1 ;\n", true);
        check("SELECT 1;", "SELECT 1 /* one */;", true);
        check("SELECT 1;", "/* SELECT 1; */", false);
    }
}
