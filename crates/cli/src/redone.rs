//! An edited migration without a way back: the development database is brought to what the edited
//! history makes.

use std::collections::BTreeSet;

use xtask_db_engine::{ChangeOptions, Inspection, Session, Shadows, change, introspect};
use xtask_db_history::{Checksum, History, LockFile, Migration, MigrationId};

use crate::context::Context;
use crate::development;
use crate::fault::Fault;
use crate::protect::DEVELOPMENT;
use crate::schema::{Aim, DraftArgs, Quieter, tell_unmodelled};

/// Runs the difference between the database and the replay of the edited history, and gives the
/// rows of `ids` the checksums of their texts. Statements that write rows are not run again.
pub(crate) async fn by_difference(
    args: &DraftArgs,
    context: &Context,
    (history, lock): (&History, &LockFile),
    ids: &[MigrationId],
    (session, seen): (&mut Session, &Inspection),
) -> Result<(), Fault> {
    let mut shadows = context.shadows(lock)?;
    let on = (&mut shadows, &mut *session);
    let texts = difference(args, context, (history, lock), on, seen).await;
    shadows.release(&mut context.progress()).await;
    let texts = texts?;
    let of = |id: &MigrationId| history.get(id).map(|one| (id.clone(), one.checksum));
    let restamp: Vec<(MigrationId, Checksum)> = ids.iter().filter_map(of).collect();
    let options = ChangeOptions {
        actor: context.actor("redo"),
        lock_wait: development::LOCK_WAIT,
        marker: DEVELOPMENT.to_owned(),
    };
    Ok(change(session, &texts, &restamp, &options, &mut context.progress()).await?)
}

async fn difference(
    args: &DraftArgs,
    context: &Context,
    whole: (&History, &LockFile),
    (shadows, session): (&mut Shadows, &mut Session),
    seen: &Inspection,
) -> Result<Vec<String>, Fault> {
    let names: BTreeSet<&str> = seen.survey.applied.iter().map(|row| row.name.as_str()).collect();
    let there = |one: &&Migration| names.contains(one.id.as_str());
    let applied: Vec<Migration> = whole.0.migrations.iter().filter(there).cloned().collect();
    let to = context.catalog_of(shadows, whole, &applied).await?.catalog;
    let live = introspect(session, shadows.scope()).await?;
    tell_unmodelled(context, [&live, &to]);
    if live.fingerprint() == to.fingerprint() {
        return Ok(Vec::new());
    }
    let shadow = {
        let mut observer = Quieter(context.progress().on_shadow());
        shadows.holding(&live, &mut observer).await?
    };
    let head = "the edited text asks the database for".to_owned();
    let aim = Aim { from: &live, to: &to, declared: None, head };
    let drafted = args.draft(context, &aim, (shadow, shadows), Some(session)).await?;
    Ok(drafted.map_or_else(Vec::new, |drafted| drafted.texts()))
}
