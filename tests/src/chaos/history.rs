//! Random stories of a team on the pure planner: branches, merges, clocks that go wrong, edits and
//! older releases. What is deployed is right, or the deploy is refused; nothing is skipped.

use std::collections::BTreeMap;

use xtask_db_history::{Checksum, Entry, History, LockFile, Migration, Row, SqlFile, survey};
use xtask_db_sql::Dialect;

use super::{Case, Ending, Plan};
use crate::support::Random;

const STORIES_PER_CASE: u64 = 100;
const STEPS_MAX: u64 = 14;
/// Two branches and the default one.
const BRANCHES: usize = 3;
const SECONDS_MAX: u64 = 60;

/// A checkout: text by id.
type Branch = BTreeMap<String, String>;

/// A team and its one database.
struct Story {
    branches: [Branch; BRANCHES],
    rows: Vec<Row>,
    /// What was executed, in order: id and text.
    executed: Vec<(String, String)>,
    written: u64,
}

/// 10,000 stories, a hundred in each case.
pub(super) fn stories(plan: &Plan<'_>) -> Vec<Case> {
    let story = |random: &mut Random| {
        for _ in 0..STORIES_PER_CASE {
            let mut story = Story {
                branches: Default::default(),
                rows: Vec::new(),
                executed: Vec::new(),
                written: 0,
            };
            for _ in 0..random.below(STEPS_MAX) {
                story.step(random);
            }
        }
        Ending::Passed
    };
    (0..plan.of(5, 100, 1000)).map(|number| Case::new(format!("stories-{number}"), story)).collect()
}

impl Story {
    fn step(&mut self, random: &mut Random) {
        let at = random.index(BRANCHES);
        match random.below(9) {
            0..=3 => self.write(at, random),
            4 | 5 => self.merge(at, random),
            6 => self.edit(at, random),
            _ => self.deploy(at),
        }
    }

    /// A migration of a branch, by a clock that is now and then behind.
    fn write(&mut self, at: usize, random: &mut Random) {
        self.written += 1;
        let minute = if random.chance(30) { random.below(self.written) } else { self.written };
        let id = format!("202601010{minute:03}{:02}_m{}", random.below(SECONDS_MAX), self.written);
        let text = format!("CREATE TABLE t{} (id INTEGER);\n", self.written);
        self.branches[at].insert(id, text);
    }

    /// The union of two branches, as `lock --merge` makes it.
    fn merge(&mut self, at: usize, random: &mut Random) {
        let other = self.branches[random.index(BRANCHES)].clone();
        for (id, text) in other {
            self.branches[at].entry(id).or_insert(text);
        }
    }

    /// Somebody edits, removes or renames a migration by hand, and seals what is there.
    fn edit(&mut self, at: usize, random: &mut Random) {
        let branch = &mut self.branches[at];
        let Some(id) = branch.keys().nth(random.index(branch.len())).cloned() else { return };
        let Some(text) = branch.remove(&id) else { return };
        match random.below(3) {
            0 => drop(branch.insert(id, text.replace("(id", "(edited INTEGER, id"))),
            1 => drop(branch.insert(format!("{id}_renamed"), text)),
            _ => {}
        }
    }

    /// Applies what is pending when the planner lets it; then nothing may be wrong.
    fn deploy(&mut self, at: usize) {
        let branch = &self.branches[at];
        let history = history(branch);
        let found = survey(&history, &self.rows, false);
        let shown = || format!("{branch:#?}\n{:#?}\n{found:#?}", self.executed);
        if found.conflict() {
            assert!(self.is_wrong(branch), "refused without a reason: {}", shown());
            return;
        }
        assert!(!self.is_wrong(branch), "not refused: {}", shown());
        let pending: Vec<String> = found.pending.iter().map(ToString::to_string).collect();
        let expected: Vec<String> =
            branch.keys().filter(|id| !self.has_executed(id)).cloned().collect();
        assert_eq!(pending, expected, "skipped or repeated: {}", shown());
        for id in pending {
            let text = branch.get(&id).cloned().unwrap_or_default();
            self.rows.push(row(self.rows.len(), &id, &text));
            self.executed.push((id, text));
        }
        let after = survey(&history, &self.rows, false);
        assert!(after.up_to_date(), "{after:#?}");
    }

    fn has_executed(&self, id: &str) -> bool {
        self.executed.iter().any(|(done, _)| done == id)
    }

    /// What the database executed cannot be continued by this branch: a text differs, one that the
    /// branch lacks lies before its last, or a new one lies before an executed one.
    fn is_wrong(&self, branch: &Branch) -> bool {
        let last = branch.keys().next_back();
        let newest = self.executed.iter().map(|(id, _)| id).max();
        let differs = |(id, text): &(String, String)| match branch.get(id) {
            Some(found) => found != text,
            // One text under two names, or a hole; after the last one an older release runs.
            None => {
                last.is_none_or(|last| id < last)
                    || branch
                        .iter()
                        .any(|(new, new_text)| new_text == text && !self.has_executed(new))
            }
        };
        let late = |id: &String| !self.has_executed(id) && newest.is_some_and(|newest| id < newest);
        self.executed.iter().any(differs) || branch.keys().any(late)
    }
}

/// A checkout whose every migration is sealed.
fn history(branch: &Branch) -> History {
    let mut lock = LockFile::new(Dialect::Sqlite, "ledger");
    let migrations: Vec<Migration> = branch
        .iter()
        .map(|(id, text)| Migration {
            id: id.parse().unwrap_or_else(|error| panic!("{id}: {error}")),
            up: SqlFile { path: "".into(), text: text.clone().into() },
            checksum: Checksum::of(text),
            down: None,
            verify: None,
            backfill: None,
            readme: None,
        })
        .collect();
    for migration in &migrations {
        lock.seal(migration);
        assert!(matches!(lock.entry(&migration.id), Some(Entry::Sealed(_))));
    }
    History { migrations, lock }
}

fn row(number: usize, id: &str, text: &str) -> Row {
    let time = format!("2026-02-01 00:00:00.{number:06}");
    Row {
        row_id: number.to_string(),
        name: id.to_owned(),
        checksum: Checksum::of(text).to_string(),
        started_at: time.clone(),
        finished_at: Some(time),
        rolled_back_at: None,
        steps: 1,
        logs: None,
        duration_ms: None,
    }
}
