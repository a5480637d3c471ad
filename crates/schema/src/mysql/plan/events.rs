//! Events.

use super::matched::matched;
use super::whole::steps;
use crate::Step;
use crate::mysql::{Catalog, Event, write};

/// Drops the events that are gone or change.
pub(super) fn dropped(from: &Catalog, to: &Catalog) -> Vec<Step> {
    let events = matched(&from.events, &to.events, |event| &event.name);
    let changed = events.both.iter().filter(|(old, new)| old != new).map(|(old, _)| *old);
    let gone = events.gone.iter().copied().chain(changed);
    steps(gone.map(|event| format!("DROP EVENT {}", write::name(&event.name))))
}

/// Creates those that are new or change.
pub(super) fn made(from: &Catalog, to: &Catalog) -> Vec<Step> {
    let differs = |event: &&Event| !from.events.contains(event);
    let text =
        |event: &Event| format!("CREATE EVENT {} {}", write::name(&event.name), event.definition);
    steps(to.events.iter().filter(differs).map(text))
}
