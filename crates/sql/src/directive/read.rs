//! Finds a directive in a comment.

use super::arguments::WORDS;
use super::{Directive, DirectiveKind};
use crate::{Position, Span, SqlError};

const PREFIX: &str = "xtask-db";

/// What sqlx reads at the start of a file.
const SQLX: &str = "no-transaction";

/// Words that the token hash counts.
const EXECUTION: [&str; 3] = ["no-transaction", "after-backfill", "batch"];

/// Reads a comment; `leading` when only comments stand before it.
pub(crate) fn read(
    comment: &str,
    span: Span,
    at: Position,
    leading: bool,
) -> Result<Option<Directive>, SqlError> {
    let kind = if is_sqlx(comment, span.start, leading) {
        Some(DirectiveKind::NoTransaction)
    } else {
        kind(comment, leading).map_err(|problem| SqlError::Directive { problem, at })?
    };
    Ok(kind.map(|kind| Directive { kind, span, at }))
}

/// A quick look: most comments are not directives, and their place need not be known.
pub(crate) fn may_be(comment: &str) -> bool {
    const MARKS: [&str; 2] = ["xtask", "no-transaction"];
    let text = comment.trim_start_matches(['-', '/', '*', '#', ' ', '\t', '\r', '\n']);
    MARKS
        .iter()
        .any(|mark| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
}

/// Whether a comment is a directive that changes how the text is executed. Never fails: a
/// directive with wrong arguments counts, and is refused where it is read.
pub(crate) fn changes_execution(comment: &str, start: usize, leading: bool) -> bool {
    let ours = line(comment).and_then(body).is_some_and(|body| {
        let word = first_word(body);
        EXECUTION.contains(&word) && (leading || word != SQLX)
    });
    ours || is_sqlx(comment, start, leading)
}

/// `-- no-transaction` among the leading comments; at the very start with anything behind it, as
/// sqlx has it. Elsewhere sqlx passes over it, and so must we.
fn is_sqlx(comment: &str, start: usize, leading: bool) -> bool {
    leading
        && (line(comment).is_some_and(|text| text == SQLX)
            || (start == 0 && comment.starts_with("-- no-transaction")))
}

fn kind(comment: &str, leading: bool) -> Result<Option<DirectiveKind>, String> {
    let Some(text) = line(comment) else {
        // `/* */` and `#` are not read, so what was meant as a directive must not pass
        let inside = comment.trim_start_matches(['/', '*', '#', ' ', '\t', '\r', '\n']);
        return match body(inside) {
            Some(_) => Err("a directive is a comment of its own that starts with --".to_owned()),
            None => Ok(None),
        };
    };
    let Some(body) = body(text) else {
        return misspelt(text).map_or(Ok(None), Err);
    };
    let word = first_word(body);
    let rest = body[word.len()..].trim();
    let Some(known) = WORDS.iter().find(|known| known.name == word) else {
        return Err(unknown(word));
    };
    let kind = (known.arguments)(rest)?;
    if kind == DirectiveKind::NoTransaction && !leading {
        return Err("no-transaction belongs in the comments before the first statement".to_owned());
    }
    Ok(Some(kind))
}

/// The text of a `--` comment.
fn line(comment: &str) -> Option<&str> {
    comment.strip_prefix("--").map(str::trim)
}

/// What follows `xtask-db:`.
fn body(text: &str) -> Option<&str> {
    let (prefix, rest) = text.split_at_checked(PREFIX.len())?;
    if !prefix.eq_ignore_ascii_case(PREFIX) {
        return None;
    }
    rest.trim_start().strip_prefix(':').map(str::trim)
}

fn first_word(body: &str) -> &str {
    body.split(char::is_whitespace).next().unwrap_or_default()
}

/// `xtask_db:` and the like.
fn misspelt(text: &str) -> Option<String> {
    let (prefix, _) = text.split_once(':')?;
    let prefix = prefix.trim_end();
    ["xtask_db", "xtaskdb", "xtask db"]
        .iter()
        .any(|wrong| prefix.eq_ignore_ascii_case(wrong))
        .then(|| format!("unknown prefix {prefix}, a directive starts with {PREFIX}:"))
}

fn unknown(word: &str) -> String {
    let nearest = WORDS.iter().map(|known| known.name).min_by_key(|name| distance(word, name));
    match nearest {
        Some(nearest) if !word.is_empty() => {
            format!("unknown directive {word}, did you mean {nearest}")
        }
        _ => format!("{PREFIX}: needs a directive, e.g. {SQLX}"),
    }
}

/// Edit distance, on as much of a word as a directive may have.
fn distance(a: &str, b: &str) -> usize {
    const CHARS_MAX: usize = 64;
    let a: Vec<char> = a.chars().take(CHARS_MAX).map(|c| c.to_ascii_lowercase()).collect();
    let b: Vec<char> = b.chars().take(CHARS_MAX).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
