//! What is known of a file that commits step by step: how many statements are committed, that they
//! were these, and which one was running when the process ended.

use sha2::{Digest, Sha256};

use crate::apply::Job;
use crate::{Error, Session, meta};

/// The journal of one ledger row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Journal {
    /// The ledger row.
    pub(crate) row_id: String,
    /// Statements that are known to be committed.
    pub(crate) steps: u32,
    /// SHA-256 of their texts, hex; none: not checked, a person named the statement.
    pub(crate) prefix: Option<String>,
    /// The statement, from 0, that was running: the server commits it by itself, so whether it is
    /// done is not known.
    pub(crate) running: Option<u32>,
    /// What the server said of its objects before.
    pub(super) before: Option<String>,
    /// A person named the statement to go on with, and so answers for those before it.
    pub(crate) named: bool,
}

/// Which direction a journal is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// `migration.sql`.
    Up,
    /// `down.sql`.
    Down,
}

impl Journal {
    /// A journal of a row that has just begun.
    pub(crate) fn begun(row_id: &str) -> Self {
        let row_id = row_id.to_owned();
        Self { row_id, steps: 0, prefix: None, running: None, before: None, named: false }
    }

    /// A journal of a row that a person said where to go on with.
    pub(crate) fn named(row_id: String, steps: u32) -> Self {
        Self { row_id, steps, prefix: None, running: None, before: None, named: true }
    }

    /// Its key in the meta table.
    pub(crate) fn key(&self, way: Way) -> String {
        key(way, &self.row_id)
    }

    /// The statement that stores it.
    pub(super) fn put(&self, session: &Session, way: Way) -> String {
        let running = self.running.map_or_else(|| "-".to_owned(), |at| at.to_string());
        let prefix = self.prefix.as_deref().unwrap_or("-");
        let before = self.before.as_deref().map(|before| format!(" {before}")).unwrap_or_default();
        let value = format!("1 {} {prefix} {running}{before}", self.steps);
        meta::put(session, &self.key(way), &value)
    }

    fn parse(row_id: &str, value: &str) -> Option<Self> {
        let mut words = value.split(' ');
        let known = words.next()? == "1";
        let steps = words.next()?.parse().ok()?;
        let prefix = words.next().filter(|prefix| *prefix != "-").map(str::to_owned);
        let running = words.next()?.parse().ok();
        let before = words.next().map(str::to_owned);
        let row_id = row_id.to_owned();
        known.then_some(Self { row_id, steps, prefix, running, before, named: false })
    }

    /// The statements that ran are the first ones of the file now.
    pub(super) fn fits(&self, job: &Job<'_>) -> bool {
        let steps = self.steps as usize;
        steps <= job.script.statements.len()
            && self
                .prefix
                .as_ref()
                .is_none_or(|recorded| *recorded == Prefix::default().to(job, steps))
    }
}

fn key(way: Way, row_id: &str) -> String {
    match way {
        Way::Up => format!("journal:{row_id}"),
        Way::Down => format!("journal:down:{row_id}"),
    }
}

/// What is known of an unfinished row; none when it has no journal: another tool's.
pub(crate) async fn resumable(
    session: &mut Session,
    way: Way,
    row_id: &str,
) -> Result<Option<Journal>, Error> {
    let value = meta::get(session, &key(way, row_id)).await?;
    Ok(value.and_then(|value| Journal::parse(row_id, &value)))
}

/// SHA-256 of the texts of the first statements. A text is preceded by its length, so that two
/// lists of statements never read the same. It grows with the run: a file is hashed once.
#[derive(Debug, Default)]
pub(super) struct Prefix {
    hasher: Sha256,
    steps: usize,
}

impl Prefix {
    /// Of so many statements, hex.
    pub(super) fn to(&mut self, job: &Job<'_>, steps: usize) -> String {
        if steps < self.steps {
            *self = Self::default();
        }
        for at in self.steps..steps {
            let sql = job.sql(at);
            self.hasher.update((sql.len() as u64).to_be_bytes());
            self.hasher.update(sql.as_bytes());
        }
        self.steps = steps;
        self.hasher.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_nothing_newer() {
        let check = |value: &str, expected: Option<(u32, Option<&str>, Option<u32>)>| {
            let journal = Journal::parse("row", value);
            let found = journal.as_ref().map(|j| (j.steps, j.prefix.as_deref(), j.running));
            assert_eq!(found, expected, "{value}");
        };
        let kept = Journal::parse("row", "1 3 ab 4 0f,-").and_then(|journal| journal.before);
        assert_eq!(kept.as_deref(), Some("0f,-"));
        check("1 3 ab 4", Some((3, Some("ab"), Some(4))));
        check("1 0 - -", Some((0, None, None)));
        check("2 3 ab 4", None);
        check("", None);
    }
}
