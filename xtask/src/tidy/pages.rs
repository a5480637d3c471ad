//! What every command and every error code has: a page, a test, and for a command a snapshot.

use std::fs;
use std::path::Path;

use xtask_db_cli::CODES;

use crate::{generate, repository};

const TESTS: &str = "tests/tests/commands";
/// What a script for a shell looks like is the affair of clap.
const WITHOUT_SNAPSHOT: [&str; 2] = ["completions", "adopt"];

/// A plan that is wrong, which the tests of drawn schemas look for; a driver that is left out, a
/// person who says no, a bug, a build script's own check, a state of a crashed server: they cannot
/// be brought about from outside.
const UNTESTED: [&str; 7] =
    ["XDB0118", "XDB0209", "XDB0308", "XDB0404", "XDB0900", "XDB0904", "XDB0905"];

/// Problems of pages and tests.
pub(super) fn problems() -> Result<Vec<String>, String> {
    let root = repository::root();
    let mut problems = Vec::new();
    let snapshots = names(&root.join(TESTS).join("snapshots"));
    for command in generate::command_names() {
        let page = format!("docs/commands/{command}.md");
        let test = format!("{TESTS}/{command}.rs");
        for path in [page, test] {
            if !root.join(&path).is_file() {
                problems.push(format!("{path}: is missing, for the command `{command}`"));
            }
        }
        let prefix = format!("commands__{command}__");
        let seen = snapshots.iter().any(|name| name.starts_with(&prefix));
        if !seen && !WITHOUT_SNAPSHOT.contains(&command.as_str()) {
            problems.push(format!("{TESTS}/{command}.rs: has no snapshot"));
        }
    }
    let tested = tested()?;
    for pair in CODES.windows(2).filter(|pair| pair[0].code >= pair[1].code) {
        problems.push(format!("{}: two meanings, or out of order", pair[1].code));
    }
    for code in CODES.iter().map(|one| one.code) {
        if !root.join(format!("docs/errors/{code}.md")).is_file() {
            problems.push(format!("docs/errors/{code}.md: is missing"));
        }
        if !tested.contains(code) && !UNTESTED.contains(&code) {
            problems.push(format!("{code}: no test expects it"));
        }
    }
    for name in names(&root.join("docs/errors")) {
        let code = name.trim_end_matches(".md");
        if name != "README.md" && !CODES.iter().any(|known| known.code == code) {
            problems.push(format!("docs/errors/{name}: there is no such code"));
        }
    }
    Ok(problems)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// All tests and snapshots of the binary and of the commands, as one text.
fn tested() -> Result<String, String> {
    let mut text = String::new();
    let mut open = vec![repository::root().join("tests/tests")];
    while let Some(folder) = open.pop() {
        let entries =
            fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            let end = path.extension().and_then(|end| end.to_str());
            if path.is_dir() {
                open.push(path);
            } else if matches!(end, Some("rs" | "snap" | "stderr")) {
                text.push_str(&fs::read_to_string(&path).unwrap_or_default());
            }
        }
    }
    Ok(text)
}
