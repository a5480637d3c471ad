//! A plan as people and programs read it.

use serde_json::{Value, json};
use xtask_db_schema::{Catalog, HazardKind, Plan, Step, Unmodelled};

use crate::context::Context;

/// `1 statement`, `3 statements`.
pub(crate) fn statements(count: usize) -> String {
    format!("{count} statement{}", if count == 1 { "" } else { "s" })
}

/// Each statement, and under it what a person should know.
pub(crate) fn lines(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for step in &plan.steps {
        let mut sql = step.sql.trim_end().to_owned();
        sql.push(';');
        lines.extend(sql.lines().map(|line| format!("  {line}").trim_end().to_owned()));
        for hazard in &step.hazards {
            lines.push(format!("    {}: {}", word(hazard.kind), hazard.sentence()));
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
