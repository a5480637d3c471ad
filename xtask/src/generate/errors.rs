//! The index of the error pages: each code with its exit status and meaning.

use std::fmt::Write;

use xtask_db_cli::CODES;

/// The page that is written.
pub(super) const INDEX: &str = "docs/errors/README.md";

const NOTE: &str = "<!-- Written by `cargo xtask gen` from the codes. Do not edit. -->\n\n";

/// The text of the index.
pub(super) fn index() -> String {
    let mut text = format!("{NOTE}# Errors\n\n| code | exit | meaning |\n|---|---|---|\n");
    for one in CODES {
        let (code, exit, title) = (one.code, one.exit, one.title);
        let _ = writeln!(text, "| [{code}]({code}.md) | {exit} | {title} |");
    }
    text
}
