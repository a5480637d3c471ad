//! Lock files of two branches, merged by git: a conflict that is told, or the union of what both
//! did. Never a line that is lost, or in another order, without a word.
//!
//! Git is asked once per style of its markers, whatever the number of merges.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

use xtask_db_history::{Checksum, Entry, LockError, LockFile, MigrationId, Sealed};
use xtask_db_sql::Dialect;

const MERGES: usize = 100;
const STYLES: [&str; 3] = ["merge", "diff3", "zdiff3"];
/// Names a run that is to be repeated.
const SEED: &str = "XDB_SEED";
/// So few that both sides often meet in one id, or beside it.
const IDS: u64 = 12;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

/// What two branches start from, and what each made of it.
struct Case {
    base: LockFile,
    ours: LockFile,
    theirs: LockFile,
}

fn id(number: u64) -> MigrationId {
    format!("202601{:02}000000_m{number}", number + 1).parse().unwrap()
}

fn sealed(id: MigrationId, text: &str) -> Sealed {
    let (sha256, tokens) = (Checksum::of(&format!("{id} {text}")), Checksum::of(text));
    Sealed { id, sha256, tokens, was: Vec::new(), backfill: None, order_any: false }
}

fn start(random: &mut Random) -> LockFile {
    let mut lock = LockFile::new(Dialect::Sqlite, "_xtask_db_migrations");
    for number in 0..random.below(IDS / 2) {
        let id = id(number * 2);
        lock.put(match random.below(6) {
            0 => Entry::Draft(id),
            1 => Entry::Absent(id),
            _ => Entry::Sealed(sealed(id, "first")),
        });
    }
    lock
}

/// What people and the tool do to a lock file on a branch.
fn side(base: &LockFile, random: &mut Random) -> LockFile {
    let mut lock = base.clone();
    for _ in 0..=random.below(3) {
        let at = id(random.below(IDS));
        match lock.entry(&at).cloned() {
            None if random.below(5) == 0 => lock.put(Entry::Draft(at)),
            // now and then the other side seals another text under this id
            None if random.below(8) == 0 => lock.put(Entry::Sealed(sealed(at, "other"))),
            None => lock.put(Entry::Sealed(sealed(at, "first"))),
            Some(Entry::Draft(_)) if random.below(3) == 0 => lock.remove(&at),
            Some(Entry::Draft(_)) => lock.put(Entry::Sealed(sealed(at, "first"))),
            Some(Entry::Sealed(mut line)) if random.below(2) == 0 => {
                line.order_any = true;
                lock.put(Entry::Sealed(line));
            }
            Some(Entry::Sealed(line)) => lock.put(Entry::Sealed(repaired(line, random))),
            Some(Entry::Absent(_)) => {}
        }
    }
    lock
}

fn repaired(mut line: Sealed, random: &mut Random) -> Sealed {
    let before = line.sha256;
    line.sha256 = Checksum::of(&format!("{} repaired {}", line.id, random.below(4)));
    line.was.retain(|was| *was != line.sha256);
    if before != line.sha256 {
        line.was.push(before);
    }
    line
}

/// Runs git in a folder with this input; returns its output.
fn git(folder: &Path, words: &[&str], input: &str) -> Vec<u8> {
    let mut child = Command::new("git")
        .args(words)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "git {words:?}");
    output.stdout
}

/// Three commits per case, in one go.
fn commits(cases: &[Case]) -> String {
    let mut stream = String::new();
    for (at, case) in cases.iter().enumerate() {
        let branches = [("base", &case.base), ("ours", &case.ours), ("theirs", &case.theirs)];
        for (name, lock) in branches {
            let text = lock.to_string();
            let _ = writeln!(stream, "commit refs/heads/{name}{at}");
            stream.push_str("committer A Test <test@example.invalid> 0 +0000\ndata 0\n");
            if name != "base" {
                let _ = writeln!(stream, "from refs/heads/base{at}");
            }
            let _ = write!(stream, "M 644 inline lock\ndata {}\n{text}\n", text.len());
        }
    }
    stream
}

/// Whether each merge was clean, and the text of the file after it.
fn merged(folder: &Path, style: &str, cases: usize) -> Vec<(bool, String)> {
    let asked: String = (0..cases).map(|at| format!("ours{at} theirs{at}\n")).collect();
    let style = format!("merge.conflictStyle={style}");
    let words =
        ["-c", &style, "merge-tree", "--write-tree", "--name-only", "--no-messages", "--stdin"];
    let answer = String::from_utf8(git(folder, &words, &asked)).unwrap();
    // of each a status, a tree, and the names of what conflicts; an empty field ends a list
    let fields: Vec<&str> =
        answer.split('\0').filter(|field| !field.is_empty() && *field != "lock").collect();
    let trees: Vec<(bool, &str)> =
        fields.chunks_exact(2).map(|pair| (pair[0].trim() == "1", pair[1])).collect();
    assert_eq!(trees.len(), cases, "{answer:?}");
    let asked: String = trees.iter().map(|(_, tree)| format!("{tree}:lock\n")).collect();
    let mut bytes = &git(folder, &["cat-file", "--batch"], &asked)[..];
    let mut texts = Vec::new();
    for (clean, _) in trees {
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let size: usize = head.rsplit(' ').next().and_then(|size| size.parse().ok()).unwrap();
        let text = bytes[end + 1..=end + size].to_vec();
        texts.push((clean, String::from_utf8(text).unwrap()));
        bytes = &bytes[end + 2 + size..];
    }
    texts
}

/// Every line that is right for each id, none for "no line"; an empty list: the sides contradict
/// each other.
fn right(case: &Case) -> BTreeMap<MigrationId, Vec<Option<Entry>>> {
    let all = [&case.base, &case.ours, &case.theirs];
    let ids = all.iter().flat_map(|lock| lock.entries.iter().map(|entry| entry.id().clone()));
    let one = |id: MigrationId| {
        let [base, ours, theirs] = all.map(|lock| lock.entry(&id).cloned());
        let right = match () {
            () if ours == base => vec![theirs],
            () if theirs == base => vec![ours],
            () => both(ours, theirs),
        };
        (id, right)
    };
    ids.map(one).collect()
}

/// Both sides did something to one id.
fn both(ours: Option<Entry>, theirs: Option<Entry>) -> Vec<Option<Entry>> {
    if ours == theirs {
        return vec![ours];
    }
    match (&ours, &theirs) {
        (Some(Entry::Sealed(first)), Some(Entry::Sealed(second))) => {
            let pairs = [(first, second), (second, first)].into_iter();
            let follows = |new: &Sealed, old: &Sealed| {
                new.sha256 == old.sha256 || new.was.contains(&old.sha256)
            };
            let right = pairs.filter(|(new, old)| follows(new, old)).map(|(new, old)| {
                let mut line = new.clone();
                line.order_any |= old.order_any;
                let here = |was: &Checksum| new.was.contains(was) || *was == new.sha256;
                line.was.extend(old.was.iter().copied().filter(|was| !here(was)));
                Some(Entry::Sealed(line))
            });
            right.collect()
        }
        (Some(Entry::Sealed(_)), Some(Entry::Draft(_)) | None) => vec![ours],
        (Some(Entry::Draft(_)) | None, Some(Entry::Sealed(_))) => vec![theirs],
        _ => Vec::new(),
    }
}

/// Holds what came out against what is right. A draft that one side took out may come back where
/// git shows no base: its folder is gone, and every command says so.
fn is_right(case: &Case, found: &LockFile, clean: bool) -> Result<(), String> {
    if !found.entries.is_sorted_by(|first, second| first.id() < second.id()) {
        return Err("another order".to_owned());
    }
    let right = right(case);
    for (id, right) in &right {
        let line = found.entry(id).cloned();
        let back = !clean && matches!(line, Some(Entry::Draft(_))) && right.contains(&None);
        if !right.contains(&line) && !back {
            return Err(format!("{id} became {line:?}, right is {right:?}"));
        }
    }
    match found.entries.iter().find(|entry| !right.contains_key(entry.id())) {
        Some(entry) => Err(format!("{} is from nowhere", entry.id())),
        None => Ok(()),
    }
}

/// One merge: `true` for a union, `false` for what was told to a person.
fn judge(case: &Case, clean: bool, text: &str) -> Result<bool, String> {
    match (clean, LockFile::parse(text)) {
        (true, Ok(found)) => is_right(case, &found, clean).map(|()| true),
        // joined by git without a conflict, and no lock file: every command refuses it
        (true, Err(_)) => Ok(false),
        (false, Ok(_)) => Err("a conflict was read as a lock file".to_owned()),
        (false, Err(LockError::Conflict { .. })) => match LockFile::merge_conflicted(text) {
            Ok(found) => is_right(case, &found, clean).map(|()| true),
            Err(LockError::Disagree { what, .. }) => {
                let id: MigrationId = what.parse().map_err(|_| what.clone())?;
                let on = |lock: &LockFile| lock.entry(&id) != case.base.entry(&id);
                let both = on(&case.ours) && on(&case.theirs);
                if both { Ok(false) } else { Err(format!("only one side changed {what}")) }
            }
            Err(error) => Err(error.to_string()),
        },
        (false, Err(error)) => Err(format!("a conflict was told as: {error}")),
    }
}

#[test]
fn a_conflict_or_the_union() {
    let given = std::env::var(SEED).ok().and_then(|seed| seed.parse().ok());
    let now = || u64::from(std::process::id()) ^ UNIX_EPOCH.elapsed().unwrap().as_secs();
    let seed: u64 = given.unwrap_or_else(now);
    let mut random = Random(seed);
    let case = |_| {
        let base = start(&mut random);
        let (ours, theirs) = (side(&base, &mut random), side(&base, &mut random));
        Case { base, ours, theirs }
    };
    let cases: Vec<Case> = (0..MERGES).map(case).collect();
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet"], "");
    git(folder.path(), &["fast-import", "--quiet"], &commits(&cases));
    let (mut conflicts, mut unions, mut told) = (0, 0, 0);
    for style in STYLES {
        for (case, (clean, text)) in cases.iter().zip(merged(folder.path(), style, MERGES)) {
            conflicts += usize::from(!clean);
            match judge(case, clean, &text) {
                Ok(true) => unions += 1,
                Ok(false) => told += 1,
                Err(wrong) => panic!(
                    "{SEED}={seed} {style}: {wrong}\nbase\n{}ours\n{}theirs\n{}git\n{text}",
                    case.base, case.ours, case.theirs
                ),
            }
        }
    }
    assert!(conflicts > 0 && unions > told, "{SEED}={seed}: {conflicts} {unions} {told}");
}
