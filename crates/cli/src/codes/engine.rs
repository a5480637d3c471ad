//! Faults of the engine.

use serde_json::json;
use xtask_db_engine::{DbError, Error, Failure, LeftAs};
use xtask_db_sql::{Position, position};

use super::{Problem, backfill, hints};
use crate::exit;
use crate::snippet::Source;

/// How an error of the engine is shown.
#[expect(clippy::too_many_lines, reason = "one exhaustive match")]
pub(super) fn problem(error: &Error) -> Problem {
    let of = |code, exit| Problem::new(code, exit, error);
    match error {
        Error::Url(_) => of("XDB0117", exit::USAGE)
            .hint("sqlite:FILE, postgres://USER:PASSWORD@HOST:PORT/NAME, or mysql://…"),
        Error::NoDriver { dialect } => of("XDB0118", exit::USAGE).hint(format!(
            "enable the feature of {dialect} for xtask-db-cli in the Cargo.toml of xtask"
        )),
        Error::Connect { host, error: said } => connect(error, host, said),
        Error::Provider { .. } => of("XDB0119", exit::USAGE)
            .hint("give the URL of a database that these migrations are for"),
        Error::Server { doing, error: said } => server(error, doing, said),
        Error::Split { id, path, text, error: why } => {
            let at = why.at();
            of("XDB0212", exit::CONFLICT)
                .data(json!({ "id": id.as_ref().map(ToString::to_string), "path": path,
                    "line": at.line, "column": at.column }))
                .source(Source::at(path, text, at, why.to_string()))
                .hint("mend the file; nothing was run")
        }
        Error::Seed(problem) => of("XDB0640", exit::MIGRATION)
            .data(json!({ "path": problem.path, "line": problem.line, "field": problem.field }))
            .detail("no row of any file was changed")
            .hint("mend the file, then: cargo xtask db seed"),
        Error::Failed(failure) => failed(failure),
        Error::Verify { id, path, found, left, .. } => {
            let mut problem = of("XDB0503", exit::MIGRATION)
                .data(json!({ "id": id.as_str(), "path": path }))
                .path(path)
                .detail(left_as(*left));
            if found == "a boolean" {
                problem = problem.hint("count what is wrong: SELECT count(*) FROM … WHERE NOT …");
            }
            problem.hint(format!("cargo xtask db show {id}"))
        }
        Error::BackfillText { .. }
        | Error::BackfillFailed { .. }
        | Error::BackfillVerify { .. }
        | Error::BackfillBusy { .. }
        | Error::NoLag { .. } => backfill::problem(error),
        Error::Conflict(survey) => hints::conflict(survey),
        Error::Disk(problems) => hints::disk(problems),
        Error::Drafts(ids) => of("XDB0213", exit::CONFLICT)
            .details(ids.iter().map(|id| format!("draft  {id}")))
            .hint("seal them: cargo xtask db migrate, or cargo xtask db lock"),
        Error::Ahead(ids) => of("XDB0303", exit::CONFLICT)
            .details(ids.iter().map(|id| format!("ahead  {id}")))
            .hint("deploy the release that has them, or accept: --on-ahead=accept"),
        Error::Unmanaged { ledgers, .. } => {
            let mut problem = of("XDB0304", exit::CONFLICT);
            for ledger in ledgers {
                problem = problem
                    .detail(format!("found {}, the ledger of {:?}", ledger.table, ledger.tool));
            }
            problem
                .hint("another tool's history: cargo xtask db adopt --from sqlx|prisma|diesel")
                .hint("a baseline: cargo xtask db resolve --applied-through ID")
        }
        Error::LedgerShape { .. } => of("XDB0305", exit::CONFLICT)
            .hint("name another table: history-table in [workspace.metadata.db]"),
        Error::LedgerFormat { .. } => {
            of("XDB0306", exit::CONFLICT).hint("update xtask-db in Cargo.toml")
        }
        Error::LockTimeout { holder, .. } => {
            let mut problem = of("XDB0601", exit::LOCK);
            if let Some(holder) = holder {
                problem = problem.detail(crate::progress::holder(holder));
            }
            problem
                .hint("wait longer: --lock-wait 300")
                .hint("see who is at it: cargo xtask db status")
        }
        Error::IndexWait { .. } => of("XDB0603", exit::LOCK)
            .hint("end the transactions that were named, then cargo xtask db deploy")
            .hint("or wait longer: --index-wait 14400"),
        Error::Fenced => of("XDB0602", exit::LOCK)
            .detail("what this run had not committed was rolled back")
            .hint("cargo xtask db status"),
        Error::Repeat { id, at, logs } => of("XDB0502", exit::MIGRATION)
            .data(json!({ "id": id.as_str(), "at": at, "logs": logs }))
            .detail(format!("{at}: {logs}"))
            .hint("once the cause is gone: cargo xtask db deploy --retry")
            .hint(format!("your own migration: mend it, then cargo xtask db redo {id}")),
        Error::Pooler { .. } => of("XDB0126", exit::USAGE)
            .hint("deploy with a URL that leads to the server itself, not to the pooler"),
        Error::NotAtomic { .. } => of("XDB0120", exit::USAGE).hint("deploy without --atomic"),
        Error::ResumeText { id, .. } => of("XDB0307", exit::CONFLICT)
            .data(json!({ "id": id.as_str() }))
            .hint("restore the statements that ran: git checkout -- migrations")
            .hint(format!("or settle it by hand: cargo xtask db resolve --rolled-back {id}")),
        Error::Unsettled { id, path, text, span, statement, statements } => {
            let at = position(text, span.start);
            of("XDB0308", exit::CONFLICT)
                .data(json!({ "id": id, "path": path, "statement": statement,
                    "statements": statements, "line": at.line, "column": at.column }))
                .source(Source::at(path, text, at, "look whether this is done".to_owned()))
                .detail(before(*statement - 1))
                .hint(format!(
                    "it is done: cargo xtask db resolve --resume {id} --from {}",
                    statement + 1
                ))
                .hint(format!("it is not: cargo xtask db resolve --resume {id} --from {statement}"))
        }
        Error::RowLoss { id, .. } => of("XDB0406", exit::REFUSED)
            .data(json!({ "id": id.as_str() }))
            .detail("the migration was rolled back; every row is as before")
            .hint("if that is meant, write in the file: -- xtask-db: allow row-loss reason=\"…\""),
        Error::Environment { given, .. } => of("XDB0407", exit::REFUSED)
            .hint("give the URL of that environment's database")
            .hint(format!("or, if it is the right one: cargo xtask db env --set {given}")),
        Error::Policy { .. } => of("XDB0408", exit::REFUSED)
            .hint("cargo xtask db deploy --backup")
            .hint("without one: --without-backup DATABASE --reason TEXT"),
        Error::Precaution { .. } => of("XDB0612", exit::INTERNAL).hint("cargo xtask db backup"),
        Error::HalfRestored { database, file } => of("XDB0617", exit::CONFLICT)
            .data(json!({ "database": database, "file": file }))
            .hint(format!("bring it to its end: cargo xtask db restore {file}")),
        Error::NoSchema { .. } => of("XDB0121", exit::USAGE)
            .hint("create the schema, or set search-path in [workspace.metadata.db]"),
        Error::SearchPath { .. } => of("XDB0122", exit::USAGE)
            .hint("set search-path in [workspace.metadata.db] to what was recorded"),
        Error::Id { id, .. } => {
            of("XDB0309", exit::CONFLICT).data(json!({ "id": id })).hint("cargo xtask db status")
        }
        Error::ShadowIsMain => of("XDB0123", exit::USAGE)
            .hint("give shadow-url a database of its own; everything in it is dropped"),
        Error::Schema(_) => of("XDB0410", exit::REFUSED)
            .hint("write it yourself: cargo xtask db new NAME")
            .hint("migrate finds nothing left to do once the migrations and the schema agree"),
        Error::PlanFails(failure) => plan_fails(error, failure),
        Error::Drift => of("XDB0701", exit::DIFFERENCE)
            .detail("nothing was applied")
            .hint("see what it is: cargo xtask db status --drift")
            .hint("go on all the same: cargo xtask db deploy --on-drift=warn"),
        Error::ChangeFails(failure) => change_fails(error, failure),
        Error::NotRemade { .. } => of("XDB0415", exit::REFUSED)
            .detail("what cannot be tried is not run, and your database was not touched")
            .hint("name what the tool should leave alone: ignore in [workspace.metadata.db]")
            .hint(
                "what must be there first, such as a role: shadow-init in [workspace.metadata.db]",
            ),
        Error::PlanMisses { planned, left } => of("XDB0904", exit::INTERNAL)
            .details(block("planned", planned))
            .details(block("still different afterwards", left))
            .data(json!({ "planned": planned, "left": left }))
            .detail("nothing was written, and your database was not touched")
            .hint("write it yourself: cargo xtask db new NAME, and please report this"),
        Error::NotReady { last, .. } => of("XDB0802", exit::CONNECTION)
            .detail(format!("the last answer: {last}"))
            .hint("look at the server, or wait longer: cargo xtask db wait --timeout 300"),
        Error::Interrupted => of("XDB0903", exit::SIGINT).hint("cargo xtask db status"),
    }
}

/// A connection that was not made.
fn connect(error: &Error, host: &str, said: &DbError) -> Problem {
    let problem = Problem::new("XDB0801", exit::CONNECTION, error).data(json!({ "host": host }));
    // 28: wrong user or password; 3D000 and 1049: no such database; 1045: access denied.
    match (said.code.as_deref(), said.number) {
        (Some(code), _) if code.starts_with("28") => problem.hint("look at user and password"),
        (_, Some(1045)) => problem.hint("look at user and password"),
        (Some("3D000"), _) | (_, Some(1049)) => problem.hint("cargo xtask db create"),
        _ if host == "file" => problem.hint("cargo xtask db create, or look at the path"),
        _ => problem.hint("is the server running? cargo xtask db wait --timeout 30"),
    }
}

/// A statement of the tool itself that failed.
fn server(error: &Error, doing: &str, said: &DbError) -> Problem {
    if said.connection {
        let problem = Problem::new("XDB0803", exit::CONNECTION, error);
        return away(problem.detail("what was committed before is in the ledger"), said)
            .hint("cargo xtask db status");
    }
    let mut problem = Problem::new("XDB0804", exit::CONNECTION, error);
    if let Some(code) = &said.code {
        problem = problem.detail(format!("SQLSTATE {code}"));
    }
    if let Some(hint) = &said.hint {
        problem = problem.detail(format!("the server's hint: {hint}"));
    }
    if doing.contains("shadow") {
        return problem
            .hint("let the role create databases, or set one aside: shadow-url in Cargo.toml")
            .hint("what is configured: cargo xtask db config");
    }
    let code = said.code.as_deref().unwrap_or_default();
    match code {
        // 42501: insufficient privilege. 25006 and SQLITE_READONLY: read only.
        "42501" => problem.hint("give the role the rights, or set session = [\"SET ROLE owner\"]"),
        "25006" | "8" | "1032" | "776" => {
            problem.hint("the database is read-only: connect to the primary")
        }
        _ if matches!(said.number, Some(1142 | 1044 | 1290)) => {
            problem.hint("give the user the rights on this database")
        }
        _ => problem.hint("cargo xtask db status"),
    }
}

/// A statement of a migration or a seed that failed.
pub(super) fn failed(failure: &Failure) -> Problem {
    let Failure { id, path, text, span, statement, statements, error, left } = failure;
    let at: Position = position(text, span.start + error.offset.unwrap_or(0));
    let (code, exit, what) = match id {
        _ if error.connection => ("XDB0803", exit::CONNECTION, "was cut off"),
        Some(_) => ("XDB0501", exit::MIGRATION, "failed"),
        None => ("XDB0504", exit::MIGRATION, "failed"),
    };
    let fact = format!("{path} {what} at statement {statement} of {statements}");
    let mut problem = Problem::new(code, exit, fact)
        .data(json!({
            "id": id.as_ref().map(ToString::to_string), "path": path, "line": at.line,
            "column": at.column, "statement": statement, "statements": statements,
            "sqlstate": error.code, "message": error.message,
        }))
        .source(Source::at(path, text, at, error.message.clone()));
    if let Some(code) = error.code.as_deref() {
        let word = if code.len() == 5 { "SQLSTATE" } else { "error code" };
        problem = problem.detail(format!("{word} {code}"));
    }
    for (what, said) in [("detail", &error.detail), ("hint", &error.hint)] {
        if let Some(said) = said {
            problem = problem.detail(format!("the server's {what}: {said}"));
        }
    }
    problem = problem.detail(left_as(*left));
    if error.connection {
        return away(problem, error).hint("cargo xtask db status");
    }
    let Some(id) = id else { return problem.hint("mend the file and run it again") };
    match left {
        LeftAs::Untouched if error.transient() => {
            problem.hint("it may pass by itself: cargo xtask db deploy")
        }
        LeftAs::Untouched => problem
            .hint(format!("mend it: {path}"))
            .hint("then: cargo xtask db migrate; sealed and deployed elsewhere: deploy --retry"),
        LeftAs::Partly { .. } => problem
            .hint("once the cause is gone: cargo xtask db deploy --retry")
            .hint(format!(
                "a draft: mend it from statement {statement} on, then: cargo xtask db migrate"
            ))
            .hint(format!("undone by hand: cargo xtask db resolve --rolled-back {id}")),
        LeftAs::Unknown { .. } => problem.hint("cargo xtask db status"),
    }
}

/// A planned statement that does not run on a shadow.
fn plan_fails(error: &Error, failure: &Failure) -> Problem {
    let at = position(&failure.text, failure.span.start + failure.error.offset.unwrap_or(0));
    let mut problem = Problem::new("XDB0905", exit::INTERNAL, error)
        .data(json!({ "sql": failure.text, "sqlstate": failure.error.code }))
        .source(Source::at(&failure.path, &failure.text, at, failure.error.message.clone()));
    problem.path = None;
    problem
        .detail("it was tried on a shadow: nothing was written, and your database was not touched")
        .hint("write it yourself: cargo xtask db new NAME, and please report this")
}

/// A planned statement that ran on a shadow and fails on the rows of the database.
fn change_fails(error: &Error, failure: &Failure) -> Problem {
    let at = position(&failure.text, failure.span.start + failure.error.offset.unwrap_or(0));
    let mut problem = Problem::new("XDB0505", exit::MIGRATION, error)
        .data(json!({ "sql": failure.text, "sqlstate": failure.error.code }))
        .source(Source::at(&failure.path, &failure.text, at, failure.error.message.clone()));
    problem.path = None;
    problem
        .detail(left_as(failure.left))
        .detail(
            "it ran on an empty shadow: the rows of the database, or what guards it, are \
            in its way",
        )
        .hint("change these rows, and run it again")
}

/// A text under a heading, each line indented.
fn block(heading: &str, text: &str) -> Vec<String> {
    let lines = text.trim().lines().map(|line| format!("  {line}"));
    std::iter::once(format!("{heading}:")).chain(lines).collect()
}

/// A node that answers and serves nothing.
fn away(problem: Problem, said: &DbError) -> Problem {
    // 1047, 1180: see the engine's `DbError`.
    match said.number {
        Some(1047 | 1180) => {
            problem.hint("is the node part of its cluster? SHOW STATUS LIKE 'wsrep_ready'")
        }
        _ => problem,
    }
}

/// A migration that does not run on a shadow: the database was not touched.
pub(super) fn on_shadow(failure: &Failure, sealed: bool) -> Problem {
    let mut problem = failed(failure);
    problem.details.pop();
    problem.hints.clear();
    let problem = problem.detail("it was tried on a shadow; your database was not touched");
    if !sealed {
        let path = &failure.path;
        return problem.hint(format!("mend it, then try again: {path}"));
    }
    problem
        .detail("its text is sealed, so what it needs was made outside the history")
        .hint("make that on the shadow first: shadow-init in [workspace.metadata.db]")
        .hint("your own migration: mend it, then cargo xtask db redo")
}

fn left_as(left: LeftAs) -> String {
    match left {
        LeftAs::Untouched => "nothing of it was applied: the database is as before".to_owned(),
        LeftAs::Partly { done: 0 } => "nothing of it is committed".to_owned(),
        LeftAs::Partly { done } => before(done),
        LeftAs::Unknown { done } => {
            format!("{}; whether the next one is, is not known", before(done))
        }
    }
}

/// What is committed before a statement that is not known.
fn before(statements: u32) -> String {
    match statements {
        0 => "nothing of it is committed before it".to_owned(),
        1 => "its first statement is committed".to_owned(),
        many => format!("its first {many} statements are committed"),
    }
}
