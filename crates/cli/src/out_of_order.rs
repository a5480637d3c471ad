//! Pending migrations that are older than the newest applied, as after pulling a colleague's: they
//! are applied all the same, or own migrations go behind them.
//!
//! Invariant: what others have is never moved and never reverted.

use xtask_db_engine::{Inspection, Session, inspect};
use xtask_db_history::{History, MigrationId, move_last};

use crate::branch::{OnOutOfOrder, Settled};
use crate::command::down;
use crate::context::Context;
use crate::development;
use crate::fault::Fault;
use crate::moves;
use crate::own::Own;

/// What stands in whose way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Late {
    /// Pending, own, older than the newest applied.
    pub(crate) own: Vec<MigrationId>,
    /// Pending, others', older than the newest applied.
    pub(crate) others: Vec<MigrationId>,
    /// Applied, own, later than the first of the others'.
    pub(crate) before_them: Vec<MigrationId>,
    /// Applied, not own, later than the first of the others'.
    pub(crate) fixed: Vec<MigrationId>,
}

/// Settles them, with the answer that was given, else asks.
pub(crate) async fn settle(
    answer: Option<OnOutOfOrder>,
    context: &Context,
    session: &mut Session,
    settled: &mut Settled,
) -> Result<(), Fault> {
    let seen = inspect(session, &settled.history).await?;
    if seen.survey.out_of_order.is_empty() || seen.survey.diverged() {
        return Ok(());
    }
    let own = development::own(context)?;
    let late = Late::of(&settled.history, &seen, &own);
    let answer = match answer {
        Some(answer) => answer,
        None => ask(context, &late)?,
    };
    match answer {
        OnOutOfOrder::Apply => settled.out_of_order = true,
        OnOutOfOrder::Stop => return Err(Fault::OutOfOrder(late)),
        OnOutOfOrder::Rebase if !late.fixed.is_empty() => return Err(Fault::OutOfOrder(late)),
        OnOutOfOrder::Rebase => {
            if !late.others.is_empty() {
                // Whether there is a way back is asked before anything is changed.
                let ids = newest_first(&late.before_them);
                let texts = down::texts(session, &settled.history, &ids).await?;
                settled.try_out(context).await?;
                for (id, from) in texts {
                    context.output.say(format!("will revert {id} with {from}, to apply it again"));
                }
                settled.revert(context, session, ids).await?;
            }
            move_own(context, &seen, &late, settled)?;
        }
    }
    Ok(())
}

/// Gives own pending ones new ids: from the first late one on, so that none overtakes another.
fn move_own(
    context: &Context,
    seen: &Inspection,
    late: &Late,
    settled: &mut Settled,
) -> Result<(), Fault> {
    let Some(first) = late.own.first() else { return Ok(()) };
    let own = development::own(context)?;
    let ids = seen.survey.pending.iter().filter(|id| *id >= first && own.is_own(id));
    let taken = down::applied(seen);
    let moved = move_last(&settled.history, ids, &taken, context.now())
        .map_err(|problem| Fault::Internal(format!("a new id: {problem}")))?;
    moves::on_disk(context, &[], &moved)?;
    settled.moved.extend(moved);
    settled.reread(context)
}

fn newest_first(ids: &[MigrationId]) -> Vec<MigrationId> {
    let mut ids = ids.to_vec();
    ids.sort_by(|first, second| second.cmp(first));
    ids
}

fn ask(context: &Context, late: &Late) -> Result<OnOutOfOrder, Fault> {
    if !context.interactive {
        return Err(Fault::OutOfOrder(late.clone()));
    }
    late.lines().iter().for_each(|line| context.output.say(line));
    let mut answers =
        vec![(OnOutOfOrder::Apply, "apply: run them now, after the later ones".to_owned())];
    if let Some(what) = late.rebase() {
        answers.push((OnOutOfOrder::Rebase, format!("rebase: {what}")));
    }
    answers.push((OnOutOfOrder::Stop, "stop: apply nothing".to_owned()));
    context.choose("They are older than the newest applied. What now?", answers)
}

impl Late {
    fn of(history: &History, seen: &Inspection, own: &Own) -> Self {
        let late = seen.survey.out_of_order.iter().cloned();
        let (mine, others): (Vec<_>, Vec<_>) = late.partition(|id| own.is_own(id));
        let here = |id: &MigrationId| history.get(id).is_some();
        let later = down::applied(seen)
            .into_iter()
            .filter(|id| here(id) && others.iter().min().is_some_and(|first| id > first));
        let (before_them, fixed) = later.partition(|id| own.is_own(id));
        Self { own: mine, others, before_them, fixed }
    }

    /// What each is.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let line = |whose: &str, id| {
            format!("{id} is pending, {whose}, and older than the newest applied")
        };
        lines.extend(self.others.iter().map(|id| line("merged", id)));
        lines.extend(self.own.iter().map(|id| line("your own", id)));
        lines.extend(self.before_them.iter().map(|id| format!("{id} is applied, and your own")));
        lines.extend(self.fixed.iter().map(|id| format!("{id} is applied, and not yours to move")));
        lines
    }

    /// What `rebase` would do; none where it cannot.
    pub(crate) fn rebase(&self) -> Option<String> {
        if !self.fixed.is_empty() {
            return None;
        }
        let ids = |ids: &[MigrationId]| {
            ids.iter().map(MigrationId::as_str).collect::<Vec<_>>().join(", ")
        };
        let mut parts = Vec::new();
        if !self.before_them.is_empty() {
            let ids = ids(&self.before_them);
            parts.push(format!(
                "revert {ids} (rows in what it made are lost) and apply it again after them"
            ));
        }
        if !self.own.is_empty() {
            parts.push(format!("give {} a new id, later than all", ids(&self.own)));
        }
        Some(parts.join(", and "))
    }
}
