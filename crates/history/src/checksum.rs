//! SHA-256 of canonical text and of its token stream.

use std::fmt;
use std::str::FromStr;

use xtask_db_sql::Syntax;

/// A SHA-256, shown as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Checksum([u8; 32]);

impl Checksum {
    /// The checksum of canonical text. For an LF file without BOM it is `sha256sum`'s.
    #[must_use]
    pub fn of(canonical: &str) -> Self {
        let _ = canonical;
        todo!()
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Checksum {
    type Err = ();

    fn from_str(hex: &str) -> Result<Self, ()> {
        let _ = hex;
        todo!()
    }
}

/// SHA-256 of the SQL token stream: comments and whitespace do not count. Each token is hashed
/// with its length, so that `ab` and `a b` differ.
#[must_use]
pub fn token_hash(canonical: &str, syntax: Syntax) -> Checksum {
    let _ = (canonical, syntax);
    todo!()
}
