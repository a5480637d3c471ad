//! Migrations that are applied in the development database and whose folders are not here, as after
//! switching branches: reverted, fetched, or left as they are.
//!
//! Invariant: an answer that does not fit every one of them changes nothing.

use xtask_db_engine::{Inspection, Session, down_text};
use xtask_db_history::{History, MigrationId, Row};

use crate::branch::{OnMissing, Settled};
use crate::context::Context;
use crate::fault::Fault;
use crate::fetch::{self, Place};

/// An applied migration that is not on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gone {
    pub(crate) id: MigrationId,
    /// The database kept its down text.
    pub(crate) kept: bool,
    /// What git has of it.
    pub(crate) place: Place,
}

/// Settles them, with the answer that was given, else asks. `settled` goes on with what is left.
pub(crate) async fn settle(
    answer: Option<OnMissing>,
    context: &Context,
    session: &mut Session,
    seen: &Inspection,
    settled: &mut Settled,
) -> Result<(), Fault> {
    let survey = &seen.survey;
    let ahead = survey.ahead.iter().map(|ahead| &ahead.row);
    let rows: Vec<&Row> = survey.missing.iter().chain(ahead).collect();
    if rows.is_empty() {
        return Ok(());
    }
    // What is newer than everything here is in nobody's way until something is to be applied.
    let in_the_way = !survey.missing.is_empty() || !survey.pending.is_empty();
    if answer.is_none() && !in_the_way {
        for row in rows {
            context.output.say(format!(
                "{} is applied and not on this branch; --on-missing revert takes it back",
                row.name
            ));
        }
        return Ok(());
    }
    let found = look(context, session, &settled.history, &rows).await?;
    let answer = match answer {
        Some(answer) => answer,
        None => ask(context, &found)?,
    };
    let fits = |gone: &Gone| match answer {
        OnMissing::Revert => gone.kept,
        OnMissing::Fetch => gone.place.commit().is_some(),
        OnMissing::Keep => true,
    };
    if !found.iter().all(fits) {
        return Err(Fault::Missing { found, answer: Some(answer) });
    }
    carry_out(answer, context, session, seen, found, settled).await
}

async fn carry_out(
    answer: OnMissing,
    context: &Context,
    session: &mut Session,
    seen: &Inspection,
    found: Vec<Gone>,
    settled: &mut Settled,
) -> Result<(), Fault> {
    match answer {
        OnMissing::Keep => settled.keep(found.into_iter().map(|gone| gone.id).collect()),
        OnMissing::Fetch => {
            for gone in &found {
                let Some(commit) = gone.place.commit() else { continue };
                fetch::write(context, &gone.id, commit)?;
                settled.fetched.push(gone.id.clone());
            }
            settled.reread(context)?;
        }
        OnMissing::Revert => {
            if !seen.survey.pending.is_empty() {
                settled.try_out(context).await?;
            }
            let ids = found.into_iter().map(|gone| gone.id).collect();
            settled.revert(context, session, ids).await?;
        }
    }
    Ok(())
}

/// What can be done about each. A name that is no id is left to the conflict that it is.
async fn look(
    context: &Context,
    session: &mut Session,
    history: &History,
    rows: &[&Row],
) -> Result<Vec<Gone>, Fault> {
    let mut ids: Vec<(MigrationId, &Row)> =
        rows.iter().filter_map(|row| Some((row.name.parse().ok()?, *row))).collect();
    ids.sort_by(|(first, _), (second, _)| first.cmp(second));
    let wanted: Vec<(&MigrationId, &str)> =
        ids.iter().map(|(id, row)| (id, row.checksum.as_str())).collect();
    let places = fetch::find(&context.migrations()?, &wanted);
    let mut found = Vec::new();
    for ((id, _), place) in ids.into_iter().zip(places) {
        let kept = down_text(session, history, id.as_str()).await?.is_some();
        found.push(Gone { id, kept, place });
    }
    Ok(found)
}

fn ask(context: &Context, found: &[Gone]) -> Result<OnMissing, Fault> {
    let count = found.len();
    let s = if count == 1 { "" } else { "s" };
    // What takes nothing away comes first: it is what a hasty Enter chooses.
    let keep = "keep: go on, they stay applied in this database".to_owned();
    let mut answers = vec![(OnMissing::Keep, keep)];
    if found.iter().all(|gone| gone.kept) {
        let label = format!("revert: run the kept down text of {count} migration{s}, newest first");
        answers.push((OnMissing::Revert, label));
    }
    if found.iter().all(|gone| gone.place.commit().is_some()) {
        let label = format!("fetch: write {count} folder{s} back from git");
        answers.push((OnMissing::Fetch, label));
    }
    let refuse = || Fault::Missing { found: found.to_vec(), answer: None };
    if !context.interactive {
        return Err(refuse());
    }
    for gone in found {
        gone.lines().iter().for_each(|line| context.output.say(line));
    }
    context.choose("They are applied here and not on this branch. What now?", answers)
}

impl Gone {
    /// What each answer would do with it.
    pub(crate) fn lines(&self) -> [String; 4] {
        let revert = match self.kept {
            true => "runs the down text that the database kept; rows in what it made are lost",
            false => "cannot: it was applied without a down.sql",
        };
        [
            format!("{} is applied, and not on this branch", self.id),
            format!("  revert  {revert}"),
            format!("  fetch   {}", self.place),
            "  keep    leaves it applied, in this run".to_owned(),
        ]
    }
}
