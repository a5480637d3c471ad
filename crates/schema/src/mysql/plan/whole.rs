//! The order of kinds. Every statement commits by itself, so each must find what it needs.

use super::{events, references, routines, sequences, tables, triggers, views};
use crate::mysql::Catalog;
use crate::{Plan, PlanOptions, SchemaError, Step};

/// The statements that lead from one catalog to another.
///
/// # Errors
/// A change that no statement makes.
pub fn plan(from: &Catalog, to: &Catalog, _options: &PlanOptions) -> Result<Plan, SchemaError> {
    let server = to.server.or(from.server).unwrap_or_default();
    let keys = references::References::of(from, to);
    let mut steps = Vec::new();
    // What runs by itself goes first: nothing may meet a table that is half changed.
    steps.extend(events::dropped(from, to));
    steps.extend(triggers::dropped(from, to));
    steps.extend(views::dropped(from, to));
    steps.extend(routines::dropped(from, to, server));
    steps.extend(keys.dropped());
    steps.extend(tables::dropped(from, to));
    steps.extend(sequences::made(from, to));
    steps.extend(tables::altered(from, to, server)?);
    steps.extend(tables::created(from, to, &keys, server));
    steps.extend(keys.added(from, to, server));
    steps.extend(sequences::dropped(from, to));
    steps.extend(routines::made(from, to, server));
    steps.extend(views::made(from, to, server));
    steps.extend(triggers::made(from, to));
    steps.extend(events::made(from, to));
    Ok(Plan { steps })
}

/// A step of each text.
pub(super) fn steps(texts: impl IntoIterator<Item = String>) -> Vec<Step> {
    texts.into_iter().map(Step::new).collect()
}
