//! Edits of embedded migrations, in real builds: rebuilt, refused, or told by `check` and by the
//! program itself. Each case is a test of its own program, which the ordinary tests run too.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Case, Ending, Plan, Tier};

/// The test programs, as a `PATH` has its folders.
pub const STALE_TESTS: &str = "XDB_STALE_TESTS";
/// What of them says something about an edit.
const EDITS: [&str; 4] = ["edits::", "lock_file::", "texts::", "stale::"];
/// Beside those: every other way in which a folder is embedded.
const BUILDS: [&str; 4] = ["drafts::", "packages::", "places::", "commands::"];

/// Each test. In a slice they run by themselves.
pub(super) fn edits(plan: &Plan<'_>) -> Vec<Case> {
    if plan.tier == Tier::Slice {
        return Vec::new();
    }
    let named = std::env::var_os(STALE_TESTS).unwrap_or_default();
    let programs: Vec<PathBuf> = std::env::split_paths(&named).collect();
    if programs.is_empty() {
        let why = format!("{STALE_TESTS} is not set");
        return vec![Case::new("edits", move |_| Ending::Skipped(why))];
    }
    let wanted = |name: &String| {
        let starts = |modules: &[&str]| modules.iter().any(|module| name.starts_with(module));
        starts(&EDITS) || (plan.tier == Tier::Soak && starts(&BUILDS))
    };
    let of = |program: PathBuf| {
        let tests = tests(&program).into_iter().filter(&wanted);
        let case = |name: String| {
            let program = program.clone();
            Case::new(name.clone(), move |_| passes(&program, &name))
        };
        tests.map(case).collect::<Vec<Case>>()
    };
    programs.into_iter().flat_map(of).collect()
}

/// The names of a test program's tests.
fn tests(program: &Path) -> Vec<String> {
    let listed = Command::new(program).args(["--list", "--format", "terse"]).output();
    let listed = listed.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

fn passes(program: &Path, name: &str) -> Ending {
    let ran = Command::new(program).args(["--exact", name]).output();
    let ran = ran.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && said.contains("1 passed"), "{name}: {said}");
    Ending::Passed
}
