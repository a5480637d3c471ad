//! What was found in all migrations.

use xtask_db_sql::{Position, Span};

use crate::{Blocks, Finding, Level};

/// What was found in all migrations.
#[derive(Debug, Default)]
pub struct Report {
    /// File by file, in order; files without findings too.
    pub files: Vec<Linted>,
}

/// What was found in one file.
#[derive(Debug)]
pub struct Linted {
    /// The migration.
    pub id: String,
    /// The file.
    pub path: String,
    /// Findings that stand, in the order of the text.
    pub findings: Vec<Finding>,
    /// Findings that a comment allows.
    pub allowed: Vec<Allowed>,
    /// What is wrong with the comments that allow.
    pub remarks: Vec<Remark>,
    /// Statements that were not looked into, and why.
    pub unread: Vec<Remark>,
}

/// A finding that a comment allows.
#[derive(Debug)]
pub struct Allowed {
    /// The finding.
    pub finding: Finding,
    /// The comment.
    pub by: String,
    /// Why; other tools' comments have no place for it.
    pub reason: Option<String>,
}

/// A place and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Its bytes in the file.
    pub span: Span,
    /// Where it starts.
    pub at: Position,
    /// One sentence.
    pub message: String,
}

/// Why a maintenance window is needed.
#[derive(Debug)]
pub struct Window<'r> {
    /// What stops meanwhile.
    pub blocks: Blocks,
    /// The finding.
    pub finding: &'r Finding,
    /// Its file.
    pub path: &'r str,
}

impl Report {
    /// Findings of this level, with their files.
    pub fn at_level(&self, level: Level) -> impl Iterator<Item = (&Linted, &Finding)> {
        let each =
            self.files.iter().flat_map(|file| file.findings.iter().map(move |one| (file, one)));
        each.filter(move |(_, finding)| finding.level == level)
    }

    /// What makes a maintenance window necessary: statements that stop others for as long as a
    /// table is scanned, built or written again. A comment allows the finding, not the wait.
    pub fn windows(&self) -> impl Iterator<Item = Window<'_>> {
        self.files.iter().flat_map(|file| {
            let allowed = file.allowed.iter().map(|one| &one.finding);
            let windows = file.findings.iter().chain(allowed).filter_map(|finding| {
                let blocks = finding.blocks?;
                Some(Window { blocks, finding, path: &file.path })
            });
            windows.collect::<Vec<_>>()
        })
    }
}
