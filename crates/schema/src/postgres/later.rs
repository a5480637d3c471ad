//! Statements that have to wait for a commit.

use super::change::Site;
use super::enums;
use super::name::text;
use crate::{Run, Step};

/// Tells which of the steps begin a migration: one that uses a value which the plan adds to an enum
/// (error 55P04 in the same transaction), and one that waits for its own first half where nothing
/// in between was committed.
pub(super) fn mark(site: &Site<'_>, mut steps: Vec<Step>) -> Vec<Step> {
    let added: Vec<String> = site
        .to
        .enums
        .iter()
        .flat_map(|(name, to)| {
            let from = site
                .from
                .enums
                .get(name)
                .filter(|_| !site.makes(&super::Object::Type(name.clone())));
            let new = |value: &&String| from.is_some_and(|from| !from.values.contains(value));
            to.values.iter().filter(new).map(|value| text(value)).collect::<Vec<_>>()
        })
        .collect();
    let mut open: Vec<&String> = Vec::new();
    let mut halves = false;
    for at in 0..steps.len() {
        let alone = steps[at].run == Run::Alone;
        if at > 0 && alone != (steps[at - 1].run == Run::Alone) {
            open.clear();
            halves = false;
        }
        let adds = enums::adds_value(&steps[at].sql);
        let uses = !adds && open.iter().any(|value| steps[at].sql.contains(value.as_str()));
        let waits = halves && steps[at].run == Run::Later;
        if uses || waits {
            steps[at].run = Run::Later;
            open.clear();
            halves = false;
        } else if !alone {
            steps[at].run = Run::Together;
        }
        halves |= steps[at].sql.ends_with(" NOT VALID");
        if adds {
            open.extend(added.iter().filter(|value| steps[at].sql.contains(value.as_str())));
        }
    }
    steps
}
