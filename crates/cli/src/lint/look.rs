//! Applies the rules: to the text alone, or with a database at hand.

use xtask_db_engine::{Error, Session};
use xtask_db_lint::{Facts, LintError, NoFacts, Options, Report, lint};

use super::Chosen;
use super::facts::{ROUNDS_MAX, Rows};
use super::settings::options;
use crate::context::Context;
use crate::fault::Fault;

/// Without a database.
pub(crate) fn look(context: &Context, chosen: &Chosen) -> Result<Report, Fault> {
    let options = options(context.project()?, chosen.history.dialect())?;
    report(chosen, &options, &NoFacts)
}

/// With the tables and rows of a database. What the rules ask is counted, and they are applied
/// again, until they ask no more.
pub(crate) async fn look_at(
    context: &Context,
    chosen: &Chosen,
    session: &mut Session,
) -> Result<Report, Fault> {
    let options = options(context.project()?, chosen.history.dialect())?;
    let syntax = chosen.history.lock.syntax();
    let mut rows = Rows::default();
    rows.read(context, session).await?;
    let mut found = report(chosen, &options, &rows)?;
    for _ in 0..ROUNDS_MAX {
        if !rows.answer(session, syntax).await? {
            break;
        }
        found = report(chosen, &options, &rows)?;
    }
    Ok(found)
}

fn report(chosen: &Chosen, options: &Options, facts: &dyn Facts) -> Result<Report, Fault> {
    let report = lint(&chosen.inputs(), chosen.history.lock.syntax(), options, facts);
    report.map_err(|LintError { id, path, error }| {
        let text = chosen.text(&path).to_owned();
        Fault::Engine(Error::Split { id: id.parse().ok(), path, text, error })
    })
}
