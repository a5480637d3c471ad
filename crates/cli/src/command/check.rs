//! `check`: everything that can be found wrong without a database.

use std::path::Path;
use std::time::Instant;

use clap::Args;
use serde_json::{Value, json};
use xtask_db_engine::{Error, Shadows};
use xtask_db_history::{DiskProblem, History, LOCK_FILE, LockError, disk_problems, read_folder};
use xtask_db_schema::PlanOptions;

use crate::against::{Compared, compare};
use crate::codes::{self, Problem, describe};
use crate::context::Context;
use crate::fault::Fault;
use crate::git::Git;
use crate::output::Reply;
use crate::schema::{Declared, lines, statements, tell_unmodelled};
use crate::{publish, shadow, texts};

/// Look for everything that is wrong, without a database
///
/// Names, files, order, drafts and the lock file; every SQL file is split into statements. With
/// --against the lock file is compared with a revision: what was sealed there must be unchanged
/// here, and what is new must come after it. In a GitHub pull request that is its base, unless
/// you say otherwise.
///
/// Exit status: 0 nothing is wrong, 2 the revision is out of reach, 4 something is wrong, 8 the
/// migrations do not make what the schema declares.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Compare with this revision: a branch, a tag or a commit
    #[arg(long, value_name = "REV")]
    against: Option<String>,
    /// Also replay every migration on a throwaway database, and compare what they make with the
    /// declared schema
    #[arg(long)]
    shadow: bool,
}

pub(crate) async fn run(args: Check, context: &Context) -> Result<Reply, Fault> {
    let dir = context.migrations()?;
    let mut found = Found::default();
    let history = read(context, &dir, &mut found)?;
    if let Some(rule) = Git::find(&dir).and_then(|git| git.ignored_by(&dir.join(LOCK_FILE))) {
        let fact = format!("git ignores the lock file: {rule}");
        let hint = "remove the rule: the lock file is committed, and the build reads it";
        found.problems.push(Problem::new("XDB0202", crate::exit::CONFLICT, fact).hint(hint));
    }
    if let Some(history) = &history {
        found.disk(history, context);
        found.problems.extend(history.migrations.iter().flat_map(|m| texts::faults(m, history)));
        let base = context.variable("GITHUB_BASE_REF").map(str::to_owned);
        if let Some(rev) = args.against.or(base) {
            let compared = compare(&dir, &rev, &history.lock)?;
            found.against(&rev, compared, &context.shown(&dir.join(LOCK_FILE)));
        }
        if args.shadow && found.problems.is_empty() {
            let mut shadows = context.shadows_without_cache(&history.lock)?;
            let looked = found.on_shadow(context, history, &mut shadows).await;
            shadows.release(&mut context.progress()).await;
            looked?;
        }
    }
    found.warnings.extend(publish::warnings(context, &dir));
    Ok(found.reply(history.as_ref()))
}

/// What was found.
#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
    warnings: Vec<String>,
    /// Statements that the shadow did not run; shown while it was at work.
    not_tried: Vec<String>,
}

/// The history, or the problems that keep it from being read. Folder and lock file are both
/// looked at, whatever the other one says.
fn read(context: &Context, dir: &Path, found: &mut Found) -> Result<Option<History>, Fault> {
    let migrations = match read_folder(&context.shown(dir)) {
        Ok(migrations) => Some(migrations),
        Err(problems) => {
            let each = problems.into_iter().map(|problem| texts::folder(&problem));
            found.problems.extend(each);
            None
        }
    };
    let lock = match context.lock_file() {
        Ok(Some(lock)) => Some(lock),
        Ok(None) => {
            let path = context.shown(&dir.join(LOCK_FILE));
            let problem = LockError::Missing { path: path.clone() };
            found.problems.push(codes::problem(&Fault::Lock { path, problem }));
            None
        }
        Err(fault @ Fault::Lock { .. }) => {
            found.problems.push(codes::problem(&fault));
            None
        }
        Err(fault) => return Err(fault),
    };
    Ok(migrations.zip(lock).map(|(migrations, lock)| History { migrations, lock }))
}

impl Found {
    /// Disk against lock file. A draft is a problem of its own: `deploy` would refuse it.
    fn disk(&mut self, history: &History, context: &Context) {
        let mut drafts = history.lock.entries.iter().filter_map(|entry| match entry {
            xtask_db_history::Entry::Draft(id) => history.get(id).map(|_| id.clone()),
            _ => None,
        });
        let mut pending: Vec<_> = drafts.by_ref().collect();
        for problem in disk_problems(history) {
            match problem {
                DiskProblem::Unlisted { id } => pending.push(id),
                problem if problem.is_warning() => self.warnings.push(describe(&problem)),
                problem => {
                    let path = history.get(problem.id()).map(|m| m.up.path.to_string());
                    let lock =
                        context.project().map(|project| project.migrations().join(LOCK_FILE));
                    let lock = lock.ok().map(|lock| context.shown(&lock).display().to_string());
                    let mut shown = codes::problem(&Fault::Disk(vec![problem]));
                    shown.path = path.or(lock);
                    self.problems.push(shown);
                }
            }
        }
        if !pending.is_empty() {
            pending.sort();
            self.problems.push(codes::problem(&Fault::Engine(Error::Drafts(pending))));
        }
    }

    /// Runs every migration, and compares what they make with the declared schema.
    async fn on_shadow(
        &mut self,
        context: &Context,
        history: &History,
        shadows: &mut Shadows,
    ) -> Result<(), Fault> {
        let started = Instant::now();
        let whole = (history, &history.lock);
        let made = context.catalog_of(shadows, whole, &history.migrations).await?;
        shadow::tell_not_run(context, &made.not_run);
        shadow::tell_tried(context, history.migrations.len(), started);
        self.not_tried = made.not_run;
        let Some(declared) = Declared::find(context)? else { return Ok(()) };
        let wanted = context.catalog_of_schema(shadows, &declared).await?.catalog;
        tell_unmodelled(context, [&made.catalog, &wanted]);
        let plan = made.catalog.plan(&wanted, &PlanOptions::default()).map_err(Error::from)?;
        if plan.is_empty() {
            return Ok(());
        }
        let shown = declared.path.display();
        let count = statements(plan.steps.len());
        let fault = Fault::Differ(format!("{shown} asks for {count} that no migration has"));
        let mut problem = codes::problem(&fault).details(lines(&plan)).path(shown);
        problem.hints = vec!["write the migration: cargo xtask db migrate".to_owned()];
        self.problems.push(problem);
        Ok(())
    }

    fn against(&mut self, rev: &str, compared: Compared, lock: &Path) {
        let count = compared.not_yet_here.len();
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            let warning = format!("{rev} has {count} migration{plural} that this branch lacks");
            self.warnings.push(warning);
        }
        if !compared.breaches.is_empty() {
            let rev = rev.to_owned();
            let fault = Fault::Against { rev, breaches: compared.breaches };
            self.problems.push(codes::problem(&fault).path(lock.display()));
        }
    }

    /// The answer: the first problem is the error, the others follow it.
    fn reply(self, history: Option<&History>) -> Reply {
        let shown = |problem: &Problem| -> Value {
            json!({ "code": problem.code, "message": problem.fact, "path": problem.path,
                "details": problem.details })
        };
        let object = json!({
            "ok": self.problems.is_empty(),
            "migrations": history.map(|history| history.migrations.len()),
            "problems": self.problems.iter().map(shown).collect::<Vec<_>>(),
            "warnings": self.warnings, "not_tried": self.not_tried,
        });
        let mut lines: Vec<String> =
            self.warnings.iter().map(|warning| format!("warning: {warning}")).collect();
        if self.problems.is_empty()
            && let Some(history) = history
        {
            let count = history.migrations.len();
            let plural = if count == 1 { "" } else { "s" };
            lines.push(format!("{count} migration{plural}, nothing is wrong"));
        }
        let reply = Reply::new(lines.join("\n"), object);
        let mut problems = self.problems.into_iter();
        let Some(mut first) = problems.next() else { return reply };
        first.also = problems.collect();
        reply.problem(first)
    }
}
