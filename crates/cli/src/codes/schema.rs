//! Faults of a declared schema.

use serde_json::json;
use xtask_db_engine::Failure;
use xtask_db_schema::Guess;
use xtask_db_sql::position;

use super::Problem;
use crate::exit;
use crate::fault::Fault;
use crate::schema::{full, word};
use crate::snippet::Source;

/// A statement of the declared schema that the server does not take.
pub(super) fn fails(fault: &Fault, failure: &Failure) -> Problem {
    let Failure { path, text, span, error, .. } = failure;
    let at = position(text, span.start + error.offset.unwrap_or(0));
    let mut problem = Problem::new("XDB0128", exit::USAGE, fault)
        .data(json!({
            "path": path, "line": at.line, "column": at.column, "sqlstate": error.code,
            "message": error.message,
        }))
        .source(Source::at(path, text, at, error.message.clone()));
    for (what, said) in [("detail", &error.detail), ("hint", &error.hint)] {
        if let Some(said) = said {
            problem = problem.detail(format!("the server's {what}: {said}"));
        }
    }
    problem
        .detail("it was run on an empty throwaway database; yours was not touched")
        .hint(format!("mend it: {path}"))
        .hint("what must be there first, such as a role: shadow-init in [workspace.metadata.db]")
}

/// Renames that may be meant, where nobody can be asked.
pub(super) fn rename_open(fault: &Fault, guesses: &[Guess]) -> Problem {
    let lines: Vec<String> = guesses
        .iter()
        .map(|Guess { rename, .. }| {
            let (old, new) = (full(rename, &rename.from), full(rename, &rename.to));
            format!("{old} is gone and {new} is new: is it the same {}?", word(rename.kind))
        })
        .collect();
    let fact = match lines.as_slice() {
        [one] => one.clone(),
        _ => fault.to_string(),
    };
    let flags: Vec<String> = guesses.iter().map(|guess| guess.rename.to_string()).collect();
    let mut problem = Problem::new("XDB0411", exit::REFUSED, fact)
        .data(json!({ "renames": flags }))
        .details(lines.into_iter().skip(usize::from(guesses.len() == 1)))
        .detail("nobody can be asked: this is not a terminal, or CI is set");
    for flag in flags {
        problem = problem.hint(format!("it is: --rename {flag}"));
    }
    problem.hint("it is not, what is gone is dropped with its values: --no-rename")
}
