//! Pairs `BEGIN` with `COMMIT`.

use std::ops::Range;

use crate::effects::Words;
use crate::{Control, Script, SqlError, Statement, Syntax};

/// A statement is named by so many of its words.
const WORDS_SHOWN_MAX: usize = 4;
/// And by no more characters than these.
const CHARS_SHOWN_MAX: usize = 60;

/// The `BEGIN … COMMIT` blocks, both ends included, in order.
pub(super) fn blocks(
    text: &str,
    script: &Script,
    syntax: Syntax,
) -> Result<Vec<Range<usize>>, SqlError> {
    let mut blocks = Vec::new();
    let mut open: Option<usize> = None;
    for (at, statement) in script.statements.iter().enumerate() {
        let fits = match (statement.effects.control, open) {
            (Some(Control::Begin), None) => {
                open = Some(at);
                true
            }
            (Some(Control::Commit), Some(begin)) => {
                blocks.push(begin..at + 1);
                open = None;
                !chains(text, statement, syntax)
            }
            (Some(Control::Begin | Control::Commit | Control::Rollback), _) => false,
            (Some(Control::Savepoint) | None, Some(_)) if statement.effects.alone => {
                return Err(SqlError::NotInTransaction {
                    statement: first_words(text, statement, syntax),
                    at: statement.at,
                });
            }
            (Some(Control::Savepoint) | None, _) => true,
        };
        if !fits {
            return Err(unpaired(text, statement, syntax));
        }
    }
    match open {
        Some(begin) => Err(unpaired(text, &script.statements[begin], syntax)),
        None => Ok(blocks),
    }
}

/// `COMMIT AND CHAIN` begins the next transaction, `COMMIT RELEASE` ends the connection.
fn chains(text: &str, commit: &Statement, syntax: Syntax) -> bool {
    let mut words = Words::new(&text[commit.span.range()], syntax);
    words.eat_any(&["COMMIT", "END", "WORK", "TRANSACTION"]);
    if words.eat("AND") {
        if words.eat("CHAIN") {
            return true;
        }
        words.eat_any(&["NO", "CHAIN"]);
    }
    words.eat("RELEASE")
}

pub(super) fn unpaired(text: &str, statement: &Statement, syntax: Syntax) -> SqlError {
    SqlError::Unpaired { statement: first_words(text, statement, syntax), at: statement.at }
}

/// A statement as people are told of it.
fn first_words(text: &str, statement: &Statement, syntax: Syntax) -> String {
    let words = Words::new(&text[statement.span.range()], syntax);
    let shown: Vec<&str> = words.take(WORDS_SHOWN_MAX).map(|item| item.text).collect();
    shown.join(" ").chars().take(CHARS_SHOWN_MAX).collect()
}
