//! All checks, their problems together.

use std::io::Write;

use super::{edges, pages, sources};

/// Every problem of the repository; fails when there is one.
pub(crate) fn run() -> Result<(), String> {
    let mut problems = sources::problems()?;
    problems.extend(edges::problems()?);
    problems.extend(pages::problems()?);
    if problems.is_empty() {
        return Ok(());
    }
    for problem in &problems {
        drop(writeln!(std::io::stderr(), "{problem}"));
    }
    Err(format!("{} problems, see CONTRIBUTING.md", problems.len()))
}
