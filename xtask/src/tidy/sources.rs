//! How source files look: header, size, width, names, and words that may not stay.

use std::fs;
use std::path::{Path, PathBuf};

use crate::repository;

const FOLDERS: [&str; 5] = ["crates", "fuzz/fuzz_targets", "macros", "tests", "xtask"];
const LINES_MAX: usize = 600;
const LINES_MEDIAN_MAX: usize = 150;
const COLUMNS_MAX: usize = 100;
const NAMELESS: [&str; 5] = ["utils", "helpers", "common", "manager", "misc"];
/// Written in two parts, or this file would find itself.
const LEFT_BEHIND: [&str; 7] = [
    concat!("to", "do!("),
    concat!("unimpl", "emented!("),
    concat!("db", "g!("),
    concat!("FIX", "ME"),
    concat!("#[ig", "nore"),
    concat!("#[all", "ow("),
    concat!("/ro", "ot/"),
];
/// Compile-fail cases: their text is the test.
const CASES: &str = "ui";

/// Problems of the source files.
pub(super) fn problems() -> Result<Vec<String>, String> {
    let files = rust_files()?;
    let mut problems = Vec::new();
    let mut sizes = Vec::new();
    for path in &files {
        let text = fs::read_to_string(repository::root().join(path))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        sizes.push(text.lines().count());
        problems.extend(of_file(path, &text));
    }
    sizes.sort_unstable();
    let median = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
    if median > LINES_MEDIAN_MAX {
        problems.push(format!("the median file has {median} lines, more than {LINES_MEDIAN_MAX}"));
    }
    Ok(problems)
}

fn rust_files() -> Result<Vec<PathBuf>, String> {
    let root = repository::root();
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(PathBuf::from).collect();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(root.join(&folder))
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries.flatten() {
            let path = folder.join(entry.file_name());
            if entry.file_name() == CASES {
                continue;
            }
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn of_file(path: &Path, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let shown = path.display();
    if !text.starts_with("//!") {
        problems.push(format!("{shown}: does not open with `//!` and what it owns"));
    }
    let lines = text.lines().count();
    if lines > LINES_MAX {
        problems.push(format!("{shown}: has {lines} lines, more than {LINES_MAX}"));
    }
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if NAMELESS.contains(&stem) {
        problems.push(format!("{shown}: `{stem}` does not name what is in it"));
    }
    // The entry of a proc macro must be in lib.rs; a test's mod.rs is what its files share.
    let of_tests = path.iter().skip(1).any(|folder| folder == "tests");
    let declares = matches!(stem, "mod" | "lib") && !path.starts_with("macros") && !of_tests;
    for (number, line) in text.lines().enumerate() {
        let at = format!("{shown}:{}", number + 1);
        problems.extend(of_line(&at, line));
        if declares && is_function(line) {
            problems.push(format!("{at}: {stem}.rs declares and re-exports, it has no functions"));
        }
    }
    problems
}

fn of_line(at: &str, line: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let width = line.chars().count();
    if width > COLUMNS_MAX && !line.contains("://") {
        problems.push(format!("{at}: has {width} columns, more than {COLUMNS_MAX}"));
    }
    // What an example in the documentation hides from the reader.
    let hidden = line.trim_start().starts_with("/// # ");
    for word in LEFT_BEHIND {
        if line.contains(word) && !hidden {
            problems.push(format!("{at}: `{word}` is left behind"));
        }
    }
    problems
}

fn is_function(line: &str) -> bool {
    let words = line.strip_prefix("pub ").unwrap_or(line);
    let words = words.strip_prefix("pub(crate) ").unwrap_or(words);
    ["fn ", "const fn ", "async fn "].iter().any(|start| words.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_judged() {
        fn check(path: &str, text: &str, expected: &[&str]) {
            assert_eq!(of_file(Path::new(path), text), expected);
        }
        check("a.rs", "//! Owns a.\nfn a() {}\n", &[]);
        check("a.rs", "fn a() {}\n", &["a.rs: does not open with `//!` and what it owns"]);
        check("common.rs", "//! A.\n", &["common.rs: `common` does not name what is in it"]);
        check(
            "mod.rs",
            "//! A.\npub fn a() {}\n",
            &["mod.rs:2: mod.rs declares and re-exports, it has no functions"],
        );
        check("crates/a/tests/b/mod.rs", "//! A.\npub fn a() {}\n", &[]);
        check("macros/lib.rs", "//! A.\npub fn a() {}\n", &[]);
        let left = concat!("//! A.\n// FIX", "ME later\n");
        check("a.rs", left, &[concat!("a.rs:2: `FIX", "ME` is left behind")]);
        let wide = format!("//! {}\n", "x".repeat(100));
        check("a.rs", &wide, &["a.rs:1: has 104 columns, more than 100"]);
    }
}
