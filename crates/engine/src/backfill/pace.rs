//! How many keys the next batch has, so that a batch takes as long as it may.

use std::time::Duration;

/// The most keys of one batch: its locks and its undo are held at once.
const SIZE_MAX: u64 = 100_000;
/// A batch of no more keys is not cut short, however long it takes: it could not be done at all.
pub(super) const SIZE_SURE: u64 = 16;

/// The size of a batch and the time it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    pub(super) size: u64,
    target: Duration,
}

impl Pace {
    pub(super) fn new(size: u64, target: Duration) -> Self {
        Self { size: size.clamp(1, SIZE_MAX), target: target.max(Duration::from_millis(1)) }
    }

    /// A batch took this long. Half of the target is aimed at, since others wait for the whole of
    /// a batch, and no two are alike.
    pub(super) fn took(&mut self, took: Duration) {
        let aim = self.target.as_secs_f64() / 2.0;
        let factor = aim / took.as_secs_f64().max(0.000_1);
        #[expect(clippy::cast_precision_loss, reason = "a size is small")]
        let size = self.size as f64 * factor.clamp(0.5, 2.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive, and at most twice the largest size"
        )]
        let size = size as u64;
        self.size = size.clamp(1, SIZE_MAX);
    }

    /// A batch was cut short, or would have waited: the next one is smaller.
    pub(super) fn cut(&mut self) {
        self.size = (self.size / 4).max(1);
    }

    /// How long the statement of a batch may run; none for one that cannot be made much smaller.
    pub(super) fn limit(&self) -> Option<Duration> {
        (self.size > SIZE_SURE).then(|| self.target.mul_f64(0.8))
    }

    /// How long a batch waits for rows that others have locked: it holds rows meanwhile.
    pub(super) fn lock_wait(&self) -> Duration {
        (self.target / 2).max(Duration::from_millis(10))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_follows_the_time() {
        let check = |size, took_ms, expected| {
            let mut pace = Pace::new(size, Duration::from_millis(200));
            pace.took(Duration::from_millis(took_ms));
            assert_eq!(pace.size, expected, "{size} keys in {took_ms} ms");
        };
        check(1000, 100, 1000);
        check(1000, 50, 2000);
        check(1000, 1, 2000);
        check(1000, 0, 2000);
        check(1000, 125, 800);
        check(1000, 5000, 500);
        check(1, 5000, 1);
        check(SIZE_MAX, 1, SIZE_MAX);
        let mut pace = Pace::new(100, Duration::from_millis(200));
        assert_eq!(pace.limit(), Some(Duration::from_millis(160)));
        pace.cut();
        assert_eq!(pace.size, 25);
        pace.cut();
        assert_eq!((pace.size, pace.limit()), (6, None));
    }
}
