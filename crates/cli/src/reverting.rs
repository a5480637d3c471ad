//! What undoes a migration that has no `down.sql`: planned from the schemas before and after it.

use std::borrow::Cow;

use xtask_db_engine::{Draft, Error, Shadows};
use xtask_db_history::{History, SqlFile};
use xtask_db_schema::{Catalog, Online, PlanOptions, migration_text};

use crate::context::Context;
use crate::draft::Files;
use crate::fault::Fault;
use crate::schema::Quieter;

/// The plain forms: it is one file.
const PLAIN: PlanOptions = PlanOptions { online: Online::Never };

/// The files of a migration that undoes another; none when that one has a `down.sql`, or is not
/// there. Rows that it wrote or removed are not what a schema says, and stay as they are.
pub(crate) async fn planned(context: &Context, id: &str) -> Result<Option<Files>, Fault> {
    let history = context.history()?;
    let found = history.migrations.iter().position(|one| one.id.as_str() == id);
    let Some(at) = found.filter(|at| history.migrations[*at].down.is_none()) else {
        return Ok(None);
    };
    let mut shadows = context.shadows(&history.lock)?;
    let planned = plan(context, &history, at, &mut shadows).await;
    shadows.release(&mut context.progress()).await;
    planned.map(Some)
}

async fn plan(
    context: &Context,
    history: &History,
    at: usize,
    shadows: &mut Shadows,
) -> Result<Files, Fault> {
    let (whole, all) = ((history, &history.lock), &history.migrations);
    let before = context.catalog_of(shadows, whole, &all[..at]).await?.catalog;
    let after = context.catalog_of(shadows, whole, &all[..=at]).await?.catalog;
    let now = context.catalog_of(shadows, whole, all).await?.catalog;
    let id = &all[at].id;
    let back = after.plan(&before, &PLAIN).map_err(Error::from)?;
    if back.is_empty() {
        return Err(Fault::Migration {
            id: id.to_string(),
            problem: "it has no down.sql, and does not change the schema".to_owned(),
            hint: "write what undoes it yourself: cargo xtask db new NAME --down".to_owned(),
        });
    }
    let text = migration_text(&back.steps);
    let to = match at + 1 == all.len() {
        true => before,
        false => after_running(context, history, &text, shadows).await?,
    };
    files(context, history, (now, to), shadows).await
}

/// What the whole history and then these statements make.
async fn after_running(
    context: &Context,
    history: &History,
    text: &str,
    shadows: &mut Shadows,
) -> Result<Catalog, Fault> {
    let mut observer = Quieter(context.progress().on_shadow());
    let mut shadow = shadows.take(&history.migrations, &mut observer).await?;
    let text = Cow::Owned(text.to_owned());
    let file = SqlFile { path: Cow::Borrowed("what undoes it"), text };
    let made = match shadow.run(&file, &mut observer).await {
        Ok(_) => shadow.catalog(shadows.scope()).await.map_err(Fault::from),
        Err(Error::Failed(failure)) => Err(Fault::Refused {
            what: format!("a later migration needs what it made: {}", failure.error),
            hint: "write what undoes it yourself: cargo xtask db new NAME --down".to_owned(),
        }),
        Err(error) => Err(error.into()),
    };
    shadow.release(&mut observer).await;
    made
}

/// The way there and back, tried.
async fn files(
    context: &Context,
    history: &History,
    (from, to): (Catalog, Catalog),
    shadows: &mut Shadows,
) -> Result<Files, Fault> {
    let mut observer = Quieter(context.progress().on_shadow());
    let shadow = shadows.take(&history.migrations, &mut observer).await?;
    let mut draft = Draft::new(shadow, shadows.scope().clone(), from, to);
    let proved = async {
        let plan = draft.plan(&PLAIN)?;
        draft.prove(&plan, &mut observer).await
    }
    .await;
    draft.release(&mut observer).await;
    let parts = proved?.parts;
    let whole: Vec<_> = parts.iter().flat_map(|part| part.steps.iter().cloned()).collect();
    let mut files = vec![("migration.sql", migration_text(&whole))];
    if let [part] = parts.as_slice()
        && let Ok(down) = &part.down
    {
        files.push(("down.sql", down.clone()));
    }
    Ok(files)
}
