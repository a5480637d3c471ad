//! Whether the order of two migrations matters: both orders are tried on shadows.

use xtask_db_engine::{Error, Shadows};
use xtask_db_history::{History, Migration, MigrationId};
use xtask_db_schema::PlanOptions;

use crate::context::Context;
use crate::fault::Fault;
use crate::schema::lines;

/// Replays the history in its order, and with one migration after all others.
pub(crate) async fn prove(
    context: &Context,
    history: &History,
    id: &MigrationId,
) -> Result<(), Fault> {
    if history.get(id).is_none() {
        return Err(Fault::NoMigration { id: id.to_string() });
    }
    let mut shadows = context.shadows(&history.lock)?;
    let proved = both_orders(context, history, id, &mut shadows).await;
    shadows.release(&mut context.progress()).await;
    proved
}

async fn both_orders(
    context: &Context,
    history: &History,
    id: &MigrationId,
    shadows: &mut Shadows,
) -> Result<(), Fault> {
    let whole = (history, &history.lock);
    let in_order = context.catalog_of(shadows, whole, &history.migrations).await?.catalog;
    let (mut last, mut others): (Vec<Migration>, Vec<Migration>) =
        history.migrations.iter().cloned().partition(|one| one.id == *id);
    others.append(&mut last);
    let refuse = |details: Vec<String>| Fault::Order { id: id.clone(), details };
    let at_last = match context.catalog_of(shadows, whole, &others).await {
        Ok(read) => read.catalog,
        Err(Fault::Shadow { failure, .. }) => {
            return Err(refuse(vec![format!("{} does not run: {}", failure.path, failure.error)]));
        }
        Err(fault) => return Err(fault),
    };
    let left = in_order.plan(&at_last, &PlanOptions::default()).map_err(Error::from)?;
    match left.is_empty() {
        true => Ok(()),
        false => Err(refuse(lines(&left))),
    }
}
