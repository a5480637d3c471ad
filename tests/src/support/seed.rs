//! A seeded random source: a random test prints its seed and takes it back from `XDB_SEED`.

use std::time::{SystemTime, UNIX_EPOCH};

/// Names the seed of a run.
pub const SEED: &str = "XDB_SEED";

/// Where all randomness of a run comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed(u64);

/// Random numbers of one case.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Seed {
    /// The seed that was given, or one of its own.
    ///
    /// # Panics
    /// `XDB_SEED` is no number.
    #[must_use]
    pub fn from_environment() -> Self {
        match std::env::var(SEED) {
            Ok(text) if !text.is_empty() => {
                Self(text.parse().unwrap_or_else(|_| panic!("{SEED}={text} is not a number")))
            }
            _ => Self::fresh(),
        }
    }

    /// Another one at each run, short enough to be typed again.
    #[must_use]
    pub fn fresh() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(u64::from(now.subsec_nanos()) ^ (now.as_secs() & 0xFFFF))
    }

    /// A seed that is known.
    #[must_use]
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// The number, to be printed.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.0
    }

    /// The numbers of one case: the same whichever cases run beside it.
    #[must_use]
    pub fn of(self, case: &str) -> Random {
        // FNV-1a
        let hash = case.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        Random(hash ^ self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }
}

impl Random {
    /// The next number (SplitMix64).
    pub const fn next_number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `bound - 1`; 0 when `bound` is 0.
    pub const fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next_number() % bound }
    }

    /// Whether something of `percent` in a hundred happens.
    pub const fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A place in a list of this length.
    pub fn index(&mut self, length: usize) -> usize {
        let bound = u64::try_from(length).unwrap_or(u64::MAX);
        usize::try_from(self.below(bound)).unwrap_or_default()
    }

    /// One of these.
    ///
    /// # Panics
    /// There is none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.index(from.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_a_case_and_cases_differ() {
        let numbers = |seed: u64, case| {
            let mut random = Seed::new(seed).of(case);
            [random.next_number(), random.next_number()]
        };
        assert_eq!(numbers(7, "a"), numbers(7, "a"));
        assert_ne!(numbers(7, "a"), numbers(7, "b"));
        assert_ne!(numbers(7, "a"), numbers(8, "a"));
        let mut random = Seed::new(1).of("bounds");
        assert!((0..1000).all(|_| random.below(3) < 3) && random.below(0) == 0);
    }
}
