//! What came of a pair, and of many.

use std::fmt;

/// What came of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The server takes one of the two not, or it is for another one.
    NotAccepted(String),
    /// Both directions lead where they should, by our own reading and by the server's text.
    Converged,
    /// Refused, or an object was named as not modelled: the reason.
    Refused(String),
    /// A plan does not run or does not lead to the end; said so, nothing is written.
    NotConverged(String),
    /// Our reading says equal, the server's own text does not.
    Wrong(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAccepted(reason) => write!(f, "not accepted: {reason}"),
            Self::Converged => f.write_str("converged"),
            Self::Refused(reason) => write!(f, "refused: {reason}"),
            Self::NotConverged(what) => write!(f, "not converged: {what}"),
            Self::Wrong(what) => write!(f, "WRONG: {what}"),
        }
    }
}

/// How many of each.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Pairs in all.
    pub pairs: usize,
    /// Those that the server takes.
    pub accepted: usize,
    /// Of these.
    pub converged: usize,
    /// Of these.
    pub refused: usize,
    /// Of these.
    pub not_converged: usize,
    /// Of these.
    pub wrong: usize,
}

impl Tally {
    /// Counts one.
    pub fn count(&mut self, verdict: &Verdict) {
        self.pairs += 1;
        let of_kind = match verdict {
            Verdict::NotAccepted(_) => return,
            Verdict::Converged => &mut self.converged,
            Verdict::Refused(_) => &mut self.refused,
            Verdict::NotConverged(_) => &mut self.not_converged,
            Verdict::Wrong(_) => &mut self.wrong,
        };
        *of_kind += 1;
        self.accepted += 1;
    }

    /// Whether a run over them has failed.
    #[must_use]
    pub const fn failed(&self) -> bool {
        self.not_converged + self.wrong > 0
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} pairs, {} accepted, {} converged, {} refused, {} not converged, {} wrong",
            self.pairs, self.accepted, self.converged, self.refused, self.not_converged, self.wrong
        )
    }
}
