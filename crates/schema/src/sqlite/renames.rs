//! The statements of renames. SQLite writes a new name of a table or column into every text that
//! has the old one. A view or an index holds no rows: it has no statement for it, and the plan
//! drops the one and makes the other.

use std::collections::BTreeMap;

use super::Catalog;
use super::name::{fold, name};
use crate::{Rename, RenameKind, SchemaError, Step};

/// The statements of renames.
///
/// # Errors
/// A name that is not there, or is taken; a kind that SQLite does not know by name.
pub fn rename(catalog: &Catalog, renames: &[Rename]) -> Result<Vec<Step>, SchemaError> {
    let (mut tables, mut columns) = (Vec::new(), BTreeMap::new());
    for rename in renames {
        match rename.kind {
            RenameKind::Table => tables.push(rename),
            RenameKind::Column => {
                let table = fold(rename.parent.as_deref().unwrap_or_default());
                columns.entry(table).or_insert_with(Vec::new).push(rename);
            }
            RenameKind::View if catalog.view(&rename.from).is_some() => {}
            RenameKind::Index if catalog.index(&rename.from).is_some() => {}
            RenameKind::View | RenameKind::Index => return Err(absent(rename)),
            _ => return Err(refused(rename, "SQLite does not know it by a name of its own")),
        }
    }
    let mut steps = Vec::new();
    // A column's table has its old name.
    for (table, renames) in columns {
        let Some(table) = catalog.table(&table) else { return Err(absent(renames[0])) };
        let there = table.columns.iter().map(|column| fold(&column.name)).collect();
        for (from, to) in in_turn(there, &renames)? {
            let table = name(&table.name);
            let sql = format!("ALTER TABLE {table} RENAME COLUMN {} TO {}", name(&from), name(&to));
            steps.push(Step::new(sql));
        }
    }
    for rename in &tables {
        let there =
            catalog.table(&rename.from).is_some() || catalog.virtual_table(&rename.from).is_some();
        if !there {
            return Err(absent(rename));
        }
    }
    for (from, to) in in_turn(taken(catalog), &tables)? {
        steps.push(Step::new(format!("ALTER TABLE {} RENAME TO {}", name(&from), name(&to))));
    }
    Ok(around_broken_views(catalog, steps))
}

fn refused(rename: &Rename, reason: &str) -> SchemaError {
    let (from, to) = (rename.from.clone(), rename.to.clone());
    SchemaError::Rename { from, to, reason: reason.to_owned() }
}

fn absent(rename: &Rename) -> SchemaError {
    refused(rename, "it is not there")
}

/// Every name that a table may not get, folded.
fn taken(catalog: &Catalog) -> Vec<String> {
    let tables = catalog.tables.iter().map(|it| &it.name);
    let others = catalog.virtual_tables.iter().map(|it| &it.name);
    let others = others.chain(catalog.views.iter().map(|it| &it.name));
    let others = others.chain(catalog.indexes.iter().map(|it| &it.name));
    tables.chain(others).map(|name| fold(name)).collect()
}

/// Each rename when its new name is free, so that a chain of them goes from its end.
fn in_turn(
    mut there: Vec<String>,
    renames: &[&Rename],
) -> Result<Vec<(String, String)>, SchemaError> {
    let mut order = Vec::new();
    let mut open: Vec<&Rename> = renames.to_vec();
    while let Some(first) = open.first().copied() {
        let is_free = |rename: &&Rename| {
            let to = fold(&rename.to);
            to == fold(&rename.from) || !there.contains(&to)
        };
        let Some(at) = open.iter().position(is_free) else {
            return Err(refused(first, "the new name is taken"));
        };
        let next = open.remove(at);
        let Some(from) = there.iter().position(|name| *name == fold(&next.from)) else {
            return Err(absent(next));
        };
        there[from] = fold(&next.to);
        order.push((next.from.clone(), next.to.clone()));
    }
    Ok(order)
}

/// SQLite reads every view before it renames, and fails on one that is broken already.
fn around_broken_views(catalog: &Catalog, steps: Vec<Step>) -> Vec<Step> {
    let broken: Vec<_> = catalog.views.iter().filter(|view| view.broken.is_some()).collect();
    if steps.is_empty() || broken.is_empty() {
        return steps;
    }
    let note = "it cannot be read, and a rename reads every view";
    let drop = |name: String| Step::new(format!("DROP VIEW {name}")).note(note);
    let drops = broken.iter().map(|view| drop(name(&view.name)));
    let again = broken.iter().map(|view| Step::new(view.create()));
    drops.chain(steps).chain(again).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::tests::catalog;

    fn check(renames: &[(RenameKind, &str, &str, &str)], expected: &str) {
        let from = catalog(
            "CREATE TABLE a (id int, x int, y int); CREATE TABLE b (id int);
             CREATE VIEW v AS SELECT x FROM a; CREATE INDEX i ON a (x)",
        );
        let rename = |(kind, parent, from, to): &(RenameKind, &str, &str, &str)| Rename {
            kind: *kind,
            schema: None,
            parent: (!parent.is_empty()).then(|| (*parent).to_owned()),
            from: (*from).to_owned(),
            to: (*to).to_owned(),
        };
        let renames: Vec<Rename> = renames.iter().map(rename).collect();
        let shown = match super::rename(&from, &renames) {
            Ok(steps) => steps.iter().map(|step| format!("{};", step.sql)).collect(),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn columns_first_and_chains_from_their_end() {
        use RenameKind::{Column, Constraint, Index, Table, View};
        check(
            &[(Table, "", "a", "People"), (Column, "a", "x", "order")],
            "ALTER TABLE a RENAME COLUMN x TO \"order\";ALTER TABLE a RENAME TO People;",
        );
        check(
            &[(Table, "", "a", "b"), (Table, "", "b", "c")],
            "ALTER TABLE b RENAME TO c;ALTER TABLE a RENAME TO b;",
        );
        check(&[(Table, "", "a", "b")], "cannot rename a to b: the new name is taken");
        check(&[(Table, "", "a", "V")], "cannot rename a to V: the new name is taken");
        check(
            &[(Column, "a", "x", "y"), (Column, "a", "y", "x")],
            "cannot rename x to y: the new name is taken",
        );
        check(&[(Column, "a", "x", "X")], "ALTER TABLE a RENAME COLUMN x TO X;");
        check(&[(Column, "a", "z", "w")], "cannot rename z to w: it is not there");
        check(&[(Column, "z", "x", "w")], "cannot rename x to w: it is not there");
        check(&[(View, "", "v", "w"), (Index, "a", "i", "j")], "");
        check(&[(View, "", "w", "v")], "cannot rename w to v: it is not there");
        check(
            &[(Constraint, "a", "k", "l")],
            "cannot rename k to l: SQLite does not know it by a name of its own",
        );
    }
}
