//! Parses a file with squawk and runs its rules.

use squawk_linter::{Linter, Version, Violation};
use squawk_syntax::SourceFile;
use xtask_db_sql::{Span, Syntax};

use super::names::{NAMED, Ours, ours};
use crate::{Edit, Fix, Server};

/// A larger file is data: it is not parsed.
const BYTES_MAX: usize = 4 << 20;
/// The parser calls itself for each.
const DEPTH_MAX: usize = 200;

/// A range of squawk's as ours; its type is of a crate that is not named here.
macro_rules! span {
    ($range:expr) => {{
        let range = $range;
        Span { start: usize::from(range.start()), end: usize::from(range.end()) }
    }};
}

/// What squawk said of a file.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) hits: Vec<RawHit>,
    /// Places that it could not read.
    pub(crate) unread: Vec<Span>,
}

/// A finding before its statement is found.
#[derive(Debug)]
pub(crate) struct RawHit {
    pub(crate) id: &'static str,
    pub(crate) rule: String,
    pub(crate) span: Span,
    pub(crate) fix: Option<Fix>,
}

/// Runs every rule that is one of ours. `begins`: the file has a `BEGIN` of its own, so its
/// statements are not all in one transaction.
pub(crate) fn parse(text: &str, begins: bool, server: Server, syntax: Syntax) -> Parsed {
    if text.len() > BYTES_MAX || is_deep(text, syntax) {
        let all = Span { start: 0, end: text.len() };
        return Parsed { hits: Vec::new(), unread: vec![all] };
    }
    // ignores are kept account of by us; bytes keep their places
    let text = text.replace("squawk-", "SQUAWK-");
    let file = SourceFile::parse(&text);
    let unread = file.errors().iter().map(|error| span!(error.range())).collect();
    let mut linter = Linter::with_rules(&NAMED, &[]);
    linter.rules.retain(|rule| matches!(ours(*rule), Ours::Is(_)));
    linter.settings.assume_in_transaction = !begins;
    if let Some(version) = version(server) {
        linter.settings.pg_version = version;
    }
    let hits = linter.lint(&file, &text).into_iter().filter_map(hit).collect();
    Parsed { hits, unread }
}

fn version(server: Server) -> Option<Version> {
    let (major, minor) = server.version?;
    format!("{major}.{minor}").parse().ok()
}

fn hit(violation: Violation) -> Option<RawHit> {
    let Ours::Is(id) = ours(violation.code) else { return None };
    let fix = violation.fix.map(|fix| Fix {
        title: fix.title,
        edits: fix
            .edits
            .into_iter()
            .map(|edit| Edit { span: span!(edit.text_range), text: edit.text.unwrap_or_default() })
            .collect(),
    });
    Some(RawHit { id, rule: violation.code.to_string(), span: span!(violation.text_range), fix })
}

fn is_deep(text: &str, syntax: Syntax) -> bool {
    let mut depth = 0_usize;
    for token in xtask_db_sql::tokens(text, syntax) {
        match &text[token.span.range()] {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return true;
        }
    }
    false
}
