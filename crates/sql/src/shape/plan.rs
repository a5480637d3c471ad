//! From statements to steps.

use std::ops::Range;

use super::{Shape, Step, blocks, savepoints};
use crate::{Control, DirectiveKind, Script, SqlError, Syntax};

/// The shape of a script. `Mysql` is always journaled.
///
/// The directive `no-transaction` asks for autocommit: on PostgreSQL and SQLite each statement
/// outside of the file's own blocks is then a step of its own, committed with its count; alone
/// where it cannot be in a transaction, or may end one (`CALL`, `DO`).
///
/// # Errors
/// Unpaired transaction control (`COMMIT` without `BEGIN`, a block that ends in `ROLLBACK`, one in
/// another, `COMMIT AND CHAIN`, a savepoint used in another step), a statement in a block that
/// cannot be there. On MySQL that is each statement with an implicit commit: it would end the
/// block, of which half could remain after a failure.
pub fn shape(text: &str, script: &Script, syntax: Syntax) -> Result<Shape, SqlError> {
    let count = script.statements.len();
    let blocks = blocks::blocks(text, script, syntax)?;
    let transactional = syntax.dialect.transactional_ddl();
    let autocommit = transactional && no_transaction(script);
    let any_alone = script.statements.iter().any(|statement| statement.effects.alone);
    if transactional && !autocommit {
        if blocks.is_empty() && !any_alone {
            savepoints::check(text, script, syntax, 0..count)?;
            return Ok(Shape::Transaction);
        }
        if matches!(blocks.as_slice(), [whole] if *whole == (0..count)) {
            savepoints::check(text, script, syntax, 0..count)?;
            return Ok(Shape::Block);
        }
    }
    let steps = steps(script, text, &blocks, autocommit);
    for step in &steps {
        let members = match step {
            Step::Together(range) | Step::Block(range) => range.clone(),
            Step::Alone(at) => {
                // in SQLite it would open a transaction, elsewhere it fails or does nothing
                let statement = &script.statements[*at];
                if statement.effects.control == Some(Control::Savepoint) {
                    return Err(blocks::unpaired(text, statement, syntax));
                }
                continue;
            }
        };
        savepoints::check(text, script, syntax, members)?;
    }
    Ok(Shape::Journaled { steps })
}

fn no_transaction(script: &Script) -> bool {
    script.directives.iter().any(|directive| directive.kind == DirectiveKind::NoTransaction)
}

/// A procedure may commit; a savepoint without its transaction is refused below.
fn ends(script: &Script, text: &str, at: usize) -> bool {
    if script.statements[at].effects.control.is_some() {
        return true;
    }
    let sql = &text[script.statements[at].span.range()];
    let first = sql.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    ["call", "do"].iter().any(|word| first.eq_ignore_ascii_case(word))
}

fn steps(script: &Script, text: &str, blocks: &[Range<usize>], autocommit: bool) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut run = 0..0;
    let mut blocks = blocks.iter().peekable();
    let mut at = 0;
    while at < script.statements.len() {
        if let Some(block) = blocks.next_if(|block| block.start == at) {
            flush(&mut steps, &mut run);
            steps.push(Step::Block(block.clone()));
            at = block.end;
            continue;
        }
        if script.statements[at].effects.alone || (autocommit && ends(script, text, at)) {
            flush(&mut steps, &mut run);
            steps.push(Step::Alone(at));
        } else if autocommit {
            flush(&mut steps, &mut run);
            steps.push(Step::Together(at..at + 1));
        } else if run.start == run.end {
            run = at..at + 1;
        } else {
            run.end = at + 1;
        }
        at += 1;
    }
    flush(&mut steps, &mut run);
    steps
}

fn flush(steps: &mut Vec<Step>, run: &mut Range<usize>) {
    if run.start < run.end {
        steps.push(Step::Together(std::mem::take(run)));
    }
}
