//! The index of the error pages: each code with the heading of its page.

use std::fmt::Write;
use std::fs;

use crate::repository;

/// The page that is written.
pub(super) const INDEX: &str = "docs/errors/README.md";

const NOTE: &str = "<!-- Written by `cargo xtask gen` from the codes and their pages. Do not edit. -->\n\n";

/// The text of the index.
pub(super) fn index() -> Result<String, String> {
    let mut text = format!("{NOTE}# Errors\n\n| code | meaning |\n|---|---|\n");
    for code in xtask_db_cli::codes() {
        let path = format!("docs/errors/{code}.md");
        let page = fs::read_to_string(repository::root().join(&path))
            .map_err(|error| format!("{path}: {error}"))?;
        let heading = page.lines().next().unwrap_or_default().trim_start_matches('#').trim();
        let meaning = heading.trim_start_matches(code).trim_start_matches([':', ' ']);
        let _ = writeln!(text, "| [{code}]({code}.md) | {meaning} |");
    }
    Ok(text)
}
