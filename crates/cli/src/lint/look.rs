//! Applies the rules: to the text alone, or with a database at hand.

use xtask_db_engine::{Error, Session};
use xtask_db_lint::{Facts, Harm, LintError, NoFacts, Options, Question, Report, lint};
use xtask_db_schema::Relation;
use xtask_db_sql::Dialect;

use super::facts::{ROUNDS_MAX, Rows};
use super::settings::options;
use super::{Chosen, Proof, Sizes};
use crate::context::Context;
use crate::fault::Fault;

/// Without a database.
pub(crate) fn look(context: &Context, chosen: &Chosen) -> Result<Report, Fault> {
    let options = options(context.project()?, chosen)?;
    match &chosen.sizes {
        Some(sizes) => report(chosen, &options, &Written(sizes, chosen.history.dialect())),
        None => report(chosen, &options, &NoFacts),
    }
}

/// With the tables and rows of a database. What the rules ask is counted, and they are applied
/// again, until they ask no more.
pub(crate) async fn look_at(
    context: &Context,
    chosen: &Chosen,
    session: &mut Session,
) -> Result<Report, Fault> {
    let options = options(context.project()?, chosen)?;
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

/// What a file says of a database.
struct Written<'a>(&'a Sizes, Dialect);

impl Facts for Written<'_> {
    fn count(&self, question: &Question) -> Option<u64> {
        self.0.rows(question, self.1)
    }
}

/// What a database knows, and what the proof found.
struct Both<'a> {
    rows: &'a dyn Facts,
    proof: Option<&'a Proof>,
}

impl Facts for Both<'_> {
    fn relations(&self) -> Option<&[Relation]> {
        self.rows.relations().or_else(|| self.proof?.relations.as_deref())
    }

    fn count(&self, question: &Question) -> Option<u64> {
        self.rows.count(question)
    }

    fn harms(&self, migration: &str) -> &[Harm] {
        self.proof.and_then(|proof| proof.harms.get(migration)).map_or(&[], Vec::as_slice)
    }
}

fn report(chosen: &Chosen, options: &Options, rows: &dyn Facts) -> Result<Report, Fault> {
    let facts = Both { rows, proof: chosen.proof.as_ref() };
    let report = lint(&chosen.inputs(), chosen.history.lock.syntax(), options, &facts);
    report.map_err(|LintError { id, path, error }| {
        let text = chosen.text(&path).to_owned();
        Fault::Engine(Error::Split { id: id.parse().ok(), path, text, error })
    })
}
