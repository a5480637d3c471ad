//! The tokens that the lock file hashes.

use super::Lexer;
use crate::directive::changes_execution;
use crate::{Syntax, TokenKind};

/// The text of each token that changes what a server does, in order: everything but whitespace
/// and plain comments. Literals, quoted names, dollar-quoted bodies, `/*! */` and hints count as
/// written, and so do the case of words, delimiters and `DELIMITER` lines; of the directives
/// `no-transaction` (sqlx's too), `batch` and `after-backfill`.
///
/// Hashed into `tokens:` of the lock file, so its result may never change within a lock-file
/// version.
pub fn significant(text: &str, syntax: Syntax) -> impl Iterator<Item = &str> {
    let mut leading = true;
    Lexer::new(text, syntax).filter_map(move |token| {
        let written = &text[token.span.range()];
        match token.kind {
            TokenKind::Whitespace => None,
            TokenKind::Comment => {
                changes_execution(written, token.span.start, leading).then(|| written.trim_end())
            }
            _ => {
                leading = false;
                Some(written)
            }
        }
    })
}
