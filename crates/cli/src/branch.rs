//! What `migrate` does about the migrations of other branches before it applies anything.

use std::time::Instant;

use clap::ValueEnum;
use serde_json::{Value, json};
use xtask_db_engine::{DownOptions, Session, Shadows, down};
use xtask_db_history::{Entry, History, MigrationId, Move};

use crate::context::Context;
use crate::development::{self, Work};
use crate::drifted::Drifted;
use crate::fault::Fault;
use crate::shadow;

/// What to do with migrations that are applied and whose folders are not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnMissing {
    /// Run the down text that the database kept, newest first
    Revert,
    /// Write their folders and lines back from the git branch that has them
    Fetch,
    /// Go on without them: they stay applied, and nothing is written down
    Keep,
}

/// What to do with pending migrations that are older than the newest applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnOutOfOrder {
    /// Apply them all the same, after the later ones
    Apply,
    /// Put your own after them: applied ones are reverted and applied again, pending ones get a
    /// new id
    Rebase,
    /// Apply nothing
    Stop,
}

/// What was settled.
pub(crate) struct Settled {
    /// What `migrate` goes on with.
    pub(crate) history: History,
    /// Where it is tried. Released by the command.
    pub(crate) shadows: Shadows,
    pub(crate) reverted: Vec<MigrationId>,
    pub(crate) fetched: Vec<MigrationId>,
    /// Applied and not here: taken for absent in this run.
    pub(crate) kept: Vec<MigrationId>,
    pub(crate) moved: Vec<Move>,
    /// Older ones may be applied.
    pub(crate) out_of_order: bool,
    /// The history was tried on a shadow; the statements that were not.
    pub(crate) tried: Option<Vec<String>>,
    /// What the database had beside the migrations.
    pub(crate) drifted: Drifted,
}

impl Settled {
    pub(crate) fn new(context: &Context, history: &History) -> Result<Self, Fault> {
        Ok(Self {
            history: history.clone(),
            shadows: context.shadows(&history.lock)?,
            reverted: Vec::new(),
            fetched: Vec::new(),
            kept: Vec::new(),
            moved: Vec::new(),
            out_of_order: false,
            tried: None,
            drifted: Drifted::default(),
        })
    }

    /// Takes these for absent, in memory.
    pub(crate) fn keep(&mut self, ids: Vec<MigrationId>) {
        self.kept.extend(ids);
        for id in &self.kept {
            self.history.lock.put(Entry::Absent(id.clone()));
        }
    }

    /// Reads the folder again after it was changed.
    pub(crate) fn reread(&mut self, context: &Context) -> Result<(), Fault> {
        self.history = context.history()?;
        self.tried = None;
        self.keep(Vec::new());
        Ok(())
    }

    /// Tries what is on disk, so that a broken migration is found before anything is reverted.
    pub(crate) async fn try_out(&mut self, context: &Context) -> Result<(), Fault> {
        if self.tried.is_none() {
            let Self { history, shadows, .. } = self;
            let (started, before) = (Instant::now(), shadows.replayed());
            let read =
                context.catalog_of(shadows, (history, &history.lock), &history.migrations).await?;
            shadow::tell_not_run(context, &read.not_run);
            if shadows.replayed() > before {
                shadow::tell_tried(context, history.migrations.len(), started);
            }
            self.tried = Some(read.not_run);
        }
        Ok(())
    }

    /// Reverts, newest first.
    pub(crate) async fn revert(
        &mut self,
        context: &Context,
        session: &mut Session,
        mut ids: Vec<MigrationId>,
    ) -> Result<(), Fault> {
        ids.sort_by(|first, second| second.cmp(first));
        let options = DownOptions {
            actor: context.actor("migrate"),
            lock_wait: development::LOCK_WAIT,
            dry_run: false,
        };
        let mut progress = context.progress().reverting();
        down(session, &self.history, &ids, &options, &mut progress).await?;
        self.reverted.extend(ids);
        Ok(())
    }

    /// Something was done, here or by `work`, after which seeds and generators run.
    pub(crate) fn changed(&self, work: &Work) -> bool {
        !self.reverted.is_empty()
            || !self.fetched.is_empty()
            || self.drifted.changed()
            || !work.applied.is_empty()
            || !work.sealed.is_empty()
    }

    /// For people.
    pub(crate) fn lines(&self) -> Vec<String> {
        let of = |what: &'static str, ids: &[MigrationId]| -> Vec<String> {
            ids.iter().map(|id| format!("{what} {id}")).collect()
        };
        let mut lines = of("reverted", &self.reverted);
        lines.extend(of("fetched", &self.fetched));
        lines.extend(of("left applied, though not here:", &self.kept));
        lines.extend(self.moved.iter().map(|one| format!("moved {} to {}", one.from, one.to)));
        lines.extend(self.drifted.lines());
        lines
    }

    /// For programs: put into the object of the answer.
    pub(crate) fn put_into(&self, object: &mut Value) {
        let ids = |ids: &[MigrationId]| json!(ids.iter().map(AsRef::as_ref).collect::<Vec<&str>>());
        object["reverted"] = ids(&self.reverted);
        object["fetched"] = ids(&self.fetched);
        object["kept"] = ids(&self.kept);
        object["drift"] = self.drifted.json();
        object["moved"] = self
            .moved
            .iter()
            .map(|one| json!({ "from": one.from.as_str(), "to": one.to.as_str() }))
            .collect();
    }
}
