//! Tables: which are dropped, changed and created, and in which order.

use std::collections::BTreeSet;

use super::alter::alter;
use super::matched::matched;
use super::references::References;
use crate::mysql::{Catalog, ForeignKey, Server, Table, hazards, write};
use crate::{Graph, SchemaError, Step};

/// Drops tables, those that refer to others before them. Foreign keys in a circle are gone
/// already.
pub(super) fn dropped(from: &Catalog, to: &Catalog) -> Vec<Step> {
    let gone = matched(&from.tables, &to.tables, |table| &table.name).gone;
    let mut graph = Graph::default();
    gone.iter().for_each(|table| graph.node(table.name.as_str()));
    for table in &gone {
        for key in local(table) {
            graph.edge(&key.table.as_str(), table.name.as_str());
        }
    }
    let order = graph.order().unwrap_or_else(|cycle| {
        let first = gone.iter().map(|table| table.name.as_str());
        let (before, after): (Vec<_>, Vec<_>) = first.partition(|name| !cycle.0.contains(name));
        [before, after].concat()
    });
    order.into_iter().filter_map(|name| from.table(name)).map(drop_step).collect()
}

fn drop_step(table: &Table) -> Step {
    let step = Step::new(format!("DROP TABLE {}", write::name(&table.name)));
    step.hazard(hazards::table_dropped(table))
}

/// Changes the tables that are in both.
pub(super) fn altered(
    from: &Catalog,
    to: &Catalog,
    server: Server,
) -> Result<Vec<Step>, SchemaError> {
    let mut steps = Vec::new();
    for (from, to) in matched(&from.tables, &to.tables, |table| &table.name).both {
        steps.extend(alter(from, to, server)?);
    }
    Ok(steps)
}

/// Creates tables, those that are referred to before those that refer to them.
pub(super) fn created(
    from: &Catalog,
    to: &Catalog,
    references: &References<'_>,
    server: Server,
) -> Vec<Step> {
    let new = matched(&from.tables, &to.tables, |table| &table.name).new;
    let inline = |table: &Table| -> Vec<&ForeignKey> {
        references.inline.iter().filter(|one| one.0 == table.name).map(|one| one.1).collect()
    };
    let order = References::order(&new);
    let find = |name: String| new.iter().find(|table| table.name == name).copied();
    let step = |table: &Table| Step::new(write::create_table(table, &inline(table), server));
    order.into_iter().filter_map(find).map(step).collect()
}

fn local(table: &Table) -> impl Iterator<Item = &ForeignKey> {
    table.foreign_keys.iter().filter(|key| key.schema.is_none())
}

/// The names of tables in a list.
pub(super) fn name_set<'a>(tables: &[&'a Table]) -> BTreeSet<&'a str> {
    tables.iter().map(|table| table.name.as_str()).collect()
}
