//! What a rule is.

use std::fmt;

use crate::found::Found;
use crate::read::Statement;
use crate::scene::Scene;
use crate::server::Servers;
use crate::squawk::Hit;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The rule is not applied.
    Off,
    /// Worth knowing.
    Note,
    /// Think about it.
    Warning,
    /// Not to be deployed like this.
    Error,
}

/// What a rule is about: the first letter of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// L: data is lost, or the migration fails on the rows that are there.
    Loss,
    /// K: others wait for a lock or a rewrite.
    Lock,
    /// C: running code breaks.
    Compatibility,
    /// D: design and convention; off unless chosen.
    Design,
}

/// What others cannot do for as long as the scan, the build or the rewrite of a table takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blocks {
    /// Write.
    Writes,
    /// Read or write.
    All,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// `K01`. Its page is `docs/lint/K01.md`.
    pub id: &'static str,
    /// `index-not-concurrent`.
    pub name: &'static str,
    /// Where it applies.
    pub servers: Servers,
    /// Unless the configuration says otherwise.
    pub level: Level,
    /// The finding in a sentence; `{}` is the object.
    pub says: &'static str,
    /// The safe way, in a sentence or two.
    pub rewrite: &'static str,
    /// What others cannot do meanwhile.
    pub blocks: Option<Blocks>,
    /// Rows or values are gone when the statement succeeds.
    pub loses: bool,
    /// Codes of Atlas that mean the same, for its `nolint` comments.
    pub atlas: &'static [&'static str],
    /// Where its own check looks; elsewhere it listens to squawk alone.
    pub(crate) own: Servers,
    pub(crate) check: Check,
    pub(crate) squawk: Option<Judge>,
}

/// The own part of a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    None,
    /// Looks at each statement, with the schema as it is before it.
    Statement(fn(&Statement, &Scene<'_>, &mut Found)),
    /// Looks at the migration as a whole, with the schema as it is after it.
    Migration(fn(&Scene<'_>, &mut Found)),
    /// The same, when all others have looked.
    Last(fn(&Scene<'_>, &mut Found)),
    /// Looks at each statement of `backfill.sql`, and at nothing else.
    Backfill(fn(&Statement, &Scene<'_>, &mut Found)),
}

/// What is made of a finding of squawk.
pub(crate) type Judge = fn(&Hit<'_>, &Scene<'_>, &mut Found);

impl Rule {
    /// What most rules have.
    pub(crate) const BASE: Self = Self {
        id: "",
        name: "",
        servers: Servers::ALL,
        level: Level::Error,
        says: "",
        rewrite: "",
        blocks: None,
        loses: false,
        atlas: &[],
        own: Servers::ALL,
        check: Check::None,
        squawk: None,
    };

    /// Its class.
    #[must_use]
    pub fn class(&self) -> Class {
        match self.id.as_bytes().first() {
            Some(b'L') => Class::Loss,
            Some(b'K') => Class::Lock,
            Some(b'C') => Class::Compatibility,
            _ => Class::Design,
        }
    }

    /// The sentence about an object.
    #[must_use]
    pub fn sentence(&self, object: &str) -> String {
        self.says.replacen("{}", object, 1)
    }

    /// Whether `K01`, `k01` or `index-not-concurrent` names it.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.id.eq_ignore_ascii_case(name) || self.name.eq_ignore_ascii_case(name)
    }
}

impl Level {
    /// `error`, `warning`, `note`, `off`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Class {
    /// Its letter.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Loss => 'L',
            Self::Lock => 'K',
            Self::Compatibility => 'C',
            Self::Design => 'D',
        }
    }
}

impl Blocks {
    /// `writes`, `reads and writes`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Writes => "writes",
            Self::All => "reads and writes",
        }
    }
}
