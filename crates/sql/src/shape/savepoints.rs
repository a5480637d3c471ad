//! A savepoint lives as long as its transaction: it is of no use in another step.

use std::ops::Range;

use super::blocks::unpaired;
use crate::effects::{Words, unquote};
use crate::{Control, Script, SqlError, Statement, Syntax, TokenKind};

/// Refuses `RELEASE` and `ROLLBACK TO` whose `SAVEPOINT` is not in the same step.
pub(super) fn check(
    text: &str,
    script: &Script,
    syntax: Syntax,
    step: Range<usize>,
) -> Result<(), SqlError> {
    let mut set: Vec<String> = Vec::new();
    for statement in &script.statements[step] {
        if statement.effects.control != Some(Control::Savepoint) {
            continue;
        }
        let (word, name) = read(text, statement, syntax);
        if word == "SAVEPOINT" {
            set.push(name);
            continue;
        }
        let Some(found) = set.iter().rposition(|savepoint| savepoint.eq_ignore_ascii_case(&name))
        else {
            return Err(unpaired(text, statement, syntax));
        };
        let kept = if word == "RELEASE" { found } else { found + 1 };
        set.truncate(kept);
    }
    Ok(())
}

/// `SAVEPOINT a`, `RELEASE [SAVEPOINT] a`, `ROLLBACK … TO [SAVEPOINT] a`.
fn read(text: &str, statement: &Statement, syntax: Syntax) -> (&'static str, String) {
    let mut words = Words::new(&text[statement.span.range()], syntax);
    let word = words.eat_one(&["SAVEPOINT", "RELEASE"]).unwrap_or("ROLLBACK");
    words.eat_any(&["ROLLBACK", "WORK", "TRANSACTION"]);
    words.eat_any(&["TO"]);
    if word != "SAVEPOINT" && words.peek(1).is_some() {
        words.eat("SAVEPOINT");
    }
    let name = words.next().map_or_else(String::new, |item| match item.kind {
        TokenKind::QuotedIdent | TokenKind::String => unquote(item.text),
        _ => item.text.to_owned(),
    });
    (word, name)
}
