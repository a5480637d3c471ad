//! `repair`: takes over a text that changed after it was sealed.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use xtask_db_history::{
    Checksum, DiskProblem, History, Migration, MigrationId, canonical, disk_problems,
};

use crate::codes;
use crate::context::Context;
use crate::fault::Fault;
use crate::git::Git;
use crate::output::Reply;
use crate::place;

/// The heading under which reasons are kept in a migration's README.md.
const HEADING: &str = "## Accepted changes";

/// Take over the text of a sealed migration that changed
///
/// Without a flag: every migration of which only comments or whitespace changed. Databases that
/// have the earlier text stay valid, and the next `deploy` gives their rows the new checksum. For
/// a true edit name the migration and the reason: what changed is shown, databases that applied
/// the earlier text are taken to have this one, and nothing is run on them.
#[derive(Debug, Args)]
pub(crate) struct Repair {
    /// Take over a true edit of this migration
    #[arg(long, value_name = "ID", requires = "reason")]
    accept: Option<MigrationId>,
    /// Why the edit is harmless where the earlier text was applied; kept in the migration's
    /// README.md
    #[arg(long, value_name = "TEXT", requires = "accept")]
    reason: Option<String>,
}

pub(crate) fn run(args: &Repair, context: &Context) -> Result<Reply, Fault> {
    let history = context.history()?;
    match (&args.accept, &args.reason) {
        (Some(id), Some(reason)) => accept(history, id, reason, context),
        _ => repair(history, context),
    }
}

/// Every cosmetic edit.
fn repair(mut history: History, context: &Context) -> Result<Reply, Fault> {
    let mut repaired = Vec::new();
    let mut left = Vec::new();
    for problem in disk_problems(&history) {
        match problem {
            DiskProblem::Changed { id, cosmetic: true, .. } => repaired.push(id),
            problem if problem.is_warning() => {}
            DiskProblem::Unlisted { .. } => {}
            problem => left.push(problem),
        }
    }
    let History { migrations, lock } = &mut history;
    for migration in migrations.iter().filter(|migration| repaired.contains(&migration.id)) {
        lock.repair(migration).map_err(|problem| Fault::Migration {
            id: migration.id.to_string(),
            problem: problem.to_string(),
            hint: "cargo xtask db check".to_owned(),
        })?;
    }
    if !repaired.is_empty() {
        context.write_lock(lock)?;
    }
    let mut lines: Vec<String> =
        repaired.iter().map(|id| format!("repaired {id}: its SQL is the same")).collect();
    if lines.is_empty() {
        lines.push("nothing to repair: no sealed migration changed in comments only".to_owned());
    }
    let ids: Vec<&str> = repaired.iter().map(MigrationId::as_str).collect();
    let reply = Reply::new(lines.join("\n"), json!({ "repaired": ids }));
    if left.is_empty() {
        return Ok(reply);
    }
    let hint = "a true edit that is harmless: cargo xtask db repair --accept ID --reason TEXT";
    Ok(reply.problem(codes::problem(&Fault::Disk(left)).hint(hint)))
}

/// One true edit, after showing it.
fn accept(
    mut history: History,
    id: &MigrationId,
    reason: &str,
    context: &Context,
) -> Result<Reply, Fault> {
    let reason = reason.trim();
    if reason.is_empty() || reason.contains('\n') {
        return Err(Fault::Usage("--reason is one line that says why the edit is harmless".into()));
    }
    let none = || Fault::NoMigration { id: id.to_string() };
    let migration = history.get(id).ok_or_else(none)?.clone();
    let sealed = history.lock.sealed(id).map(|sealed| (sealed.sha256, sealed.backfill));
    let Some((sealed, backfill)) = sealed else {
        return Err(Fault::Migration {
            id: id.to_string(),
            problem: "it is a draft: its text may change freely".to_owned(),
            hint: "cargo xtask db lock seals it".to_owned(),
        });
    };
    if sealed == migration.checksum && backfill == migration.backfill_checksum() {
        let text = format!("nothing to accept: {id} has the text that was sealed");
        return Ok(Reply::new(text, json!({ "accepted": null })));
    }
    let difference = difference(&migration, sealed, context)?;
    context.output.say(&difference);
    history.lock.accept(&migration).map_err(|problem| Fault::Migration {
        id: id.to_string(),
        problem: problem.to_string(),
        hint: "cargo xtask db check".to_owned(),
    })?;
    let readme = context.migrations()?.join(id.as_str()).join("README.md");
    record(&readme, &entry(reason, sealed, context))?;
    context.write_lock(&history.lock)?;
    let readme = context.shown(&readme);
    let text = format!("accepted the new text of {id}; the reason is in {}", readme.display());
    let json = json!({
        "accepted": id.as_str(), "was": sealed.to_string(), "now": migration.checksum.to_string(),
        "reason": reason, "difference": difference,
    });
    Ok(Reply::new(text, json))
}

/// The sealed text, which git has when it was committed, against the one on disk.
fn difference(migration: &Migration, sealed: Checksum, context: &Context) -> Result<String, Fault> {
    let file = context.migrations()?.join(migration.id.as_str()).join("migration.sql");
    if sealed == migration.checksum {
        return Ok("backfill.sql changed; migration.sql has the text that was sealed".to_owned());
    }
    let Some(git) = Git::find(&file) else {
        return Ok("the sealed text is not known: this is not a git repository".to_owned());
    };
    let found = git.versions(&file).find_map(|(commit, bytes)| {
        let text = canonical(&bytes).ok()?.into_owned();
        (Checksum::of(&text) == sealed).then_some((commit, text))
    });
    let Some((commit, old)) = found else {
        return Ok(format!("the sealed text ({sealed}) was never committed to git"));
    };
    let write = |text: &str| -> std::io::Result<tempfile::NamedTempFile> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(text.as_bytes())?;
        Ok(file)
    };
    let scratch = |source| Fault::Io { path: PathBuf::from("temporary file"), source };
    // canonical against canonical: line ends are no difference
    let (old, new) = (write(&old).map_err(scratch)?, write(&migration.up.text).map_err(scratch)?);
    let hunks = git.diff(old.path(), new.path());
    Ok(format!(
        "{}: sealed, as of commit {}, against now\n{hunks}",
        migration.up.path,
        commit.short()
    ))
}

fn entry(reason: &str, sealed: Checksum, context: &Context) -> String {
    let now = context.now().to_string();
    let day = now.get(..10).unwrap_or(&now);
    format!("- {day}: {reason} (was sha256:{sealed})\n")
}

/// Appends to the list of accepted changes, which is the last part of the README.
fn record(readme: &Path, entry: &str) -> Result<(), Fault> {
    let fault = |source| Fault::Io { path: readme.to_owned(), source };
    let old = match fs::read_to_string(readme) {
        Ok(old) => old,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(fault(error)),
    };
    place::replace(readme, with_entry(&old, entry).as_bytes()).map_err(fault)
}

fn with_entry(readme: &str, entry: &str) -> String {
    let readme = readme.trim_end();
    if readme.lines().any(|line| line == HEADING) {
        return format!("{readme}\n{entry}");
    }
    let gap = if readme.is_empty() { "" } else { "\n\n" };
    format!("{readme}{gap}{HEADING}\n\n{entry}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_listed_under_one_heading() {
        let check = |readme: &str, expected: &str| {
            assert_eq!(with_entry(readme, "- b\n"), expected);
        };
        check("", "## Accepted changes\n\n- b\n");
        check("# Users\n", "# Users\n\n## Accepted changes\n\n- b\n");
        check("## Accepted changes\n\n- a\n", "## Accepted changes\n\n- a\n- b\n");
    }
}
