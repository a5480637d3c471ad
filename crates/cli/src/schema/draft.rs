//! A difference planned, asked about, tried and shown.
//!
//! Invariant: what comes out was run on a shadow, and led where it should.

use clap::{Args, ValueEnum};
use xtask_db_engine::{Counted, Draft, Proved, Session, Shadow, Shadows, count};
use xtask_db_schema::{Catalog, Online, Plan, PlanOptions};
use xtask_db_sql::Syntax;

use super::{Accept, Declared, Quieter, RenameArgs, lines, statements, suggest};
use crate::context::Context;
use crate::fault::Fault;

/// How a difference becomes statements.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct DraftArgs {
    #[command(flatten)]
    pub(crate) rename: RenameArgs,
    #[command(flatten)]
    pub(crate) accept: Accept,
    /// Forms that block nobody, where the server has them, in migrations of their own
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) online: OnlineArg,
}

/// When the forms that block nobody are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnlineArg {
    /// Where they are safer at no cost
    #[default]
    Auto,
    /// The plain statements, in one migration
    Never,
}

/// Where a plan leads, and what is said of it.
pub(crate) struct Aim<'a> {
    pub(crate) from: &'a Catalog,
    pub(crate) to: &'a Catalog,
    /// The declared schema, when that is where it leads: it may name renames.
    pub(crate) declared: Option<(&'a Declared, Syntax)>,
    /// `schema.sql asks for`: the number of statements follows.
    pub(crate) head: String,
}

/// Statements that were tried.
pub(crate) struct Drafted {
    pub(crate) plan: Plan,
    pub(crate) proved: Proved,
    pub(crate) counted: Vec<Counted>,
    /// A name for a migration of it.
    pub(crate) name: String,
}

impl Drafted {
    /// The text of each migration.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.proved.parts.iter().map(|part| part.up.clone()).collect()
    }
}

impl DraftArgs {
    /// The same for another pair of schemas: renames that were told and do not fit are not meant.
    pub(crate) fn loose(&self) -> Self {
        let mut loose = self.clone();
        loose.rename.loose = true;
        loose
    }

    /// Plans, asks, tries and shows. `shadow` has the catalog where it starts, and is released.
    /// `session` is on the database whose rows are counted; without one nothing is refused for
    /// them. None: there is no difference.
    pub(crate) async fn draft(
        &self,
        context: &Context,
        aim: &Aim<'_>,
        (shadow, shadows): (Shadow, &Shadows),
        session: Option<&mut Session>,
    ) -> Result<Option<Drafted>, Fault> {
        let (from, to) = (aim.from.clone(), aim.to.clone());
        let mut draft = Draft::new(shadow, shadows.scope().clone(), from, to);
        let mut observer = Quieter(context.progress().on_shadow());
        let drafted = self.on_shadow(context, aim, &mut draft, session, &mut observer).await;
        draft.release(&mut observer).await;
        drafted
    }

    async fn on_shadow(
        &self,
        context: &Context,
        aim: &Aim<'_>,
        draft: &mut Draft,
        session: Option<&mut Session>,
        observer: &mut Quieter,
    ) -> Result<Option<Drafted>, Fault> {
        self.rename.settle(context, aim.declared, draft, observer).await?;
        let online = match self.online {
            OnlineArg::Auto => Online::Auto,
            OnlineArg::Never => Online::Never,
        };
        let plan = draft.plan(&PlanOptions { online })?;
        if plan.is_empty() {
            return Ok(None);
        }
        let empty = aim.declared.is_some_and(|(declared, syntax)| declared.is_empty(syntax));
        self.accept.drops(draft.now(), draft.to(), empty)?;
        let proved = draft.prove(&plan, observer).await?;
        let count_of = statements(plan.steps.len());
        context.output.say(format!("{} {count_of}, tried on a shadow:", aim.head));
        for line in lines(&plan) {
            context.output.say(line);
        }
        let counted = match session {
            Some(session) => count(session, &plan, draft.renames()).await?,
            None => Vec::new(),
        };
        self.accept.rows(context, &counted)?;
        let renamed: Vec<_> = draft.renamed().collect();
        let name = suggest(draft.now(), draft.to(), &renamed);
        Ok(Some(Drafted { plan, proved, counted, name }))
    }
}
