//! `--fix`: writes the edits of the findings into the files.

use xtask_db_lint::{Linted, Report, apply};

use super::Chosen;
use crate::context::Context;
use crate::fault::Fault;

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Mended {
    /// Fixes that were put in.
    pub(crate) count: usize,
    /// Sealed migrations that have fixes: their text does not change.
    pub(crate) sealed: Vec<String>,
}

/// Mends the drafts.
pub(crate) fn mend(context: &Context, chosen: &Chosen, report: &Report) -> Result<Mended, Fault> {
    let mut mended = Mended::default();
    let fixable = |file: &&Linted| file.findings.iter().any(|finding| finding.fix.is_some());
    for file in report.files.iter().filter(fixable) {
        if chosen.is_sealed(&file.id) {
            mended.sealed.push(file.id.clone());
            continue;
        }
        let (text, count) = apply(chosen.text(&file.path), &file.findings);
        let path = context.folder.join(&file.path);
        std::fs::write(&path, text).map_err(|source| Fault::Io { path, source })?;
        mended.count += count;
    }
    Ok(mended)
}
