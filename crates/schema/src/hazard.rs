//! What a person should know about a step before it runs.

use serde::{Deserialize, Serialize};

/// What may go wrong with a step, or be lost by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    /// What kind.
    pub kind: HazardKind,
    /// The object as the user writes it: `users.email`.
    pub object: String,
    /// One sentence of fact, without a count.
    pub text: String,
    /// SQL whose single integer says how many rows it touches in the database as it is before the
    /// plan; zero: it does not matter there.
    pub probe: Option<String>,
}

impl Hazard {
    /// The sentence, with the object named.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self.text.contains(&self.object) {
            true => self.text.clone(),
            false => format!("{}: {}", self.object, self.text),
        }
    }
}

/// Kinds of hazards, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HazardKind {
    /// Rows or values are gone afterwards.
    DataLoss,
    /// Fails when there are rows: a required column without a default, a new unique key.
    Unexecutable,
    /// The whole table is written again under a lock.
    Rewrite,
    /// Others wait for a lock while the statement runs; the text names its level.
    Lock,
}
