//! The order of kinds. Every statement commits by itself, so each must find what it needs.

use super::{events, references, routines, sequences, tables, triggers, views};
use crate::mysql::{Catalog, write};
use crate::{Plan, PlanOptions, SchemaError, Step};

/// The statements that lead from one catalog to another.
///
/// # Errors
/// A change that no statement makes.
pub fn plan(from: &Catalog, to: &Catalog, _options: &PlanOptions) -> Result<Plan, SchemaError> {
    let server = to.server.or(from.server).unwrap_or_default();
    let keys = references::References::of(from, to);
    // What runs by itself goes first: nothing may meet a table that is half changed.
    let mut steps = events::dropped(from, to);
    steps.extend(triggers::dropped(from, to));
    steps.extend(views::dropped(from, to));
    steps.extend(routines::dropped(from, to, server));
    let mut tables = keys.dropped();
    tables.extend(tables::dropped(from, to));
    tables.extend(sequences::made(from, to));
    tables.extend(tables::altered(from, to, server)?);
    tables.extend(tables::created(from, to, &keys, server));
    tables.extend(keys.added(from, to, server));
    tables.extend(sequences::dropped(from, to));
    steps.extend(write::spelled(tables, server));
    steps.extend(routines::made(from, to, server));
    steps.extend(write::spelled(views::made(from, to, server), server));
    steps.extend(triggers::made(from, to));
    steps.extend(events::made(from, to));
    Ok(Plan { steps })
}

/// A step of each text.
pub(super) fn steps(texts: impl IntoIterator<Item = String>) -> Vec<Step> {
    texts.into_iter().map(Step::new).collect()
}
