//! The statements of renames. The server writes a new name into every text that has the old one.

use std::collections::BTreeSet;

use super::name::{quote, text};
use super::{Catalog, Name};
use crate::{Rename, RenameKind, SchemaError, Step};

/// Names that exclude each other: those of one schema, or of one table or type.
type Taken = BTreeSet<(Space, String)>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Space {
    Relations(Option<String>),
    Types(Option<String>),
    Columns(Name),
    Constraints(Name),
    Values(Name),
}

/// The statements of renames: what is inside a table or a type first, since a rename names its
/// parent as it was before any.
///
/// # Errors
/// A name that is not there, or is taken.
pub fn rename(catalog: &Catalog, renames: &[Rename]) -> Result<Vec<Step>, SchemaError> {
    let mut taken = taken(catalog);
    let (inside, outside) = renames.iter().partition(|rename| is_inside(rename));
    let mut steps = Vec::new();
    for all in [inside, outside] {
        let mut open: Vec<&Rename> = all;
        while let Some(first) = open.first().copied() {
            let free = |rename: &&Rename| {
                let names = names(rename, &rename.to);
                rename.to == rename.from || names.iter().all(|name| !taken.contains(name))
            };
            // A chain goes from its end.
            let Some(at) = open.iter().position(free) else {
                return Err(refused(first, "the new name is taken"));
            };
            let next = open.remove(at);
            steps.push(Step::new(statement(catalog, next)?));
            for (old, new) in names(next, &next.from).iter().zip(names(next, &next.to)) {
                if taken.remove(old) {
                    taken.insert(new);
                }
            }
        }
    }
    Ok(steps)
}

fn is_inside(rename: &Rename) -> bool {
    use RenameKind::{Column, Constraint, EnumValue, Index};
    matches!(rename.kind, Column | Constraint | EnumValue | Index)
}

/// What a rename is about: the object itself, or what it is in.
fn place(rename: &Rename) -> Name {
    let name = rename.parent.as_ref().filter(|_| is_inside(rename)).unwrap_or(&rename.from);
    Name { schema: rename.schema.clone(), name: name.clone() }
}

/// Where a name must be free. The index of a constraint has a name among the relations, and a
/// table one among the types.
fn names(rename: &Rename, name: &str) -> Vec<(Space, String)> {
    let (place, schema) = (place(rename), rename.schema.clone());
    let (relations, types) = (Space::Relations(schema.clone()), Space::Types(schema));
    let spaces = match rename.kind {
        RenameKind::Table | RenameKind::View => vec![relations, types],
        RenameKind::Index | RenameKind::Sequence => vec![relations],
        RenameKind::Type => vec![types],
        RenameKind::Column => vec![Space::Columns(place)],
        RenameKind::Constraint => vec![Space::Constraints(place)],
        RenameKind::EnumValue => vec![Space::Values(place)],
    };
    spaces.into_iter().map(|space| (space, name.to_owned())).collect()
}

fn taken(catalog: &Catalog) -> Taken {
    let mut taken = Taken::new();
    let mut add = |space: Space, name: &str| {
        taken.insert((space, name.to_owned()));
    };
    let tables = catalog.tables.keys().chain(catalog.views.keys());
    for name in tables.clone().chain(catalog.sequences.keys()).chain(catalog.indexes.keys()) {
        add(Space::Relations(name.schema.clone()), &name.name);
    }
    for name in tables.chain(super::types::names(catalog)) {
        add(Space::Types(name.schema.clone()), &name.name);
    }
    for (name, table) in &catalog.tables {
        for column in &table.columns {
            add(Space::Columns(name.clone()), &column.name);
        }
        for (constraint, found) in &table.constraints {
            add(Space::Constraints(name.clone()), constraint);
            if found.has_index() {
                add(Space::Relations(name.schema.clone()), constraint);
            }
        }
    }
    for (name, view) in &catalog.views {
        for column in &view.columns {
            add(Space::Columns(name.clone()), &column.name);
        }
    }
    for (name, found) in &catalog.enums {
        for value in &found.values {
            add(Space::Values(name.clone()), value);
        }
    }
    taken
}

fn statement(catalog: &Catalog, rename: &Rename) -> Result<String, SchemaError> {
    let (place, to) = (place(rename), quote(&rename.to));
    let object =
        |there: bool, word: &str| there.then(|| format!("ALTER {word} {place} RENAME TO {to}"));
    let sql = match rename.kind {
        RenameKind::Table => object(catalog.tables.contains_key(&place), "TABLE"),
        RenameKind::View => catalog.views.get(&place).and_then(|view| {
            let word = if view.materialized.is_some() { "MATERIALIZED VIEW" } else { "VIEW" };
            object(true, word)
        }),
        RenameKind::Sequence => object(catalog.sequences.contains_key(&place), "SEQUENCE"),
        RenameKind::Type => {
            let domain = catalog.domains.contains_key(&place);
            let there = super::types::names(catalog).any(|name| *name == place);
            object(there, if domain { "DOMAIN" } else { "TYPE" })
        }
        RenameKind::Column => return column(catalog, rename, &place),
        RenameKind::Constraint => return constraint(catalog, rename, &place),
        RenameKind::Index => {
            let index = place.beside(&rename.from);
            let there = catalog
                .indexes
                .get(&index)
                .is_some_and(|found| rename.parent.is_none() || found.table == place);
            there.then(|| format!("ALTER INDEX {index} RENAME TO {to}"))
        }
        RenameKind::EnumValue => {
            let values = catalog.enums.get(&place).map(|found| found.values.as_slice());
            let there = values.unwrap_or_default().contains(&rename.from);
            let (from, to) = (text(&rename.from), text(&rename.to));
            there.then(|| format!("ALTER TYPE {place} RENAME VALUE {from} TO {to}"))
        }
    };
    sql.ok_or_else(|| refused(rename, "it is not there"))
}

fn column(catalog: &Catalog, rename: &Rename, place: &Name) -> Result<String, SchemaError> {
    let (from, to) = (quote(&rename.from), quote(&rename.to));
    let table = catalog.column(&place.member(&rename.from));
    let view = catalog.views.get(place);
    let viewed = view.is_some_and(|view| view.column(&rename.from).is_some());
    match table {
        Some(column) if column.inherited => {
            Err(refused(rename, "it is inherited, and renamed with that of the parent"))
        }
        None if !viewed => Err(refused(rename, "it is not there")),
        _ => Ok(format!("ALTER TABLE {place} RENAME COLUMN {from} TO {to}")),
    }
}

fn constraint(catalog: &Catalog, rename: &Rename, place: &Name) -> Result<String, SchemaError> {
    let (from, to) = (quote(&rename.from), quote(&rename.to));
    let found = catalog.constraint(&place.member(&rename.from));
    match found.ok_or_else(|| refused(rename, "it is not there"))? {
        // That of a partition has a name of its own only by its index.
        part if part.part_of.is_some() && part.has_index() => {
            Ok(format!("ALTER INDEX {} RENAME TO {to}", place.beside(&rename.from)))
        }
        part if part.part_of.is_some() => {
            Err(refused(rename, "it is inherited, and renamed with that of the parent"))
        }
        _ => Ok(format!("ALTER TABLE {place} RENAME CONSTRAINT {from} TO {to}")),
    }
}

fn refused(rename: &Rename, reason: &str) -> SchemaError {
    let parent = rename.parent.as_ref().map(|parent| format!("{parent}.")).unwrap_or_default();
    SchemaError::Rename {
        from: format!("{parent}{}", rename.from),
        to: rename.to.clone(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postgres::{Column, Enum, Table};

    fn check(renames: &[(RenameKind, &str, &str, &str)], expected: &str) {
        let column = |name: &str| Column { name: name.to_owned(), ..Column::default() };
        let table = Table { columns: vec![column("x"), column("y")], ..Table::default() };
        let values = vec!["p".to_owned(), "q".to_owned()];
        let mut catalog = Catalog::default();
        catalog.tables.insert(Name::own("a"), table.clone());
        catalog.tables.insert(Name::own("b"), table);
        catalog.enums.insert(Name::own("e"), Enum { values, comment: None });
        let rename = |(kind, parent, from, to): &(RenameKind, &str, &str, &str)| Rename {
            kind: *kind,
            schema: None,
            parent: (!parent.is_empty()).then(|| (*parent).to_owned()),
            from: (*from).to_owned(),
            to: (*to).to_owned(),
        };
        let renames: Vec<Rename> = renames.iter().map(rename).collect();
        let shown = match super::rename(&catalog, &renames) {
            Ok(steps) => steps.iter().map(|step| format!("{}; ", step.sql)).collect(),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown.trim_end(), expected);
    }

    #[test]
    fn parts_first_and_chains_from_their_end() {
        use RenameKind::{Column, EnumValue, Table, Type};
        check(
            &[(Table, "", "a", "People"), (Column, "a", "x", "order")],
            "ALTER TABLE a RENAME COLUMN x TO \"order\"; ALTER TABLE a RENAME TO \"People\";",
        );
        check(
            &[(Table, "", "a", "b"), (Table, "", "b", "c")],
            "ALTER TABLE b RENAME TO c; ALTER TABLE a RENAME TO b;",
        );
        check(&[(Table, "", "a", "b")], "cannot rename a to b: the new name is taken");
        check(&[(Table, "", "a", "e")], "cannot rename a to e: the new name is taken");
        check(&[(Column, "a", "x", "y")], "cannot rename a.x to y: the new name is taken");
        check(&[(Column, "a", "z", "w")], "cannot rename a.z to w: it is not there");
        check(&[(EnumValue, "e", "p", "it's")], "ALTER TYPE e RENAME VALUE 'p' TO 'it''s';");
        check(&[(Type, "", "e", "f")], "ALTER TYPE e RENAME TO f;");
        check(&[(Type, "", "e", "a")], "cannot rename e to a: the new name is taken");
    }
}
