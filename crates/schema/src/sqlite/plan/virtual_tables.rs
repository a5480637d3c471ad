//! Virtual tables that change. No statement changes one in place. The full-text and R-tree modules
//! can be read whole, so their rows go into the new one; an index over another table's content is
//! built again; of any other module nothing is known that would keep what is in it.

use std::collections::BTreeSet;

use super::hazards;
use crate::Step;
use crate::sqlite::name::{free, name, same, text};
use crate::sqlite::{Catalog, Table, VirtualTable};

/// Modules whose rows can be read and written by their columns and rowid.
const FULL_TEXT: [&str; 3] = ["fts3", "fts4", "fts5"];
/// Modules whose rows can be read and written by their columns.
const R_TREE: [&str; 2] = ["rtree", "rtree_i32"];

/// The statements that replace one by the other, on the way to a catalog.
pub(super) fn replaced(
    target: &Catalog,
    from: &VirtualTable,
    to: &VirtualTable,
    taken: &BTreeSet<String>,
) -> Vec<Step> {
    let drop = Step::new(format!("DROP TABLE {}", name(&from.name)));
    let Some(columns) = copied(from, to) else {
        let create = Step::new(to.create(&to.name));
        if !is_index_of_another(from) || !is_index_of_another(to) {
            let lost = hazards::dropped_table(&from.name);
            return vec![drop.hazard(lost), create];
        }
        if !can_be_built_again(target, to) {
            return vec![drop, create];
        }
        let (table, command) = (name(&to.name), text("rebuild"));
        let rebuild = format!("INSERT INTO {table} ({table}) VALUES ({command})");
        return vec![drop, create, Step::new(rebuild)];
    };
    let new = free(&format!("new_{}", to.name), taken);
    let columns = columns.join(", ");
    let copy = format!(
        "INSERT INTO {} ({columns})\nSELECT {columns}\nFROM {}",
        name(&new),
        name(&from.name)
    );
    vec![
        Step::new(to.create(&new)),
        from.columns
            .iter()
            .filter(|column| !has(to, column))
            .fold(Step::new(copy), |step, lost| {
                step.hazard(hazards::dropped_virtual_column(&from.name, lost))
            }),
        drop,
        Step::new(format!("ALTER TABLE {} RENAME TO {}", name(&new), name(&to.name))),
    ]
}

fn has(table: &VirtualTable, column: &str) -> bool {
    table.columns.iter().any(|own| same(own, column))
}

/// What is copied, when the rows are the table's own on both sides.
fn copied(from: &VirtualTable, to: &VirtualTable) -> Option<Vec<String>> {
    let one_of = |modules: &[&str]| {
        modules.contains(&from.module.as_str()) && modules.contains(&to.module.as_str())
    };
    let owns = |table: &VirtualTable| table.option("content").is_none();
    let common = from.columns.iter().filter(|column| has(to, column)).map(|column| name(column));
    if one_of(&FULL_TEXT) && owns(from) && owns(to) {
        return Some(std::iter::once("rowid".to_owned()).chain(common).collect());
    }
    let common: Vec<String> = common.collect();
    // Without all its coordinates a box is another one.
    (one_of(&R_TREE) && common.len() == to.columns.len()).then_some(common)
}

/// What an index reads is there: the module makes one also of what is not.
fn can_be_built_again(target: &Catalog, index: &VirtualTable) -> bool {
    let Some(content) = index.option("content") else { return false };
    let keyed = |table: &Table| !table.without_rowid || index.option("content_rowid").is_some();
    let has_columns =
        |table: &Table| index.columns.iter().all(|column| table.column(column).is_some());
    target.table(&content).is_some_and(|table| keyed(table) && has_columns(table))
        || target.view(&content).is_some()
}

/// A full-text index of what stands in another table.
pub(super) fn is_index_of_another(table: &VirtualTable) -> bool {
    let content = table.option("content").is_some_and(|content| !content.is_empty());
    content && FULL_TEXT[1..].contains(&table.module.as_str())
}
