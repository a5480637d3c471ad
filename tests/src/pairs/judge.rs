//! The property of a pair: a plan leads from each to the other, and a second plan is empty.

use std::path::Path;

use xtask_db_schema::{Catalog, PlanOptions, Unmodelled};

use super::side::{Found, Side};
use super::{Pair, Verdict};
use crate::support::Kind;

/// How much of two texts that differ is shown.
const DIFFERENT_MAX: usize = 6;

/// Judges a pair on databases of its own. SQLite's files go to `folder`.
#[must_use]
pub fn judge(kind: Kind, folder: &Path, pair: &Pair, options: &PlanOptions) -> Verdict {
    if let Some(reason) = pair.elsewhere(kind) {
        return Verdict::NotAccepted(reason);
    }
    match directions(kind, folder, pair, options) {
        Ok(()) => Verdict::Converged,
        Err(verdict) => verdict,
    }
}

fn directions(
    kind: Kind,
    folder: &Path,
    pair: &Pair,
    options: &PlanOptions,
) -> Result<(), Verdict> {
    let not_accepted = |which: &str, error| Verdict::NotAccepted(format!("{which}: {error}"));
    let current =
        Side::make(kind, folder, &pair.current).map_err(|error| not_accepted("current", error))?;
    let desired =
        Side::make(kind, folder, &pair.desired).map_err(|error| not_accepted("desired", error))?;
    let mut schemas = current.schemas();
    schemas.extend(desired.schemas());
    schemas.sort();
    schemas.dedup();
    let read = |error| Verdict::NotConverged(format!("reading: {error}"));
    let a = current.read(&schemas).map_err(read)?;
    let b = desired.read(&schemas).map_err(read)?;
    lead("up", &current, &a, &b, &schemas, options)?;
    lead("down", &desired, &b, &a, &schemas, options)
}

/// Leads a database from one schema to another and looks whether it got there.
fn lead(
    way: &str,
    side: &Side,
    from: &Found,
    to: &Found,
    schemas: &[String],
    options: &PlanOptions,
) -> Result<(), Verdict> {
    let refused = |error| Verdict::Refused(format!("{way}: {error}"));
    let failed = |what: String| Verdict::NotConverged(format!("{way}: {what}"));
    let plan = from.catalog.plan(&to.catalog, options).map_err(refused)?;
    if let Err(error) = side.apply(&plan) {
        return Err(failed(format!("{error}\n{}", plan.script())));
    }
    for sql in from.catalog.reported(&to.catalog) {
        side.run(&sql).map_err(|error| failed(format!("reported: {sql}: {error}")))?;
    }
    let reached = side.read(schemas).map_err(&failed)?;
    let reported = reached.catalog.reported(&to.catalog);
    if !reported.is_empty() {
        return Err(failed(format!("still reported: {}", reported.join("; "))));
    }
    let rest = reached.catalog.plan(&to.catalog, options).map_err(refused)?;
    if !rest.is_empty() {
        return Err(failed(format!("{}-- leaves\n{}", plan.script(), rest.script())));
    }
    if reached.catalog.fingerprint() != to.catalog.fingerprint() {
        return Err(failed("an empty plan and two fingerprints".to_owned()));
    }
    if reached.text == to.text {
        return Ok(());
    }
    let shown = different(&reached.text, &to.text);
    let named = named(&from.catalog, &to.catalog);
    if !named.is_empty() {
        return Err(Verdict::Refused(format!("{way}: not modelled: {named}")));
    }
    Err(Verdict::Wrong(format!("{way}: {}{shown}", plan.script())))
}

/// What one of the two has that is not modelled.
fn named(from: &Catalog, to: &Catalog) -> String {
    let all = from.unmodelled().iter().chain(to.unmodelled());
    let shown = |it: &Unmodelled| format!("{} {}", it.kind, it.name);
    let mut names: Vec<String> = all.map(shown).collect();
    names.sort();
    names.dedup();
    names.join(", ")
}

fn different(found: &[String], expected: &[String]) -> String {
    let missing = expected.iter().filter(|line| !found.contains(line)).map(|line| ('<', line));
    let extra = found.iter().filter(|line| !expected.contains(line)).map(|line| ('>', line));
    let line = |(sign, line)| format!("\n{sign} {line}");
    missing.chain(extra).take(DIFFERENT_MAX).map(line).collect()
}
