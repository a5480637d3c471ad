//! Faults of the history: how each is told, and the ways out.

use std::path::Path;

use serde_json::json;
use xtask_db_history::{Breach, DiskProblem, FolderError, LockError, MigrationId, Survey};
use xtask_db_schema::rust::Unknown;

use super::Problem;
use crate::counted::counted_is;
use crate::exit;

/// A lock file that cannot be used.
pub(super) fn lock(path: &Path, problem: &LockError) -> Problem {
    let shown = path.display();
    let of = |code| {
        Problem::new(code, exit::CONFLICT, format!("{shown}: {problem}")).path(path.display())
    };
    match problem {
        LockError::Missing { .. } => Problem::new("XDB0203", exit::CONFLICT, problem)
            .path(path.display())
            .hint("a new project: cargo xtask db init")
            .hint("an existing one: restore it from git, or cargo xtask db lock"),
        LockError::Io { .. } => Problem::new("XDB0901", exit::INTERNAL, problem),
        LockError::Conflict { .. } => of("XDB0205").hint("cargo xtask db lock --merge"),
        LockError::Newer { .. } => of("XDB0206").hint("update xtask-db in Cargo.toml"),
        LockError::Disagree { what, .. } => of("XDB0216")
            .data(json!({ "what": what }))
            .detail(
                "the two branches say different things of it, and no union of lines settles that",
            )
            .hint("see who changed it: git log --merge --patch -- migrations")
            .hint("delete the line that is wrong, then again: cargo xtask db lock --merge"),
        LockError::Syntax { .. } | LockError::Twice { .. } => {
            of("XDB0207").hint("restore it from git: git checkout -- migrations/migrations.lock")
        }
    }
}

/// Columns for which there is no Rust type.
pub(super) fn types(unknown: &[Unknown]) -> Problem {
    let told = |it: &Unknown| match it.type_name.as_str() {
        "" => format!("{} has no declared type", it.column),
        name => format!("{} is {name}", it.column),
    };
    let fact = match unknown {
        [one] => format!("no Rust type is known: {}", told(one)),
        many => format!("{} columns have no Rust type that is known", many.len()),
    };
    let mut problem = Problem::new("XDB0130", exit::USAGE, fact);
    if unknown.len() > 1 {
        problem = problem.details(unknown.iter().map(told));
    }
    let column = unknown.first().map_or("", |first| &first.column);
    problem
        .data(json!({ "columns": unknown.iter().map(|it| &it.column).collect::<Vec<_>>() }))
        .hint(format!("say it in [workspace.metadata.db]: types-map = [\"{column} = String\"]"))
}

/// Folder against lock file. The code is the worst problem's.
pub(super) fn disk(problems: &[DiskProblem]) -> Problem {
    let changed = problems
        .iter()
        .any(|p| matches!(p, DiskProblem::Changed { .. } | DiskProblem::BackfillChanged { .. }));
    let cosmetic =
        problems.iter().any(|p| matches!(p, DiskProblem::Changed { cosmetic: true, .. }));
    let code = if changed { "XDB0201" } else { "XDB0202" };
    let fact = match problems {
        [one] => describe(one),
        many => format!("{} problems between the migrations and their lock file", many.len()),
    };
    let mut problem = Problem::new(code, exit::CONFLICT, fact);
    if problems.len() > 1 {
        problem = problem.details(problems.iter().map(describe));
    }
    problem = problem.data(json!({
        "problems": problems.iter().map(|p| json!({ "id": p.id().as_str(), "what": describe(p) }))
            .collect::<Vec<_>>()
    }));
    if cosmetic {
        problem = problem.hint("only comments or whitespace changed: cargo xtask db repair");
    }
    problem
        .hint("restore the file: git checkout -- migrations")
        .hint("or write a new migration: cargo xtask db new NAME")
        .hint("your own, not merged yet: cargo xtask db redo ID")
}

/// The same in development, where each problem has its own way out.
pub(super) fn edited(problems: &[DiskProblem], own: &[MigrationId]) -> Problem {
    let mut problem = disk(problems);
    problem.hints.clear();
    for found in problems {
        let id = found.id();
        let way = match found {
            DiskProblem::Changed { cosmetic: true, .. } => {
                "only comments or whitespace changed: cargo xtask db repair".to_owned()
            }
            DiskProblem::Changed { .. } | DiskProblem::BackfillChanged { .. }
                if own.contains(id) =>
            {
                format!("{id} is your own, not merged yet: cargo xtask db redo {id}")
            }
            DiskProblem::Changed { .. } | DiskProblem::BackfillChanged { .. } => format!(
                "{id} is not yours to change: restore it (git checkout -- migrations) and write \
                 a new one: cargo xtask db new NAME"
            ),
            DiskProblem::Vanished { sealed: true, .. } if own.contains(id) => format!(
                "{id} is your own: restore it, or apply all but it from nothing: \
                 cargo xtask db reset"
            ),
            DiskProblem::Vanished { sealed: true, .. } => {
                format!("restore {id} from git: git checkout -- migrations")
            }
            DiskProblem::Vanished { sealed: false, .. } => {
                format!("restore {id}, or take its line out: cargo xtask db lock")
            }
            DiskProblem::NotAbsent { .. } => {
                format!("take the absent line of {id} out of migrations.lock")
            }
            DiskProblem::Unlisted { .. }
            | DiskProblem::EqualVersions { .. }
            | DiskProblem::DraftBeforeSealed { .. } => continue,
        };
        if !problem.hints.contains(&way) {
            problem = problem.hint(way);
        }
    }
    problem
}

/// One problem in a line.
pub(crate) fn describe(problem: &DiskProblem) -> String {
    match problem {
        DiskProblem::Changed { id, sealed, found, cosmetic } => {
            let what = if *cosmetic { "its comments or whitespace were" } else { "it was" };
            format!("{id} is sealed, and {what} changed: sealed {sealed}, found {found}")
        }
        DiskProblem::BackfillChanged { id, .. } => {
            format!("{id} is sealed, and its backfill.sql was changed")
        }
        DiskProblem::Vanished { id, sealed: true } => {
            format!("{id} is sealed, and its folder is missing")
        }
        DiskProblem::Vanished { id, sealed: false } => {
            format!("{id} is a draft in the lock file, and its folder is missing")
        }
        DiskProblem::Unlisted { id } => format!("{id} is not in the lock file: a draft"),
        DiskProblem::NotAbsent { id } => format!("{id} is marked absent, and its folder is here"),
        DiskProblem::EqualVersions { first, second } => {
            format!("{first} and {second} have the same version")
        }
        DiskProblem::DraftBeforeSealed { draft, sealed } => {
            format!("the draft {draft} comes before {sealed}, which is sealed")
        }
    }
}

/// The lock file against a revision.
pub(super) fn against(rev: &str, breaches: &[Breach]) -> Problem {
    let lines = breaches.iter().map(|breach| match breach {
        Breach::Changed { id } => format!("{id} was sealed at {rev}, and its text changed"),
        Breach::Vanished { id } => format!("{id} was sealed at {rev}, and is gone"),
        Breach::NotLast { id, last } => {
            format!("{id} is new, and comes before {last}, the last one at {rev}")
        }
        Breach::Header { what, was, now } => format!("the {what} was {was} at {rev}, and is {now}"),
    });
    let moved = breaches.iter().any(|breach| matches!(breach, Breach::NotLast { .. }));
    let problem =
        Problem::new("XDB0211", exit::CONFLICT, format!("the history differs from {rev}"))
            .details(lines);
    if moved {
        return problem
            .hint("move it after the last one: merge that branch, then cargo xtask db rebase")
            .hint("or review it and allow any order: cargo xtask db lock --order-any ID");
    }
    problem.hint("restore what was sealed, and write a new migration: cargo xtask db new NAME")
}

/// A migrations folder that is refused.
pub(super) fn folder(fact: impl ToString, problems: &[FolderError]) -> Problem {
    let problem = Problem::new("XDB0208", exit::CONFLICT, fact)
        .details(problems.iter().map(ToString::to_string));
    let foreign = |problem: &FolderError| {
        matches!(problem, FolderError::LooseSql { .. } | FolderError::NoMigrationSql { .. })
    };
    let problem = match problems.iter().any(foreign) {
        true => problem.hint("another tool's folder: cargo xtask db adopt --from sqlx|diesel"),
        false => problem,
    };
    problem.hint("mend the folder; cargo xtask db check lists what is left")
}

/// A workspace that is not set up.
pub(super) fn init(problems: &[crate::init::Problem]) -> Problem {
    let fact = match problems {
        [one] => one.to_string(),
        many => format!("{} problems in the workspace; nothing was written", many.len()),
    };
    let mut problem = Problem::new("XDB0124", exit::USAGE, fact);
    if problems.len() > 1 {
        problem = problem.details(problems.iter().map(ToString::to_string));
    }
    with_hints(problem, problems.iter().map(crate::init::Problem::hint))
}

/// Another tool's history that is not taken over.
pub(super) fn adopt(fact: impl ToString, problems: &[crate::adopt::Problem]) -> Problem {
    let fact = match problems {
        [one] => one.to_string(),
        _ => fact.to_string(),
    };
    let mut problem = Problem::new("XDB0215", exit::CONFLICT, fact);
    if problems.len() > 1 {
        problem = problem.details(problems.iter().map(ToString::to_string));
    }
    with_hints(problem, problems.iter().map(crate::adopt::Problem::hint))
}

/// Each hint once.
fn with_hints(mut problem: Problem, hints: impl Iterator<Item = String>) -> Problem {
    for hint in hints {
        if !problem.hints.contains(&hint) {
            problem = problem.hint(hint);
        }
    }
    problem
}

/// The database is behind the disk.
pub(super) fn behind(survey: &Survey) -> Problem {
    let count = survey.pending.len() + survey.running.len();
    Problem::new("XDB0301", exit::BEHIND, format!("{} pending", counted_is(count, "migration")))
        .details(survey.pending.iter().map(|id| format!("pending  {id}")))
        .hint(if survey.pending.iter().any(|id| survey.drafts.contains(id)) {
            "cargo xtask db migrate; deploy applies only what is sealed"
        } else {
            "cargo xtask db deploy"
        })
}

/// The database and the disk disagree; every state is listed.
pub(super) fn conflict(survey: &Survey) -> Problem {
    let mut problem =
        Problem::new("XDB0302", exit::CONFLICT, "the database and the migrations disagree");
    problem = problem.details(states(survey));
    for row in survey.failed.iter().chain(&survey.running) {
        let id = &row.row.name;
        if row.on_disk {
            let again = if row.row.logs.is_some() { " --retry" } else { "" };
            problem = problem.hint(format!(
                "go on where it stopped; asks when it cannot tell: cargo xtask db deploy{again}"
            ));
        }
        problem = problem
            .hint(format!("finished by hand: cargo xtask db resolve --applied {id}"))
            .hint(format!("undone by hand: cargo xtask db resolve --rolled-back {id}"))
            .hint(format!("run the rest: cargo xtask db resolve --resume {id}"));
    }
    for edited in &survey.edited {
        problem = problem.hint(format!(
            "restore {id} from git, or repair it; a development database: cargo xtask db redo {id}",
            id = edited.id
        ));
    }
    for row in &survey.missing {
        let id = &row.name;
        problem = problem.hint(format!(
            "fetch {id} from the branch that has it, or: cargo xtask db lock --absent {id}"
        ));
    }
    if !survey.missing.is_empty() {
        problem = problem
            .hint("a development database: cargo xtask db migrate --on-missing revert|fetch|keep");
    }
    for renamed in &survey.renamed {
        problem = problem
            .hint(format!("cargo xtask db resolve --renamed {}={}", renamed.from, renamed.to));
    }
    if !survey.out_of_order.is_empty() {
        problem = problem.hint("apply them all the same: --out-of-order");
    }
    problem
}

/// Every state that is not simply applied, a line each.
pub(crate) fn states(survey: &Survey) -> Vec<String> {
    let mut lines = Vec::new();
    for unfinished in &survey.running {
        lines.push(format!("running       {}", unfinished.row.name));
    }
    for unfinished in &survey.failed {
        let row = &unfinished.row;
        let said = row.logs.as_deref().unwrap_or("no error was recorded: the process ended");
        lines.push(format!(
            "failed        {}: {} committed; {said}",
            row.name,
            counted_is(row.steps as usize, "statement")
        ));
    }
    for edited in &survey.edited {
        let how = if edited.cosmetic { "comments or whitespace" } else { "its text" };
        lines.push(format!("edited        {}: {how} changed after it was applied", edited.id));
    }
    for row in &survey.missing {
        lines.push(format!("missing       {}: applied, and not on disk", row.name));
    }
    let newest = survey.applied.iter().map(|row| row.name.as_str()).max().unwrap_or_default();
    for id in &survey.out_of_order {
        lines.push(format!(
            "out of order  {id}: pending, and older than {newest}, the newest applied"
        ));
    }
    for renamed in &survey.renamed {
        lines.push(format!("renamed       {}: it has the text of {}", renamed.to, renamed.from));
    }
    for ahead in &survey.ahead {
        lines.push(format!("ahead         {}: applied by a newer release", ahead.row.name));
    }
    for failed in &survey.rolled_back {
        let said = failed.row.logs.as_deref().unwrap_or("reverted");
        lines.push(format!("rolled back   {}: {said}", failed.id));
    }
    lines
}
