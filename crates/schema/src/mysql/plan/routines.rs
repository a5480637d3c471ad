//! Procedures and functions.

use super::matched::matched;
use super::whole::steps;
use crate::Step;
use crate::mysql::{Catalog, Flavor, Routine, RoutineKind, Server, write};

/// Drops the routines that are gone; on MySQL, which cannot replace one, also those that change.
pub(super) fn dropped(from: &Catalog, to: &Catalog, server: Server) -> Vec<Step> {
    let routines = matched(&from.routines, &to.routines, |one| (one.kind, &one.name));
    let changed = routines.both.iter().filter(|(old, new)| old != new).map(|(old, _)| *old);
    let changed = changed.filter(|_| server.flavor == Flavor::MySql);
    let gone = routines.gone.iter().copied().chain(changed);
    steps(gone.map(|one| format!("DROP {} {}", word(one), write::name(&one.name))))
}

/// Creates the others. What they name is looked for when they run.
pub(super) fn made(from: &Catalog, to: &Catalog, server: Server) -> Vec<Step> {
    let differs = |one: &&Routine| !from.routines.contains(one);
    let text = |one: &Routine| {
        let there = from.routines.iter().any(|old| (old.kind, &old.name) == (one.kind, &one.name));
        let replace = if there && server.flavor == Flavor::MariaDb { "OR REPLACE " } else { "" };
        format!("CREATE {replace}{} {}{}", word(one), write::name(&one.name), one.definition)
    };
    steps(to.routines.iter().filter(differs).map(text))
}

const fn word(routine: &Routine) -> &'static str {
    match routine.kind {
        RoutineKind::Function => "FUNCTION",
        RoutineKind::Procedure => "PROCEDURE",
    }
}
