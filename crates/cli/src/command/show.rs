//! `show`: everything about one migration that the disk knows.

use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};
use xtask_db_engine::Error;
use xtask_db_history::{DiskProblem, Entry, History, Migration, SqlFile, disk_problems};
use xtask_db_sql::{
    Control, DirectiveKind, Effects, Script, Shape, Statement, Step, Syntax, shape, split,
};

use crate::codes::describe;
use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;

/// How much of a statement is shown.
const STATEMENT_CHARS: usize = 72;

/// Show one migration: its files, statements, how they run, and where the lock file stands
///
/// Reads the disk only; `status` says which databases have it.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The migration; the start of its id is enough when no other begins like it
    #[arg(value_name = "ID")]
    id: String,
}

pub(crate) fn run(args: &Show, context: &Context) -> Result<Reply, Fault> {
    let history = context.history()?;
    let migration = pick(&history, &args.id)?;
    let syntax = history.lock.syntax();
    let script = split(&migration.up.text, syntax).map_err(|error| fault(migration, error))?;
    let run =
        shape(&migration.up.text, &script, syntax).map_err(|error| fault(migration, error))?;

    let mut text = format!("{}\n", migration.id);
    let state = state(&history, migration);
    let _ = writeln!(text, "state       {state}");
    let _ = writeln!(text, "checksum    sha256:{}", migration.checksum);
    let files = [
        ("down", &migration.down),
        ("verify", &migration.verify),
        ("backfill", &migration.backfill),
    ];
    for (name, file) in files {
        let _ = writeln!(text, "{name:<11} {}", about(name, file.as_ref(), &script, syntax));
    }
    let _ = writeln!(text, "runs        {}", manner(&run));
    let _ = writeln!(text, "\n{}, {}:", migration.up.path, count(script.statements.len()));
    for (index, statement) in script.statements.iter().enumerate() {
        let _ = writeln!(text, "{}", line(index, statement, &migration.up.text));
    }
    if let Some(readme) = migration.readme.as_deref().map(str::trim).filter(|r| !r.is_empty()) {
        let _ = writeln!(text, "\n{readme}");
    }
    let reply = object(migration, &state, &script, &run);
    Ok(Reply::new(text.trim_end(), reply))
}

/// The migration that is meant: the whole id, or a start that only one has.
fn pick<'h>(history: &'h History, given: &str) -> Result<&'h Migration, Fault> {
    let all = &history.migrations;
    if let Some(exact) = all.iter().find(|migration| migration.id.as_str() == given) {
        return Ok(exact);
    }
    let mut starts = all.iter().filter(|migration| migration.id.as_str().starts_with(given));
    match (starts.next(), starts.next()) {
        (Some(one), None) => Ok(one),
        (Some(one), Some(other)) => Err(Fault::Usage(format!(
            "{given} is the start of several ids: {}, {}{}",
            one.id,
            other.id,
            if starts.next().is_some() { ", …" } else { "" }
        ))),
        (None, _) => Err(Fault::NoMigration { id: given.to_owned() }),
    }
}

fn fault(migration: &Migration, error: xtask_db_sql::SqlError) -> Fault {
    Fault::Engine(Error::Split {
        id: Some(migration.id.clone()),
        path: migration.up.path.to_string(),
        text: migration.up.text.to_string(),
        error,
    })
}

/// Where the lock file stands.
fn state(history: &History, migration: &Migration) -> String {
    let changed = disk_problems(history).into_iter().find(|problem| {
        !matches!(problem, DiskProblem::Unlisted { .. })
            && !problem.is_warning()
            && *problem.id() == migration.id
    });
    if let Some(problem) = changed {
        return describe(&problem);
    }
    match history.lock.entry(&migration.id) {
        Some(Entry::Sealed(sealed)) => {
            let mut state = "sealed".to_owned();
            if !sealed.was.is_empty() {
                let _ = write!(state, ", {} earlier accepted", texts(sealed.was.len()));
            }
            if sealed.order_any {
                state.push_str(", in any order");
            }
            state
        }
        Some(Entry::Draft(_)) => "draft: it may still change".to_owned(),
        Some(Entry::Absent(_)) | None => "draft, not in the lock file yet".to_owned(),
    }
}

fn texts(count: usize) -> String {
    if count == 1 { "1 text".to_owned() } else { format!("{count} texts") }
}

fn count(statements: usize) -> String {
    if statements == 1 { "1 statement".to_owned() } else { format!("{statements} statements") }
}

/// A file beside `migration.sql`, in a line.
fn about(name: &str, file: Option<&SqlFile>, up: &Script, syntax: Syntax) -> String {
    let Some(file) = file else {
        let irreversible = up.directives.iter().find_map(|directive| match &directive.kind {
            DirectiveKind::Irreversible { reason } if name == "down" => Some(reason),
            _ => None,
        });
        return match irreversible {
            Some(reason) => format!("none, on purpose: {reason}"),
            None => "none".to_owned(),
        };
    };
    match split(&file.text, syntax) {
        Ok(script) => format!("{}, {}", file.path, count(script.statements.len())),
        Err(error) => format!("{}: {error}", file.path),
    }
}

/// How the file is run.
fn manner(shape: &Shape) -> String {
    match shape {
        Shape::Transaction => "in one transaction: all or nothing".to_owned(),
        Shape::Block => "in its own BEGIN … COMMIT: all or nothing".to_owned(),
        Shape::Journaled { steps } => {
            let alone = steps.iter().filter(|step| matches!(step, Step::Alone(_))).count();
            let steps =
                if steps.len() == 1 { "1 step".into() } else { format!("{} steps", steps.len()) };
            format!(
                "journaled, in {steps} that commit one after another ({alone} by the server itself)"
            )
        }
    }
}

/// A statement: number, place, first words, and what it does to a transaction.
fn line(index: usize, statement: &Statement, text: &str) -> String {
    let at = format!("{}:{}", statement.at.line, statement.at.column);
    let mut line = format!("{:>4}  {at:<8} {}", index + 1, short(&text[statement.span.range()]));
    let effects = effects(&statement.effects);
    if !effects.is_empty() {
        let _ = write!(line, "  [{}]", effects.join(", "));
    }
    line
}

fn short(sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let flat = words.join(" ");
    if flat.chars().count() <= STATEMENT_CHARS {
        return flat;
    }
    flat.chars().take(STATEMENT_CHARS - 1).chain(['…']).collect()
}

fn effects(effects: &Effects) -> Vec<&'static str> {
    let mut words = Vec::new();
    match effects.control {
        Some(Control::Begin) => words.push("begins a transaction"),
        Some(Control::Commit) => words.push("commits"),
        Some(Control::Rollback) => words.push("rolls back"),
        Some(Control::Savepoint) | None => {}
    }
    if effects.concurrently {
        words.push("waits for other sessions");
    }
    if effects.alone {
        words.push("commits by itself");
    }
    if effects.reach.is_some() {
        words.push("reaches outside the database: not run on a shadow");
    }
    if effects.rebuild {
        words.push("part of a table rebuild");
    }
    words
}

fn object(migration: &Migration, state: &str, script: &Script, run: &Shape) -> Value {
    let text = |file: &Option<SqlFile>| file.as_ref().map(|file| file.text.to_string());
    let statements: Vec<Value> = script
        .statements
        .iter()
        .map(|statement| {
            json!({
                "line": statement.at.line, "column": statement.at.column,
                "sql": &migration.up.text[statement.span.range()],
                "effects": effects(&statement.effects),
            })
        })
        .collect();
    let shape = match run {
        Shape::Transaction => "transaction",
        Shape::Block => "block",
        Shape::Journaled { .. } => "journaled",
    };
    json!({
        "id": migration.id.as_str(), "state": state, "checksum": migration.checksum.to_string(),
        "path": migration.up.path, "shape": shape, "statements": statements,
        "down": text(&migration.down), "verify": text(&migration.verify),
        "backfill": text(&migration.backfill), "readme": migration.readme,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_one_line() {
        assert_eq!(short("CREATE  TABLE a (\n  id int\n)"), "CREATE TABLE a ( id int )");
        let long = short(&"é ".repeat(100));
        assert_eq!(long.chars().count(), STATEMENT_CHARS);
        assert!(long.ends_with('…'));
    }
}
