//! Partitions that their parent's definition says all about.

use super::{Catalog, Column, Constraint, ConstraintKind, Name, Table, serial};

/// Whether `CREATE TABLE … PARTITION OF` makes a partition with every column, constraint and index
/// as it is, under the names they have.
pub(super) fn derived(catalog: &Catalog, name: &Name) -> bool {
    let Some(table) = catalog.tables.get(name) else { return false };
    let Some(part) = &table.partition_of else { return false };
    let Some(parent) = catalog.tables.get(&part.parent) else { return false };
    columns(table, parent)
        && constraints(name, table, parent)
        && indexes(catalog, name, &part.parent)
}

/// Whether a foreign key refers to what a table is a partition of. The server has a part of that
/// key for each partition, and drops none that has one.
pub(super) fn is_referenced(catalog: &Catalog, name: &Name) -> bool {
    let above = |name: &Name| {
        catalog.tables.get(name)?.partition_of.as_ref().map(|part| part.parent.clone())
    };
    let mut whole = std::iter::successors(above(name), above);
    whole.any(|whole| {
        let to_it = |one: &Constraint| one.references.as_ref().is_some_and(|(to, _)| *to == whole);
        catalog.tables.values().any(|table| table.constraints.values().any(to_it))
    })
}

fn columns(table: &Table, parent: &Table) -> bool {
    let given = |column: &Column| Column {
        comment: None,
        inherited: true,
        local: false,
        statistics: None,
        options: Vec::new(),
        ..column.clone()
    };
    let same = |column: &Column| {
        let own = Column { comment: None, ..column.clone() };
        parent.column(&column.name).is_some_and(|above| given(above) == own)
    };
    table.columns.len() == parent.columns.len() && table.columns.iter().all(same)
}

fn constraints(name: &Name, table: &Table, parent: &Table) -> bool {
    let same = |(own, constraint): (&String, &Constraint)| {
        let above =
            constraint.part_of.as_ref().and_then(|above| parent.constraints.get_key_value(above));
        let expected = above.map(|(above, found)| constraint_name(name, above, found));
        // Those of a new table hold at once.
        !constraint.local && !constraint.not_valid() && expected.as_ref() == Some(own)
    };
    let inherited =
        parent.constraints.values().filter(|one| !one.definition.contains(" NO INHERIT"));
    table.constraints.len() == inherited.count() && table.constraints.iter().all(same)
}

/// The name of the part of a constraint in a partition.
pub(super) fn constraint_name(table: &Name, above: &str, constraint: &Constraint) -> String {
    let columns = constraint.columns.join("_");
    match constraint.kind {
        ConstraintKind::Check | ConstraintKind::Foreign => above.to_owned(),
        ConstraintKind::Primary => serial::made_name(&table.name, "", "pkey"),
        ConstraintKind::Unique => serial::made_name(&table.name, &columns, "key"),
        ConstraintKind::Exclusion => serial::made_name(&table.name, &columns, "excl"),
    }
}

fn indexes(catalog: &Catalog, name: &Name, parent: &Name) -> bool {
    let same = |own: &Name| {
        let index = &catalog.indexes[own];
        let above = index.part_of.as_ref().and_then(|above| catalog.indexes.get(above));
        above.is_some_and(|above| index_name(name, &above.columns).as_ref() == Some(own))
    };
    let of = |table: &Name| -> Vec<&Name> {
        let of = catalog.indexes.iter().filter(|(_, index)| index.table == *table);
        of.map(|(name, _)| name).collect()
    };
    let own = of(name);
    own.len() == of(parent).len() && own.into_iter().all(same)
}

/// The name of the part of an index in a partition; none where an expression is among its columns,
/// which has no name of its own.
pub(super) fn index_name(table: &Name, columns: &[Option<String>]) -> Option<Name> {
    let columns: Option<Vec<&str>> = columns.iter().map(Option::as_deref).collect();
    Some(table.beside(serial::made_name(&table.name, &columns?.join("_"), "idx")))
}
