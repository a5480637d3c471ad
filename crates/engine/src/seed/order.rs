//! Files in an order in which what a row refers to is there before it.

use xtask_db_schema::{Graph, Relation};

use super::file::SeedFile;

/// The files' places, each after those of the tables that it refers to. Tables that refer to each
/// other keep the order of their names.
pub(super) fn by_reference(files: &[(&SeedFile, &Relation)]) -> Vec<usize> {
    let mut graph = Graph::default();
    for at in 0..files.len() {
        graph.node(at);
    }
    for (at, (_, relation)) in files.iter().enumerate() {
        for reference in &relation.references {
            let meant = |(_, other): &(&SeedFile, &Relation)| {
                other.name == reference.table && other.schema == reference.schema
            };
            for (needed, _) in files.iter().enumerate().filter(|(_, file)| meant(file)) {
                graph.edge(&at, needed);
            }
        }
    }
    graph.order().unwrap_or_else(|cycle| {
        let rest = cycle.0;
        let free = (0..files.len()).filter(|at| !rest.contains(at));
        free.chain(rest.iter().copied()).collect()
    })
}
