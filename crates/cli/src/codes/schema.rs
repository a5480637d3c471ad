//! Faults of a declared schema.

use serde_json::json;
use xtask_db_engine::{Counted, Failure};
use xtask_db_schema::Guess;
use xtask_db_sql::position;

use super::Problem;
use crate::exit;
use crate::fault::Fault;
use crate::schema::{Drift, DropAll, full, json_counted, told, word};
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

/// A development database that was changed beside the migrations.
pub(super) fn drift(fault: &Fault, drift: &Drift) -> Problem {
    Problem::new("XDB0701", exit::DIFFERENCE, fault)
        .data(drift.json())
        .details(drift.lines().into_iter().skip(1))
        .hint("make it a migration, for everybody: cargo xtask db migrate --on-drift adopt")
        .hint("undo it in this database: cargo xtask db migrate --on-drift discard")
        .hint("go on with it, in this run: cargo xtask db migrate --on-drift leave")
}

/// Rows and values that would be lost.
pub(super) fn data_loss(fault: &Fault, lost: &[Counted]) -> Problem {
    counted(Problem::new("XDB0412", exit::REFUSED, one_or(fault, lost)), lost)
        .detail("nobody can be asked: this is not a terminal, or CI is set")
        .hint("lose it: --accept-data-loss")
        .hint("write the migration and change it before it runs: --create-only --name NAME")
}

/// Statements that would fail on the rows that are there.
pub(super) fn unexecutable(fault: &Fault, fails: &[Counted]) -> Problem {
    counted(Problem::new("XDB0413", exit::REFUSED, one_or(fault, fails)), fails)
        .detail("nothing was written")
        .hint("give a new required column a default, or let it be null at first")
        .hint("write the migration and complete it by hand: --create-only --name NAME")
}

/// Nearly everything would be dropped.
pub(super) fn drop_all(fault: &Fault, stopped: &DropAll) -> Problem {
    let mut problem = Problem::new("XDB0414", exit::REFUSED, fault)
        .data(json!({ "tables": stopped.tables, "dropped": stopped.dropped }))
        .details(stopped.dropped.iter().map(|name| format!("drop  {name}")));
    if stopped.empty {
        problem = problem.detail("the declared schema has no statement");
    }
    problem.hint("look at the schema file: is it whole?").hint("it is meant: --allow-drop-all")
}

fn one_or(fault: &Fault, list: &[Counted]) -> String {
    match list {
        [one] => told(one),
        _ => fault.to_string(),
    }
}

fn counted(problem: Problem, list: &[Counted]) -> Problem {
    let several = list.iter().filter(|_| list.len() > 1);
    problem.data(json!({ "hazards": json_counted(list) })).details(several.map(told))
}
