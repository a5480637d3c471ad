//! What `migrate` does about a development database that was changed beside its migrations.

use serde_json::{Value, json};
use xtask_db_engine::{
    ChangeOptions, Inspection, Resolution, Session, change, inspect, introspect, resolve,
};
use xtask_db_history::MigrationId;

use crate::branch::Settled;
use crate::context::Context;
use crate::development::{self, Work};
use crate::fault::Fault;
use crate::protect::DEVELOPMENT;
use crate::schema::{Aim, Declared, DraftArgs, Drift, Looked, OnDrift, Quieter, look, write_aim};

/// What was settled.
#[derive(Debug, Default)]
pub(crate) struct Drifted {
    found: Option<Drift>,
    answer: Option<OnDrift>,
    /// The migrations that it was written as.
    pub(crate) adopted: Vec<MigrationId>,
    /// The declared schema asks for the same.
    wanted: bool,
}

impl Drifted {
    /// Something was written or run.
    pub(crate) fn changed(&self) -> bool {
        !self.adopted.is_empty() || self.answer == Some(OnDrift::Discard)
    }

    /// It was made a migration because a person said so; the declared schema may not have it.
    pub(crate) fn adopted_by_hand(&self) -> bool {
        !self.adopted.is_empty() && !self.wanted
    }

    /// For people.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .adopted
            .iter()
            .map(|id| format!("adopted as {id}, applied here already"))
            .collect();
        match self.answer {
            Some(OnDrift::Discard) => lines.push("the drift was undone".to_owned()),
            Some(OnDrift::Leave) => lines.push("the drift was left as it is".to_owned()),
            _ => {}
        }
        lines
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let Some(found) = &self.found else { return Value::Null };
        let mut object = found.json();
        object["answer"] = match self.answer {
            Some(OnDrift::Adopt) => json!("adopt"),
            Some(OnDrift::Discard) => json!("discard"),
            Some(OnDrift::Leave) => json!("leave"),
            None => Value::Null,
        };
        let ids: Vec<&str> = self.adopted.iter().map(MigrationId::as_str).collect();
        object["adopted"] = json!(ids);
        object
    }
}

/// Looks, shows, asks; undoes it when that is the answer. What is to be adopted is, once nothing
/// is pending: see [`adopt`].
pub(crate) async fn settle(
    answer: Option<OnDrift>,
    args: &DraftArgs,
    context: &Context,
    declared: Option<&Declared>,
    (settled, session): (&mut Settled, &mut Session),
    seen: &Inspection,
) -> Result<(), Fault> {
    let Settled { history, shadows, .. } = settled;
    let looked = look(context, shadows, session, history, seen).await;
    let drift = match looked {
        Ok(Looked::Found(drift)) => *drift,
        Ok(Looked::None) => return Ok(()),
        Ok(Looked::Unknown(why)) => {
            context.output.whisper(format!("drift was not looked for: {why}"));
            return Ok(());
        }
        // A migration that does not run any more is found when it is tried, with its place.
        Err(fault) if declared.is_none() && seen.survey.pending.is_empty() => {
            context.output.say(format!("drift was not looked for: {fault}"));
            return Ok(());
        }
        Err(fault) => return Err(fault),
    };
    let wanted = match declared {
        Some(declared) => {
            let to = context.catalog_of_schema(shadows, declared).await?;
            to.catalog.fingerprint() == drift.live.fingerprint()
        }
        None => false,
    };
    if wanted && answer.is_none_or(|answer| answer == OnDrift::Adopt) {
        context.output.say("the database has what the schema asks for: it is written down only");
        settled.drifted = Drifted { found: Some(drift), wanted, ..Drifted::default() };
        settled.drifted.answer = Some(OnDrift::Adopt);
        return Ok(());
    }
    if answer.is_none() && !context.interactive {
        return Err(Fault::Drift(Box::new(drift)));
    }
    for line in drift.lines() {
        context.output.say(line);
    }
    let answer = match answer {
        Some(answer) => answer,
        None => ask(context)?,
    };
    if answer == OnDrift::Discard {
        discard(args, context, settled, session, &drift).await?;
    }
    let answer = Some(answer);
    settled.drifted = Drifted { found: Some(drift), answer, ..Drifted::default() };
    Ok(())
}

fn ask(context: &Context) -> Result<OnDrift, Fault> {
    // What takes nothing away comes first: it is what a hasty Enter chooses.
    let answers = vec![
        (OnDrift::Leave, "leave: go on, and ask again next time".to_owned()),
        (OnDrift::Adopt, "adopt: write it as a migration, for everybody".to_owned()),
        (OnDrift::Discard, "discard: run the statements that undo it".to_owned()),
    ];
    context.choose("What becomes of it?", answers)
}

/// Brings the database back to what the applied migrations make.
async fn discard(
    args: &DraftArgs,
    context: &Context,
    settled: &mut Settled,
    session: &mut Session,
    drift: &Drift,
) -> Result<(), Fault> {
    let shadows = &mut settled.shadows;
    let shadow = {
        let mut observer = Quieter(context.progress().on_shadow());
        shadows.holding(&drift.live, &mut observer).await?
    };
    let aim = Aim {
        from: &drift.live,
        to: &drift.expected,
        declared: None,
        head: "to undo it takes".to_owned(),
    };
    let loose = args.loose();
    let drafted = loose.draft(context, &aim, (shadow, shadows), Some(session)).await?;
    let Some(drafted) = drafted else { return Ok(()) };
    let options = ChangeOptions {
        actor: context.actor("migrate"),
        lock_wait: development::LOCK_WAIT,
        marker: DEVELOPMENT.to_owned(),
    };
    Ok(change(session, &drafted.texts(), &[], &options, &mut context.progress()).await?)
}

/// Writes the drift as migrations and takes them for applied. Everything that was pending is
/// applied by now.
pub(crate) async fn adopt(
    args: &DraftArgs,
    name: Option<&str>,
    context: &Context,
    settled: &mut Settled,
    session: &mut Session,
    work: &mut Work,
) -> Result<(), Fault> {
    if settled.drifted.answer != Some(OnDrift::Adopt) {
        return Ok(());
    }
    let Settled { history, shadows, .. } = settled;
    let whole = (&*history, &history.lock);
    let from = context.catalog_of(shadows, whole, &history.migrations).await?;
    let live = introspect(session, shadows.scope()).await?;
    let aim = Aim {
        from: &from.catalog,
        to: &live,
        declared: None,
        head: "what was changed outside the migrations takes".to_owned(),
    };
    let name = name.filter(|_| settled.drifted.wanted);
    let on = (shadows, None);
    let written = write_aim(&args.loose(), name, context, (history, &from), &aim, on).await?;
    settled.reread(context)?;
    let options = development::options(context, "migrate")?;
    for id in &written.ids {
        let applied = Resolution::Applied(id.clone());
        let progress = &mut context.progress();
        resolve(session, &settled.history, &applied, &options, progress).await?;
    }
    let seen = inspect(session, &settled.history).await?;
    let unsealed = development::unsealed(&settled.history, &seen);
    work.sealed.extend(development::seal(context, &settled.history, &unsealed)?);
    settled.reread(context)?;
    settled.drifted.adopted = written.ids;
    Ok(())
}
