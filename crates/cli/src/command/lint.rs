//! `lint`: what loses data, makes others wait, or breaks code that is running.

use clap::Args;
use xtask_db_engine::inspect;
use xtask_db_lint::Report;

use crate::against::lock_file_at;
use crate::context::Context;
use crate::counted::counted;
use crate::fault::Fault;
use crate::lint::{
    Chosen, Format, Proof, Wish, choose, failed, look, look_at, mend, open, print, prove,
};
use crate::output::Reply;

/// Look for what loses data, blocks others or breaks running code
///
/// Without a database, unless --rows asks it. Looks at drafts and at what only this branch has; in
/// a GitHub pull request at what its base does not have. A finding names its rule; `docs/lint` has
/// a page on each. The report ends with whether a maintenance window is needed, and why.
///
/// With --against every query that the revision's Rust sources have is prepared on a throwaway
/// database, before the migrations that the revision lacks and after each: one that fails then, or
/// returns other columns, breaks the release that is running.
///
/// A comment before a statement silences a rule there, and says why:
/// `-- xtask-db: allow L02 reason="nothing reads it since 4.1"`. squawk's `squawk-ignore` and
/// Atlas's `atlas:nolint` are understood. Levels are set in `[workspace.metadata.db.lint]`.
///
/// Exit status: 0 no errors, 2 the revision is out of reach, 5 errors, 9 the connection failed.
#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Migrations by id or folder (the start of an id is enough), or SQL files
    #[arg(value_name = "ID|PATH")]
    named: Vec<String>,
    /// Look at what this revision does not have, a branch, a tag or a commit, and prove that its
    /// queries run on
    #[arg(long, value_name = "REV")]
    against: Option<String>,
    /// Look at every migration
    #[arg(long, conflicts_with_all = ["named", "against"])]
    all: bool,
    /// Ask the database for its tables and rows; looks at what is pending there, unless told
    #[arg(long)]
    rows: bool,
    /// How to print the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Mend what can be mended: edits drafts and SQL files that are named
    #[arg(long)]
    fix: bool,
}

pub(crate) async fn run(args: &Lint, context: &Context) -> Result<Reply, Fault> {
    let base = context.variable("GITHUB_BASE_REF");
    let wish =
        Wish { named: &args.named, against: args.against.as_deref().or(base), all: args.all };
    let mut chosen = choose(context, wish)?;
    chosen.proof = running(context, &chosen, args.against.as_deref(), base).await?;
    let mut report = applied(args, context, &mut chosen, wish).await?;
    if args.fix {
        let mended = mend(context, &chosen, &report)?;
        context.output.say(format!("mended {}", counted(mended.count, "finding")));
        for id in &mended.sealed {
            context.output.say(format!("{id} is sealed: it was not changed"));
        }
        if mended.count > 0 {
            let proof = chosen.proof.take();
            chosen = choose(context, wish)?.with(proof);
            report = applied(args, context, &mut chosen, wish).await?;
        }
    }
    let reply = print(&report, &chosen, args.format, context);
    Ok(match failed(&report) {
        Some(problem) => reply.problem(problem),
        None => reply,
    })
}

/// The queries of the revision, tried before and after the migrations. What a pull request is
/// compared with is nobody's wish: without a database it is said that nothing was tried.
async fn running(
    context: &Context,
    chosen: &Chosen,
    wished: Option<&str>,
    base: Option<&str>,
) -> Result<Option<Proof>, Fault> {
    let Some(rev) = wished.or(base) else { return Ok(None) };
    let lock = lock_file_at(&context.migrations()?, rev)?;
    match prove(context, &chosen.history, rev, lock.as_ref()).await {
        Err(fault) if wished.is_none() && fault.no_database() => {
            let missing = Some(crate::codes::problem(&fault).fact);
            Ok(Some(Proof { revision: rev.to_owned(), missing, ..Proof::default() }))
        }
        proved => proved.map(Some),
    }
}

/// With `--rows`, and nothing said of which, what is pending in the database.
async fn applied(
    args: &Lint,
    context: &Context,
    chosen: &mut Chosen,
    wish: Wish<'_>,
) -> Result<Report, Fault> {
    if !args.rows {
        return look(context, chosen);
    }
    // what the database says counts
    chosen.sizes = None;
    let mut session = open(context, &chosen.history).await?;
    if wish.named.is_empty() && wish.against.is_none() && !wish.all {
        let seen = inspect(&mut session, &chosen.history).await;
        let pending = seen.map(|seen| seen.survey.pending);
        match pending {
            Ok(pending) => {
                let proof = chosen.proof.take();
                *chosen = Chosen::of(chosen.history.clone(), pending).with(proof);
            }
            Err(error) => {
                session.close().await;
                return Err(error.into());
            }
        }
    }
    let report = look_at(context, chosen, &mut session).await;
    session.close().await;
    report
}
