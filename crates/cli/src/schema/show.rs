//! A plan as people and programs read it.

use serde_json::{Value, json};
use xtask_db_engine::Counted;
use xtask_db_schema::{Catalog, HazardKind, Plan, Step, Unmodelled};

use super::told;
use crate::context::Context;

/// `1 statement`, `3 statements`.
pub(crate) fn statements(count: usize) -> String {
    format!("{count} statement{}", if count == 1 { "" } else { "s" })
}

/// Each statement, and under it what a person should know; how many rows it is about, where they
/// were counted.
pub(crate) fn lines(plan: &Plan, counted: &[Counted]) -> Vec<String> {
    let mut lines = Vec::new();
    for step in &plan.steps {
        let mut sql = step.sql.trim_end().to_owned();
        sql.push(';');
        lines.extend(sql.lines().map(|line| format!("  {line}").trim_end().to_owned()));
        for hazard in &step.hazards {
            let count = counted.iter().find(|one| one.hazard == *hazard);
            let sentence = count.map_or_else(|| hazard.sentence(), told);
            lines.push(format!("    {}: {sentence}", word(hazard.kind)));
        }
    }
    lines
}

const fn word(kind: HazardKind) -> &'static str {
    match kind {
        HazardKind::DataLoss => "data loss",
        HazardKind::Unexecutable => "may fail",
        HazardKind::Rewrite => "rewrite",
        HazardKind::Lock => "lock",
    }
}

/// The steps for programs.
pub(crate) fn json_steps(plan: &Plan) -> Value {
    let of = |step: &Step| {
        json!({
            "sql": step.sql,
            "note": step.note,
            "run": step.run,
            "hazards": step.hazards.iter().map(|hazard| json!({
                "kind": hazard.kind, "object": hazard.object, "text": hazard.text,
            })).collect::<Vec<_>>(),
        })
    };
    plan.steps.iter().map(of).collect()
}

/// Says what differs and no plan changes: owners and grants, as the SQL that would.
pub(crate) fn tell_reported(context: &Context, from: &Catalog, to: &Catalog) -> Vec<String> {
    let reported = from.reported(to);
    for sql in &reported {
        context.output.say(format!("differs and is not changed, privileges are yours: {sql};"));
    }
    reported
}

/// Names what is in these catalogs and not in the model, each once: `kind name`.
pub(crate) fn tell_unmodelled<'a>(
    context: &Context,
    catalogs: impl IntoIterator<Item = &'a Catalog>,
) -> Vec<String> {
    let all = catalogs.into_iter().flat_map(Catalog::unmodelled);
    let mut names: Vec<String> =
        all.map(|Unmodelled { kind, name }| format!("{kind} {name}")).collect();
    names.sort();
    names.dedup();
    for object in &names {
        context.output.say(format!("neither compared nor changed, it is not modelled: {object}"));
    }
    names
}
