//! An order in which objects are made, for those who read it: SQLite takes any.

use std::collections::BTreeSet;

use crate::Graph;
use crate::sqlite::name::fold;
use crate::sqlite::tokens::tokens;
use crate::sqlite::{Rule, Table, View};

/// Tables, those that are referred to first.
pub(super) fn tables(all: Vec<&Table>) -> Vec<&Table> {
    let needs = |table: &Table| {
        let parent = |rule: &Rule| match rule {
            Rule::References { table, .. } => Some(fold(table)),
            _ => None,
        };
        table.rules().filter_map(parent).collect()
    };
    ordered(all, |table| fold(&table.name), needs)
}

/// Views, those that others read first.
pub(super) fn views(all: Vec<&View>) -> Vec<&View> {
    let needs = |view: &View| mentioned(&view.sql);
    ordered(all, |view| fold(&view.name), needs)
}

/// Every name that a text has, folded.
pub(super) fn mentioned(sql: &str) -> BTreeSet<String> {
    tokens(sql).iter().filter_map(|token| token.name()).map(|name| fold(&name)).collect()
}

fn ordered<T: Copy>(
    all: Vec<T>,
    name: impl Fn(T) -> String,
    needs: impl Fn(T) -> BTreeSet<String>,
) -> Vec<T> {
    let mut graph = Graph::default();
    for &one in &all {
        graph.node(name(one));
    }
    for &one in &all {
        for needed in needs(one) {
            graph.edge(&name(one), needed);
        }
    }
    let Ok(order) = graph.order() else { return all };
    let find = |wanted: &String| all.iter().copied().find(|&one| name(one) == *wanted);
    order.iter().filter_map(find).collect()
}
